import { type SigningKey, type SigningKeys, signJwt } from '../oauth/jws.ts';
import { unavailable } from '../oauth/oauth-error.ts';
import type { Profile } from '../oauth/profile.ts';
import type { StatusPlace } from '../oauth/status-list.ts';
import { type AccessTokenClaims, withStatus } from './access-token.ts';
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
  /** Where the status of a new token is; undefined: none is at hand. */
  readonly newPlace: () => StatusPlace | undefined;
}

/** What is to be signed. */
export interface Unsigned {
  readonly claims: AccessTokenClaims;
  /** NumericDate: no token that was issued before is reused. */
  readonly tokens_not_before: number;
}

/**
 * Signs an access token with the active key (RFC 9068 §2.1), or reuses a token of that key with the same
 * claims. If signing fails, the key may have just been revoked: the key that is active by then is tried once.
 * @throws RetryLater 503, also while the profile excludes the active key's algorithm
 */
export async function signAccessToken(
  unsigned: Unsigned,
  signing: Signing,
): Promise<SignedAccessToken> {
  const { signingKeys, profile, reuse } = signing;
  let key = await signingKeys.active();
  if (!profile.maySign(key.alg))
    throw unavailable(`the profile excludes the active key's ${key.alg}`);
  const earlier = reuse.find(unsigned, key.kid);
  if (earlier) return earlier;
  // Not before, since a token that is reused has its number.
  const claims = withStatus(unsigned.claims, signing.newPlace());
  let access_token: string;
  try {
    access_token = await signJwt('at+jwt', claims, key);
  } catch (error) {
    key = await successorOf(key, error, signing);
    access_token = await signJwt('at+jwt', claims, key);
  }
  const token = { access_token, claims, kid: key.kid };
  reuse.cache(token);
  return token;
}

/** The key that is active by now. @throws the error where it is still the same one, or may not sign */
async function successorOf(
  failed: SigningKey,
  error: unknown,
  { signingKeys, profile }: Signing,
): Promise<SigningKey> {
  const successor = await signingKeys.successorOf(failed).catch(() => undefined);
  if (successor && profile.maySign(successor.alg)) return successor;
  throw error;
}
