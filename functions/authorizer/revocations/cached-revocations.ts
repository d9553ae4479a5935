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
 * Keeps what was taken back, and gets it anew when half of its time is over, beside the requests; one that finds it
 * older than `maxAge` waits. All requests share one try. While none succeeds, what is known serves for the grace.
 *
 * Lambda freezes an instance between requests, a try that is on its way with it. So the age counts from when a try
 * began, and what has come of a try that was frozen counts for that time: neither its failure, nor its success, nor
 * its silence keeps the next request from trying anew.
 */
export function cachedRevocations(props: CachedRevocationsProps): Revocations {
  const { load, clocks, timeLimit, maxAge, grace, onStale } = props;
  let held: Held | undefined;
  let trying: Try | undefined;
  let failure: { readonly cause: unknown; readonly at: Moment } | undefined;

  const heldAge = (): number => (held ? age(held.at, clocks) : Number.POSITIVE_INFINITY);
  const hasFailedWithin = (time: number): boolean =>
    failure !== undefined && age(failure.at, clocks) < time;
  const isOverdue = (at: Moment): boolean => age(at, clocks) > timeLimit + slack;

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
  /** The try that is on its way, or a new one; undefined: one has just failed. */
  const tryAgain = (): Try | undefined => {
    if (trying && !isOverdue(trying.at)) return trying;
    trying = undefined;
    if (hasFailedWithin(coolDown)) return undefined;
    const at = momentOf(clocks);
    trying = { at, done: tryBegunAt(at) };
    return trying;
  };
  /** Whether to wait would not help: the last try has failed, and what is known will do. */
  const needNotWait = (): boolean =>
    hasFailedWithin(maxAge) && (heldAge() < maxAge + grace || onStale === 'allow');
  const waitFor = async (asked: Moment): Promise<void> => {
    while (heldAge() >= maxAge && !needNotWait()) {
      const one = tryAgain();
      await one?.done;
      if (one === undefined || one.at.monotonic >= asked.monotonic) return;
    }
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
      if (heldAge() >= maxAge / 2) tryAgain();
      if (heldAge() >= maxAge) await waitFor(asked);
      return known(asked);
    },
  };
}

const isSince = (at: Moment, asked: Moment): boolean =>
  at.monotonic >= asked.monotonic && at.wall >= asked.wall;
