import { mostPublished } from './key-times.ts';
import { unavailable } from './oauth-error.ts';
import type { PublicJwk } from './public-jwk.ts';

/**
 * Where a signing key is in its life: `pending` is published and does not sign yet, `active`
 * signs, `retired` is published and signs no more, `removed` is off the JWK Set for good.
 */
export const keyStates = ['pending', 'active', 'retired', 'removed'] as const;
export type KeyState = (typeof keyStates)[number];

/**
 * Where a private key is. `kms`: it never leaves KMS. `kms-wrapped`: it is in the ring, encrypted by a
 * key in KMS, and in the memory of the function that signs with it.
 */
export const custodies = ['kms', 'kms-wrapped'] as const;
export type Custody = (typeof custodies)[number];

/** One signing key. All times are NumericDates. */
export interface RingKey {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  /** What KMS calls the key; of a wrapped one: the key that wraps it. */
  readonly key_id: string;
  readonly custody: Custody;
  /** Base64; only of a wrapped one, until it is removed. */
  readonly wrapped_private_key: string | undefined;
  /** JOSE algorithm name; see aws/signing-algorithms.ts. */
  readonly alg: string;
  readonly jwk: PublicJwk;
  readonly state: KeyState;
  /** When it entered the ring, and with it the JWK Set unless it was `removed` at once. */
  readonly published_at: number;
  /** When it began to sign, for the first time. */
  readonly activated_at: number | undefined;
  /** When it ceased to sign. */
  readonly retired_at: number | undefined;
  readonly removed_at: number | undefined;
  /** Whether an administrator revoked it. */
  readonly revoked: boolean;
  /** When KMS deletes it; absent: its deletion is not scheduled. */
  readonly deletes_at: number | undefined;
  /**
   * ARNs, with spaces between, of the roles that its key policy lets sign: one in rings of releases where one
   * function signed. Absent of a wrapped key, and of one that a release
   * made which left it KMS's default policy.
   */
  readonly token_role: string | undefined;
}

/** That a key is about to be made in KMS. Only one that was planned is ever taken for ours. */
export interface KeyPlan {
  /**
   * SHA-256 (base64url) of the random id that the key will carry in a tag. Whoever reads the ring
   * does not learn the id, and cannot tag a key of his own with it.
   */
  readonly id_hash: string;
  /** JOSE algorithm name. */
  readonly alg: string;
  /** NumericDate. */
  readonly planned_at: number;
}

/** The signing keys of a deployment, in the order in which they came. */
export interface KeyRing {
  readonly keys: readonly RingKey[];
  /** Keys to come; absent: none. */
  readonly plans?: readonly KeyPlan[] | undefined;
  /** Grows with each change; 0: nothing is stored yet. */
  readonly revision: number;
}

/** Whether one more key may be published. */
export const hasRoom = (ring: Pick<KeyRing, 'keys'>): boolean =>
  publishedKeys(ring).length < mostPublished;

/** The keys that belong in the JWK Set. */
export function publishedKeys({ keys }: Pick<KeyRing, 'keys'>): readonly RingKey[] {
  return keys.filter(({ state }) => state !== 'removed');
}

/**
 * The one key that signs.
 * @throws RetryLater 503 when there is none or more than one: nothing is signed on a guess.
 */
export function activeKey(ring: KeyRing): RingKey {
  const [active, ...others] = activeKeys(ring);
  if (active && others.length === 0) return active;
  if (!active) throw unavailable('the key ring has no active key');
  throw unavailable(`the key ring has ${others.length + 1} active keys`);
}

/** Whether there is exactly one key that signs. */
export const hasActiveKey = (ring: KeyRing): boolean => activeKeys(ring).length === 1;

const activeKeys = ({ keys }: KeyRing): readonly RingKey[] => inState(keys, 'active');

/** Those of the keys that are in this state. */
export const inState = (keys: readonly RingKey[], state: KeyState): readonly RingKey[] =>
  keys.filter((key) => key.state === state);
