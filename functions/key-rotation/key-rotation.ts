import type { SigningAlgorithmName } from '../aws/signing-algorithms.ts';
import type { Audit } from '../oauth/audit.ts';
import type { KeyRingStore } from './key-ring-store.ts';
import type { KeysInKms } from './keys-in-kms.ts';

/** What the deployment wants of its signing keys. */
export interface KeySettings {
  /** The algorithm that new keys are made for. */
  readonly alg: SigningAlgorithmName;
  /** Seconds that a key signs before the next one is made. */
  readonly rotationInterval: number;
  /**
   * Whether the JWK Set may have keys of two families while the algorithm changes. If not, the
   * old ones leave it at the moment when the new one enters.
   */
  readonly mixedFamilies: boolean;
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
