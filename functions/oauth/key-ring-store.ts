import type { KeyRingSource } from './cached-key-ring.ts';
import type { KeyRing } from './key-ring.ts';

/** Where the key ring is kept. */
export interface KeyRingStore extends KeyRingSource {
  /**
   * Replaces the ring of the revision before this one.
   * @returns false when somebody else has changed it meanwhile; nothing is written then
   */
  store(ring: KeyRing): Promise<boolean>;
}
