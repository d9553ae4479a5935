import { type SigningKeys, signJwt } from '../oauth/jws.ts';
import type { AccessTokenClaims } from './access-token.ts';

/** An access token, and the key that signed it. */
export interface SignedAccessToken {
  readonly access_token: string;
  readonly kid: string;
}

/**
 * Signs an access token with the active key (RFC 9068 §2.1). Where that fails, the key may have
 * been revoked or disabled a moment ago: if another one signs by now, it is tried, once.
 * @throws RetryLater 503
 */
export async function signAccessToken(
  claims: AccessTokenClaims,
  keys: SigningKeys,
): Promise<SignedAccessToken> {
  const key = await keys.active();
  const { kid } = key;
  try {
    return { access_token: await signJwt('at+jwt', claims, key), kid };
  } catch (error) {
    const successor = await keys.successorOf(key).catch(() => undefined);
    if (!successor) throw error;
    return { access_token: await signJwt('at+jwt', claims, successor), kid: successor.kid };
  }
}
