import { type SigningKeys, signJwt } from '../oauth/jws.ts';
import { unavailable } from '../oauth/oauth-error.ts';
import type { Profile } from '../oauth/profile.ts';
import type { AccessTokenClaims } from './access-token.ts';

/** An access token, and the key that signed it. */
export interface SignedAccessToken {
  readonly access_token: string;
  readonly kid: string;
}

/** What signs, and what may. */
interface Signing {
  readonly signingKeys: SigningKeys;
  readonly profile: Profile;
}

/**
 * Signs an access token with the active key (RFC 9068 §2.1). Where that fails, the key may have
 * been revoked or disabled a moment ago: if another one signs by now, it is tried, once.
 * @throws RetryLater 503; also while the active key's algorithm is one that the profile excludes
 */
export async function signAccessToken(
  claims: AccessTokenClaims,
  { signingKeys: keys, profile }: Signing,
): Promise<SignedAccessToken> {
  const key = await keys.active();
  const { kid, alg } = key;
  if (!profile.maySign(alg)) throw unavailable(`the profile excludes the active key's ${alg}`);
  try {
    return { access_token: await signJwt('at+jwt', claims, key), kid };
  } catch (error) {
    const successor = await keys.successorOf(key).catch(() => undefined);
    if (!successor || !profile.maySign(successor.alg)) throw error;
    return { access_token: await signJwt('at+jwt', claims, successor), kid: successor.kid };
  }
}
