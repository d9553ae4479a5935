/** Public keys that somebody else publishes. */
export interface PublishedKeys {
  readonly kids: ReadonlySet<string>;
}

/** Keys as they were fetched once. */
interface Fetched<Keys> {
  readonly keys: Keys;
  /** Seconds for which the server lets them be cached; absent: it does not say. */
  readonly maxAge: number | undefined;
}

/** How keys are fetched and cached. */
export interface CachedKeysProps<Keys> {
  /** @throws Error when they cannot be had. */
  fetch(previous: Keys | undefined): Promise<Fetched<Keys>>;
  /** NumericDate. */
  now(): number;
  /** Seconds without a further fetch after one has failed, while there are no keys at all. */
  readonly failureCoolDown: number;
}

interface Cached<Keys> {
  readonly keys: Keys;
  /** When their fetch began (NumericDate). */
  readonly at: number;
  /** Seconds for which they are fresh. */
  readonly lifetime: number;
}

/** Seconds for which cached keys are used without another fetch, unless their server says less. */
const freshness = 300;
/** Seconds between two fetches, whatever JWTs come in and whatever the server says. */
const coolDown = 30;
/** Seconds after which cached keys are used no longer, if they could not be fetched again. */
const staleLimit = 3600;

/**
 * Fetches the keys of one server and caches them for five minutes. An unknown `kid` has them
 * fetched again, though not within 30 seconds of the last time. A server in trouble is forgiven
 * for an hour, after which nothing verifies.
 * @returns the keys for a JWT that names this `kid`, if any; they may still lack it. It throws what
 *   the last fetch threw, when there are no keys to be had.
 */
export function cachedKeys<Keys extends PublishedKeys>(
  props: CachedKeysProps<Keys>,
): (kid: string | undefined) => Promise<Keys> {
  let cached: Cached<Keys> | undefined;
  let failure: unknown;
  // When the last fetch ended: a slow failure must be followed by a pause, too.
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let inFlight: Promise<void> | undefined;

  const fetchAgain = async (at: number): Promise<void> => {
    try {
      const { keys, maxAge = freshness } = await props.fetch(cached?.keys);
      const lifetime = Math.min(freshness, Math.max(coolDown, maxAge));
      cached = { keys, at, lifetime };
    } catch (error) {
      failure = error;
    } finally {
      attemptedAt = props.now();
      inFlight = undefined;
    }
  };

  return async (kid) => {
    const now = props.now();
    const pause = isUsable(cached, now) ? coolDown : props.failureCoolDown;
    const isPaused = distance(now, attemptedAt) < pause;
    if (isWanted(cached, kid, now) && !isPaused) inFlight ??= fetchAgain(now);
    if (isWanted(cached, kid, now)) await inFlight;
    if (!isUsable(cached, now)) throw failure;
    return cached.keys;
  };
}

/** Whether the keys are too old, or lack this kid, so that a fetch could help. */
function isWanted<Keys extends PublishedKeys>(
  cached: Cached<Keys> | undefined,
  kid: string | undefined,
  now: number,
): boolean {
  if (!isUsable(cached, now)) return true;
  const age = now - cached.at;
  if (age < 0 || age >= cached.lifetime) return true;
  return kid !== undefined && !cached.keys.kids.has(kid);
}

const isUsable = <Keys>(cached: Cached<Keys> | undefined, now: number): cached is Cached<Keys> =>
  cached !== undefined && distance(now, cached.at) <= staleLimit;

/** Seconds between two times, either way: a clock that was put back must not prolong a pause or a cache. */
const distance = (one: number, other: number): number => Math.abs(one - other);
