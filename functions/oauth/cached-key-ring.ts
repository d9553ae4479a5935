import type { KeyRing } from './key-ring.ts';
import { jwkSetMaxAge } from './key-times.ts';
import { unavailable } from './oauth-error.ts';

/** Where the key ring is read from. */
export interface KeyRingSource {
  /** Reads it as it is now; the empty ring when there is none yet. */
  load(): Promise<KeyRing>;
}

/** A key ring, and when it was read (NumericDate). */
interface ReadKeyRing {
  readonly ring: KeyRing;
  readonly at: number;
}

/** The key ring of a function that reads it much more often than it changes. */
export interface CachedKeyRing {
  /**
   * The cached ring, or the ring as it is now where that is too old.
   * @throws RetryLater 503 when it cannot be read and the cached one is too old
   */
  current(): Promise<ReadKeyRing>;
  /** The ring as it is now. @throws RetryLater 503 when it cannot be read */
  reread(): Promise<ReadKeyRing>;
}

/**
 * Caches the ring for `freshness` seconds. Requests that find it too old share one read. While the
 * registry is in trouble, the cached ring serves until it is five minutes old: verifiers may cache a
 * JWK Set for as long, so an older ring does no harm that theirs does not.
 */
export function cachedKeyRing(
  source: KeyRingSource,
  { now, freshness }: { readonly now: () => number; readonly freshness: number },
): CachedKeyRing {
  let cached: ReadKeyRing | undefined;
  let reading: Promise<ReadKeyRing> | undefined;

  const read = async (): Promise<ReadKeyRing> => {
    const at = now();
    try {
      cached = { ring: await source.load(), at };
      return cached;
    } catch (error) {
      throw unavailable(error);
    } finally {
      reading = undefined;
    }
  };
  // A negative age: the clock was put back, which must not prolong the cache.
  const isYounger = ({ at }: ReadKeyRing, than: number): boolean => {
    const age = now() - at;
    return age >= 0 && age < than;
  };

  return {
    async current() {
      if (cached && isYounger(cached, freshness)) return cached;
      reading ??= read();
      try {
        return await reading;
      } catch (error) {
        if (cached && isYounger(cached, jwkSetMaxAge)) return cached;
        throw error;
      }
    },
    reread() {
      reading ??= read();
      return reading;
    },
  };
}
