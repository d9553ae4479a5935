/** Public keys that somebody else publishes. */
export interface PublishedKeys {
  readonly kids: ReadonlySet<string>;
}

/** Keys as they were fetched once. */
interface Fetched<Keys> {
  readonly keys: Keys;
  /** Seconds for which the server lets them be kept; absent: it does not say. */
  readonly maxAge: number | undefined;
}

/** How keys are fetched and held. */
export interface CachedKeysProps<Keys> {
  /** @throws Error when they cannot be had. */
  fetch(previous: Keys | undefined): Promise<Fetched<Keys>>;
  /** NumericDate. */
  now(): number;
  /** Seconds for which a failure is believed while there are no keys at all. */
  readonly failureCoolDown: number;
}

interface Held<Keys> {
  readonly keys: Keys;
  /** NumericDate. */
  readonly at: number;
  /** NumericDate. */
  readonly freshUntil: number;
}

/** Seconds for which fetched keys are used unasked, unless their server says less. */
const freshness = 300;
/** Seconds between two fetches, whatever JWTs come in and whatever the server says. */
const coolDown = 30;
/** Seconds after which keys that could not be fetched anew are used no longer. */
const staleLimit = 3600;

/**
 * Fetches the keys of one server and keeps them for five minutes. An unknown `kid` has them
 * fetched again, though not within 30 seconds of the last time. A server in trouble is forgiven
 * for an hour, after which nothing verifies.
 * @returns the keys for a JWT that names this `kid`, if any; they may still lack it. It throws what
 *   the last fetch threw, when there are no keys to be had.
 */
export function cachedKeys<Keys extends PublishedKeys>(
  props: CachedKeysProps<Keys>,
): (kid: string | undefined) => Promise<Keys> {
  let held: Held<Keys> | undefined;
  let failure: unknown;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let inFlight: Promise<void> | undefined;

  const fetchAgain = async (at: number): Promise<void> => {
    attemptedAt = at;
    try {
      const { keys, maxAge = freshness } = await props.fetch(held?.keys);
      const lifetime = Math.min(freshness, Math.max(coolDown, maxAge));
      held = { keys, at, freshUntil: at + lifetime };
    } catch (error) {
      failure = error;
    } finally {
      inFlight = undefined;
    }
  };

  return async (kid) => {
    const now = props.now();
    const pause = isUsable(held, now) ? coolDown : props.failureCoolDown;
    if (isWanted(held, kid, now) && now - attemptedAt >= pause) inFlight ??= fetchAgain(now);
    if (isWanted(held, kid, now)) await inFlight;
    if (!isUsable(held, now)) throw failure;
    return held.keys;
  };
}

/** Whether a fetch could help. */
function isWanted<Keys extends PublishedKeys>(
  held: Held<Keys> | undefined,
  kid: string | undefined,
  now: number,
): boolean {
  if (!isUsable(held, now) || now >= held.freshUntil) return true;
  return kid !== undefined && !held.keys.kids.has(kid);
}

const isUsable = <Keys>(held: Held<Keys> | undefined, now: number): held is Held<Keys> =>
  held !== undefined && now - held.at <= staleLimit;
