import { type SigningKey, type SigningKeys, signJwt } from '../oauth/jws.ts';
import { unavailable } from '../oauth/oauth-error.ts';
import type { Profile } from '../oauth/profile.ts';
import type { AccessTokenClaims } from './access-token.ts';
import type { TokenReuse } from './token-reuse.ts';

/** An access token, what it says, and the key that signed it. */
export interface SignedAccessToken {
  readonly access_token: string;
  readonly claims: AccessTokenClaims;
  readonly kid: string;
}

/** What signing works with. */
export interface Signing {
  readonly signingKeys: SigningKeys;
  readonly profile: Profile;
  readonly reuse: TokenReuse;
}

/**
 * Signs an access token with the active key (RFC 9068 §2.1), or reuses a token of that key with the same
 * claims. If signing fails, the key may have just been revoked: the key that is active by then is tried once.
 * @throws RetryLater 503, also while the profile excludes the active key's algorithm
 */
export async function signAccessToken(
  claims: AccessTokenClaims,
  { signingKeys: keys, profile, reuse }: Signing,
): Promise<SignedAccessToken> {
  const key = await keys.active();
  const { kid, alg } = key;
  if (!profile.maySign(alg)) throw unavailable(`the profile excludes the active key's ${alg}`);
  const earlier = reuse.find(claims, kid);
  if (earlier) return earlier;
  const token = await signed(claims, key).catch(async (error: unknown) => {
    const successor = await keys.successorOf(key).catch(() => undefined);
    if (!successor || !profile.maySign(successor.alg)) throw error;
    return await signed(claims, successor);
  });
  reuse.cache(token);
  return token;
}

async function signed(claims: AccessTokenClaims, key: SigningKey): Promise<SignedAccessToken> {
  return { access_token: await signJwt('at+jwt', claims, key), claims, kid: key.kid };
}
