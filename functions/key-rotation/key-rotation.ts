import type { KeysInKms } from '../aws/keys-in-kms.ts';
import type { SigningAlgorithmName } from '../aws/signing-algorithms.ts';
import type { Audit } from '../oauth/audit.ts';
import type { RingKey } from '../oauth/key-ring.ts';
import type { KeyRingStore } from '../oauth/key-ring-store.ts';

/** What the deployment wants of its signing keys. */
export interface KeySettings {
  /** The algorithm that new keys are made for. */
  readonly alg: SigningAlgorithmName;
  /** ARN of the key in KMS that wraps their private halves; absent: these never leave KMS. */
  readonly wrappingKey: string | undefined;
  /** Seconds that a key signs before the next one is made. */
  readonly rotationInterval: number;
  /**
   * Whether the JWK Set may have keys of two families while the algorithm changes. If not, the
   * old ones leave it at the moment when the new one enters.
   */
  readonly mixedFamilies: boolean;
}

/** Whether a key is of the kind that the deployment wants. */
export function isAsWanted(
  { key_id, custody, ...key }: RingKey,
  { alg, wrappingKey }: KeySettings,
): boolean {
  const wrapper = custody === 'kms-wrapped' ? key_id : undefined;
  return key.alg === alg && wrapper === wrappingKey;
}

/** What the key rotation works with. */
export interface KeyRotation {
  readonly keyRing: KeyRingStore;
  readonly kms: KeysInKms;
  readonly settings: KeySettings;
  /** NumericDate. */
  readonly now: () => number;
  /** Hears of each change of a key, and how each command ended. */
  readonly audit: Audit;
}
