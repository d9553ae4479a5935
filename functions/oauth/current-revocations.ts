import { isYounger } from './age.ts';
import { retention } from './key-times.ts';
import type { RevocationLog } from './revocation.ts';
import { type GrowingView, growingView, type RevocationView } from './revocation-view.ts';
import { sharedReading } from './shared-reading.ts';

/** What is revoked, and when its last successful reading began (NumericDate). */
interface ReadRevocations {
  /** It grows with later readings. */
  readonly revoked: RevocationView;
  readonly at: number;
}

/** All revocations of a log, kept in memory. */
export interface CurrentRevocations {
  /**
   * What is revoked when this is asked, or was a second before. If it cannot be read: what was read last.
   * @throws RetryLater 503 when that is too old
   */
  current(): Promise<ReadRevocations>;
}

/** Where revocations are read, and how old they may be. */
export interface CurrentRevocationsProps {
  readonly log: RevocationLog;
  /** NumericDate. */
  readonly now: () => number;
  /** Seconds after its last reading for which a view serves while it cannot be read. */
  readonly oldest: number;
}

/** Seconds that a view is fresh. However many ask, so many seconds are between two readings. */
const freshness = 1;

/**
 * Seconds before the last reading from which the next one begins: an item may have been on its way for so long, or
 * the clocks of Lambda and DynamoDB be apart.
 */
const overlap = 60;

/**
 * Seconds before a reading of everything from which it begins. Nothing counts for longer than a key that was revoked, and
 * DynamoDB may keep for days what has expired.
 */
const longest = retention + overlap;

/** Seconds after which everything is read anew, by which that is forgotten which has expired. */
const wholeAfter = 600;

/** Seconds until that is tried again. */
const wholeAgainAfter = 60;

/** A view, and when its last successful reading began (NumericDate). */
interface Held extends GrowingView {
  at: number;
}

/**
 * Keeps a view of a log, and has it grow by what is new there. All that is there is read once at first, and from time
 * to time beside the requests, which a million of revocations would keep waiting.
 */
export function currentRevocations({
  log,
  now,
  oldest,
}: CurrentRevocationsProps): CurrentRevocations {
  const { readWhole, readMore } = reader(log);
  let held: Held | undefined;
  let failure: { readonly error: unknown; readonly at: number } | undefined;
  const wholeBeside = besides(async (at) => {
    held = await readWhole(at);
  }, now);

  const read = async (at: number): Promise<ReadRevocations> => {
    if (failure && isYounger(failure.at, freshness, at)) throw failure.error;
    try {
      if (held) wholeBeside(at);
      const known = held ? await readMore(held, at) : await readWhole(at);
      held ??= known;
      return answer(known);
    } catch (error) {
      failure = { error, at };
      throw error;
    }
  };
  const share = sharedReading(read, now);
  return {
    async current() {
      if (held && isYounger(held.at, freshness, now())) return answer(held);
      try {
        return await share();
      } catch (error) {
        if (held && isYounger(held.at, oldest, now())) return answer(held);
        throw error;
      }
    },
  };
}

const answer = ({ view, at }: Held): ReadRevocations => ({ revoked: view, at });

/** A reading of everything that has not come to its end. */
interface Unfinished {
  readonly growing: GrowingView;
  readonly at: number;
  /** From where it goes on. */
  since: number;
}

/** Reads a log. A reading of everything that has failed goes on there: where it is long, it would never end otherwise. */
function reader(log: RevocationLog) {
  let unfinished: Unfinished | undefined;
  let versions = 0;
  const newVersion = () => {
    versions += 1;
    return versions;
  };
  const readInto = async ({ add }: GrowingView, since: number): Promise<void> => {
    for await (const page of log.since(since)) for (const revocation of page) add(revocation);
  };
  const readMore = async (known: Held, at: number): Promise<Held> => {
    await readInto(known, Math.min(known.at, at) - overlap);
    known.at = at;
    return known;
  };
  const begunWhole = (at: number): Unfinished => {
    const age = unfinished ? at - unfinished.at : -1;
    if (age < 0 || age >= wholeAfter) unfinished = undefined;
    unfinished ??= { growing: growingView(newVersion), at, since: at - longest };
    return unfinished;
  };
  return {
    readMore,
    async readWhole(at: number): Promise<Held> {
      const begun = begunWhole(at);
      for await (const page of log.since(begun.since)) {
        for (const revocation of page) begun.growing.add(revocation);
        begun.since = page.at(-1)?.revoked_at ?? begun.since;
      }
      unfinished = undefined;
      const known = { ...begun.growing, at: begun.at };
      return begun.at === at ? known : await readMore(known, at);
    },
  };
}

/**
 * Has work done from time to time that nobody waits for. If it fails, it is tried again.
 * @returns what is called whenever it may be time
 */
function besides(work: (at: number) => Promise<void>, now: () => number): (at: number) => void {
  let next = now() + wholeAfter;
  return (at) => {
    if (at < next) return;
    next = Number.POSITIVE_INFINITY;
    work(at).then(
      () => {
        next = at + wholeAfter;
      },
      () => {
        next = at + wholeAgainAfter;
      },
    );
  };
}
