import { randomBytes } from 'node:crypto';
import type { NonceKeys } from '../../../functions/oauth/dpop-nonce.ts';

/** NonceKeys in memory. One object stands for the store: all that share it get the same keys. */
export function memoryNonceKeys(): NonceKeys {
  const keys = new Map<number, Uint8Array>();
  return {
    async ofPeriod(period) {
      const key = keys.get(period) ?? randomBytes(32);
      keys.set(period, key);
      return key;
    },
  };
}
