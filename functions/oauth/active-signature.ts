import { type SigningKey, type SigningKeys, signJwt } from './jws.ts';
import { unavailable } from './oauth-error.ts';
import type { Profile } from './profile.ts';

/** What signs with the active key. */
export interface ActiveSigning {
  readonly signingKeys: SigningKeys;
  readonly profile: Profile;
}

/** A JWT of ours, and the key that signed it. */
export interface SignedJwt {
  readonly jwt: string;
  readonly kid: string;
}

/** The key that signs now. @throws RetryLater 503, also while the profile excludes its algorithm */
export async function activeSigningKey({
  signingKeys,
  profile,
}: ActiveSigning): Promise<SigningKey> {
  const key = await signingKeys.active();
  if (!profile.maySign(key.alg))
    throw unavailable(`the profile excludes the active key's ${key.alg}`);
  return key;
}

/**
 * Signs a JWT with a key that was active a moment ago. If signing fails, the key may have just been revoked: the
 * key that is active by then is tried once.
 * @throws RetryLater 503
 */
export async function signActively(
  typ: string,
  claims: object,
  key: SigningKey,
  signing: ActiveSigning,
): Promise<SignedJwt> {
  try {
    return { jwt: await signJwt(typ, claims, key), kid: key.kid };
  } catch (error) {
    const successor = await successorOf(key, error, signing);
    return { jwt: await signJwt(typ, claims, successor), kid: successor.kid };
  }
}

/** The key that is active by now. @throws the error where it is still the same one, or may not sign */
async function successorOf(
  failed: SigningKey,
  error: unknown,
  { signingKeys, profile }: ActiveSigning,
): Promise<SigningKey> {
  const successor = await signingKeys.successorOf(failed).catch(() => undefined);
  if (successor && profile.maySign(successor.alg)) return successor;
  throw error;
}
