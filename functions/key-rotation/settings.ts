import type { KeysInKms } from '../aws/keys-in-kms.ts';
import { isSigningAlgorithm, type SigningAlgorithmName } from '../aws/signing-algorithms.ts';
import type { Audit } from '../oauth/audit.ts';
import type { RingKey } from '../oauth/key-ring.ts';
import type { KeyRingStore } from '../oauth/key-ring-store.ts';
import type { RevocationStore } from '../oauth/revocation.ts';
import type { KeyRotationEnvironment } from './environment.ts';

/** What the key rotation works with. */
export interface KeyRotation {
  readonly keyRing: KeyRingStore;
  readonly kms: KeysInKms;
  /** Where revoked keys are noted, for the revocation list. */
  readonly revocations: Pick<RevocationStore, 'note'>;
  readonly settings: KeySettings;
  /** NumericDate. */
  readonly now: () => number;
  /** Makes the random id of a plan. */
  readonly newPlanId: () => string;
  /** Hears of each change of a key, and how each command ended. */
  readonly audit: Audit;
}

/** What the deployment wants of its signing keys. */
export interface KeySettings {
  /** The algorithm that new keys are made for. */
  readonly alg: SigningAlgorithmName;
  /** ARN of the key in KMS that wraps their private halves; absent: these never leave KMS. */
  readonly wrappingKey: string | undefined;
  /** ARNs, with spaces between, of the roles that the policies of keys in KMS are to let sign. */
  readonly tokenRole: string;
  /** Seconds that a key signs before the next one is made. */
  readonly rotationInterval: number;
  /**
   * Whether the JWK Set may have keys of two families while the algorithm changes. If not, the
   * old ones leave it at the moment when the new one enters.
   */
  readonly mixedFamilies: boolean;
}

/**
 * Whether a key has the algorithm and the custody that the deployment wants. One in KMS with the default
 * policy is not as wanted: whoever has `kms:Sign` for all keys of the account signs with it.
 */
export function isAsWanted(
  { key_id, custody, token_role, ...key }: RingKey,
  { alg, wrappingKey }: KeySettings,
): boolean {
  const isWrapped = custody === 'kms-wrapped';
  const wrapper = isWrapped ? key_id : undefined;
  return key.alg === alg && wrapper === wrappingKey && (isWrapped || token_role !== undefined);
}

/** The ARNs of a text with spaces between. */
export const rolesIn = (text: string): readonly string[] => text.split(' ');

const roleArn = /^arn:[^:]+:iam::\d{12}:role\/./;

/** The variables that say what the deployment wants of its signing keys, as they are found. */
type Variables = {
  readonly [Name in SettingName]: string;
};
type SettingName = Exclude<
  keyof KeyRotationEnvironment,
  'REGISTRY_TABLE' | 'REVOCATIONS_TABLE' | 'ROTATION_ROLE' | 'DEPLOYMENT'
>;

/**
 * Reads the settings of the key rotation.
 * @throws Error that names the variable which cannot be right
 */
export function parseSettings(variables: Variables): KeySettings {
  const { SIGNING_ALGORITHM: alg, KEY_ROTATION_DAYS, KEY_FAMILIES, WRAPPING_KEY } = variables;
  const { TOKEN_ROLE: tokenRole } = variables;
  const rotationInterval = Math.round(Number(KEY_ROTATION_DAYS) * secondsInDay);
  if (!isSigningAlgorithm(alg)) throw wrong('SIGNING_ALGORITHM');
  if (!(rotationInterval > 0)) throw wrong('KEY_ROTATION_DAYS');
  if (KEY_FAMILIES !== 'one' && KEY_FAMILIES !== 'mixed') throw wrong('KEY_FAMILIES');
  if (!rolesIn(tokenRole).every((role) => roleArn.test(role))) throw wrong('TOKEN_ROLE');
  const mixedFamilies = KEY_FAMILIES === 'mixed';
  const wrappingKey = WRAPPING_KEY === 'none' ? undefined : WRAPPING_KEY;
  return { alg, wrappingKey, tokenRole, rotationInterval, mixedFamilies };
}

const secondsInDay = 86_400;

const wrong = (name: SettingName): Error => new Error(`the environment variable ${name} is wrong`);
