import type { RingKey } from '../oauth/key-ring.ts';
import type { PublicJwk } from '../oauth/public-jwk.ts';
import type { SigningAlgorithmName } from './signing-algorithms.ts';

/** A KMS key that carries this deployment's tag, whoever has set it. */
export interface TaggedKey {
  readonly key_id: string;
  /** The algorithm that it was made for, as its tag says; empty: it has no such tag. */
  readonly alg: string;
  /** The id of the plan that it was made by, as its tag says; empty: it has no such tag. */
  readonly plan: string;
}

/** How a key stands in KMS. */
export interface KeyStanding {
  /**
   * Whether it can sign with its algorithm: `unusable` if it is disabled or of a kind that we do not
   * make, `leaving` if KMS is to delete it, `missing` if KMS has none, or has made it so recently
   * that it does not know it everywhere yet, `untold` if we may not ask, which a key's policy can say.
   */
  readonly standing: 'usable' | 'unusable' | 'leaving' | 'missing' | 'untold';
  /** When it was made (NumericDate); 0 for a key that is missing or untold. */
  readonly created_at: number;
}

/** A key pair that signs, however it is kept. */
export type KeyPair = Pick<RingKey, 'key_id' | 'custody' | 'wrapped_private_key' | 'jwk'>;

/** A key whose standing is asked for; without a custody it is one in KMS. */
export type AskedKey = Pick<RingKey, 'key_id' | 'alg'> & Partial<Pick<RingKey, 'custody'>>;

/** Seconds for which KMS may not know everywhere yet that it has made a key. */
export const kmsIsSlow = 300;

/** The signing keys in KMS. */
export interface KeysInKms {
  /** Makes a key with this deployment's tags and policy, and gives what KMS calls it. */
  create(alg: SigningAlgorithmName, plan: string): Promise<string>;
  /** Gives a key of ours the policy that a new one gets. */
  setPolicy(key_id: string, alg: string): Promise<void>;
  publicJwk(key_id: string, alg: string): Promise<PublicJwk>;
  /** Makes a key pair of which KMS keeps nothing, its private half wrapped by the key with this ARN. */
  wrapKeyPair(alg: SigningAlgorithmName, wrappingKey: string): Promise<KeyPair>;
  /** For a wrapped key: how the key stands that wraps it. */
  standing(key: AskedKey): Promise<KeyStanding>;
  /** All keys with this deployment's tag, others' as well; one that was just made may still be missing. */
  tagged(): Promise<readonly TaggedKey[]>;
  /**
   * Has a key deleted in 30 days, or leaves it to an earlier date.
   * @returns when (NumericDate); absent: KMS has no such key, or does not know it yet
   */
  scheduleDeletion(key_id: string): Promise<number | undefined>;
}
