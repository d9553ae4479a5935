import { reason } from '../../oauth/audit.ts';
import { unavailable } from '../../oauth/oauth-error.ts';
import type { Revoked } from '../../oauth/revoked.ts';
import { age, type Clocks, type Moment, momentOf } from './clocks.ts';
import type { OnStaleRevocations } from './environment.ts';
import { type KnownRevocations, nothingRevoked, type Revocations } from './revocations.ts';
import { within } from './within.ts';

/**
 * Gets all that was taken back until this call.
 * @throws Error when it cannot be had
 */
export type LoadRevocations = (signal: AbortSignal) => Promise<Revoked>;

/** How old what is known may be. All times are milliseconds. */
export interface Staleness {
  /** What was taken back longer ago is known. */
  readonly maxAge: number;
  /** How much older it may be while nothing newer can be had. */
  readonly grace: number;
  readonly onStale: OnStaleRevocations;
}

/** How it is got. */
export interface CachedRevocationsProps extends Staleness {
  readonly load: LoadRevocations;
  readonly clocks: Clocks;
  /** Milliseconds for one try. */
  readonly timeLimit: number;
}

/** What was got by the last try that succeeded, and when that began. */
interface Held {
  readonly known: KnownRevocations;
  readonly at: Moment;
}

/** A try, when it began, and the end of it, whatever comes of it. */
interface Try {
  readonly at: Moment;
  readonly done: Promise<void>;
}

/** Milliseconds for which nobody tries again after a try that has failed. */
const coolDown = 1000;

/** Milliseconds that a busy instance may be late in giving up a try. One that takes longer was frozen in between. */
const slack = 1000;

/**
 * Keeps what was taken back for `maxAge`. The first request that finds it older gets it anew, and the others wait with
 * it. While that fails, what is known serves for the grace: one request in a second tries, and the others go on.
 *
 * Nothing is got that no request waits for. Lambda freezes an instance between requests, and what is on its way would
 * fail for that. If an instance is frozen all the same, the age counts from when a try began, and neither the
 * success of that try, nor its failure, nor its silence keeps the next request from trying anew.
 */
export function cachedRevocations(props: CachedRevocationsProps): Revocations {
  const { load, clocks, timeLimit, maxAge, grace, onStale } = props;
  let held: Held | undefined;
  let trying: Try | undefined;
  let failure: { readonly cause: unknown; readonly at: Moment } | undefined;

  const heldAge = (): number => (held ? age(held.at, clocks) : Number.POSITIVE_INFINITY);
  const isOverdue = (at: Moment): boolean => age(at, clocks) > timeLimit + slack;
  /** Whether what is known will do, since the issuer has not answered of late. */
  const mayGoOn = (): boolean =>
    failure !== undefined && (heldAge() < maxAge + grace || onStale === 'allow');

  const tryBegunAt = async (at: Moment): Promise<void> => {
    const outcome = await within(timeLimit, load).then(
      (revoked) => ({ revoked }),
      (cause: unknown) => ({ cause }),
    );
    // Another may have taken its place.
    if (trying?.at !== at) return;
    trying = undefined;
    if ('revoked' in outcome) {
      held = { known: { revoked: outcome.revoked, isStale: false }, at };
      failure = undefined;
    } else if (!isOverdue(at)) {
      failure = { cause: outcome.cause, at: momentOf(clocks) };
    }
  };
  const tryAgain = async (): Promise<void> => {
    if (failure && age(failure.at, clocks) < coolDown) return;
    const at = momentOf(clocks);
    trying = { at, done: tryBegunAt(at) };
    await trying.done;
  };
  const isNewEnough = (asked: Moment): boolean =>
    heldAge() < maxAge || (held !== undefined && isSince(held.at, asked));
  const waitForNewer = async (asked: Moment): Promise<void> => {
    if (!trying || isOverdue(trying.at)) return tryAgain();
    if (mayGoOn()) return;
    await trying.done;
    // It may have begun too early for this request. If it has failed, that counts for this one, too.
    if (!failure && !isNewEnough(asked)) await waitForNewer(asked);
  };
  const known = (asked: Moment): KnownRevocations => {
    // What was got for this very request is never too old for it.
    if (held && (heldAge() < maxAge + grace || isSince(held.at, asked))) return held.known;
    if (onStale === 'allow') {
      return { revoked: held?.known.revoked ?? nothingRevoked, isStale: true };
    }
    const why = failure ? reason(failure.cause) : 'what is known is too old';
    throw unavailable(new Error(`nobody knows what was taken back: ${why}`));
  };
  return {
    async current() {
      const asked = momentOf(clocks);
      if (heldAge() >= maxAge) await waitForNewer(asked);
      return known(asked);
    },
  };
}

const isSince = (at: Moment, asked: Moment): boolean =>
  at.monotonic >= asked.monotonic && at.wall >= asked.wall;
