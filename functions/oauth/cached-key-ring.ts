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
   * The ring as it was a moment ago.
   * @throws RetryLater 503 when it cannot be read and the one held is too old
   */
  current(): Promise<ReadKeyRing>;
  /** The ring as it is now. @throws RetryLater 503 when it cannot be read */
  reread(): Promise<ReadKeyRing>;
}

/**
 * Holds the ring for `freshness` seconds. Requests that find it too old share one read. A registry
 * in trouble is forgiven until the ring is five minutes old: until then nothing that a change of
 * it forbids can do harm, since others may hold an older JWK Set for as long.
 */
export function cachedKeyRing(
  source: KeyRingSource,
  { now, freshness }: { readonly now: () => number; readonly freshness: number },
): CachedKeyRing {
  let held: ReadKeyRing | undefined;
  let reading: Promise<ReadKeyRing> | undefined;

  const read = async (): Promise<ReadKeyRing> => {
    const at = now();
    try {
      held = { ring: await source.load(), at };
      return held;
    } catch (error) {
      throw unavailable(error);
    } finally {
      reading = undefined;
    }
  };
  const isYounger = (than: number): boolean => held !== undefined && now() - held.at < than;

  return {
    async current() {
      if (held && isYounger(freshness)) return held;
      reading ??= read();
      try {
        return await reading;
      } catch (error) {
        if (held && isYounger(jwkSetMaxAge)) return held;
        throw error;
      }
    },
    reread() {
      reading ??= read();
      return reading;
    },
  };
}
