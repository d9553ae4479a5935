import type { KeyRing } from '../../../functions/oauth/key-ring.ts';
import type { KeyRingStore } from '../../../functions/oauth/key-ring-store.ts';

/** A KeyRingStore in memory. One object stands for the store: all that share it change one ring. */
export function memoryKeyRing(initial: KeyRing = { keys: [], revision: 0 }): KeyRingStore {
  let stored = initial;
  return {
    load: async () => stored,
    async store(ring) {
      if (ring.revision !== stored.revision + 1) return false;
      stored = ring;
      return true;
    },
  };
}
