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
  /** Seconds without a further fetch after the last one, while the cached keys fall short. */
  readonly coolDown: number;
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
/** Seconds between two fetches because of their age, whatever the server says. */
const minFreshness = 30;
/** Seconds after which cached keys are used no longer, if they could not be fetched again. */
const staleLimit = 3600;

/** Whether keys are not what is needed, so that newer ones could help. */
type FallShort<Keys> = (keys: Keys) => boolean;

/**
 * Fetches the keys of one server and caches them for five minutes. Where they fall short they are
 * fetched again, though not within the cool-down since the last time. A server in trouble is forgiven
 * for an hour, after which nothing verifies.
 * @returns the keys, if there are any; they may still fall short. It throws what the last fetch threw,
 *   when there are no keys to be had. Who has a good reason to think that there are newer ones may shorten the
 *   cool-down.
 */
export function cachedKeys<Keys>(
  props: CachedKeysProps<Keys>,
): (fallShort: FallShort<Keys>, coolDown?: number) => Promise<Keys> {
  let cached: Cached<Keys> | undefined;
  let failure: unknown;
  // When the last fetch ended: a slow failure must be followed by a pause, too.
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let inFlight: Promise<void> | undefined;

  const fetchAgain = async (at: number): Promise<void> => {
    try {
      const { keys, maxAge = freshness } = await props.fetch(cached?.keys);
      const lifetime = Math.min(freshness, Math.max(minFreshness, maxAge));
      cached = { keys, at, lifetime };
    } catch (error) {
      failure = error;
    } finally {
      attemptedAt = props.now();
      inFlight = undefined;
    }
  };

  /** Seconds since the last fetch after which a further one may help; undefined: none is needed. */
  const pauseBefore = (
    now: number,
    fallShort: FallShort<Keys>,
    coolDown: number,
  ): number | undefined => {
    if (!isUsable(cached, now)) return props.failureCoolDown;
    if (fallShort(cached.keys)) return coolDown;
    return isOld(cached, now) ? minFreshness : undefined;
  };

  return async (fallShort, coolDown = props.coolDown) => {
    const now = props.now();
    const pause = pauseBefore(now, fallShort, coolDown);
    if (pause !== undefined) {
      if (distance(now, attemptedAt) >= pause) inFlight ??= fetchAgain(now);
      await inFlight;
    }
    if (!isUsable(cached, now)) throw failure;
    return cached.keys;
  };
}

function isOld({ at, lifetime }: Cached<unknown>, now: number): boolean {
  const age = now - at;
  return age < 0 || age >= lifetime;
}

const isUsable = <Keys>(cached: Cached<Keys> | undefined, now: number): cached is Cached<Keys> =>
  cached !== undefined && distance(now, cached.at) <= staleLimit;

/** Seconds between two times, either way: a clock that was put back must not prolong a pause or a cache. */
const distance = (one: number, other: number): number => Math.abs(one - other);
