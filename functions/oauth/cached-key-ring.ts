import { isYounger } from './age.ts';
import type { KeyRing } from './key-ring.ts';
import { jwkSetMaxAge } from './key-times.ts';
import { unavailable } from './oauth-error.ts';
import { sharedReading } from './shared-reading.ts';

/** Where the key ring is read from. */
export interface KeyRingSource {
  /** Reads it as it is now; the empty ring when there is none yet. */
  load(): Promise<KeyRing>;
}

/** A key ring, and when its reading began (NumericDate). */
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
  const reread = sharedReading(async (at): Promise<ReadKeyRing> => {
    try {
      cached = { ring: await source.load(), at };
      return cached;
    } catch (error) {
      throw unavailable(error);
    }
  }, now);
  return {
    async current() {
      if (cached && isYounger(cached.at, freshness, now())) return cached;
      try {
        return await reread();
      } catch (error) {
        if (cached && isYounger(cached.at, jwkSetMaxAge, now())) return cached;
        throw error;
      }
    },
    reread,
  };
}
