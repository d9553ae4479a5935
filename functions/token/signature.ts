import {
  type ActiveSigning,
  activeSigningKey,
  canSign,
  encodedSize,
  type SigningKey,
  signActively,
} from '../oauth/jws.ts';
import type { StatusPlace } from '../oauth/status-list.ts';
import {
  type AccessTokenClaims,
  type SignedAccessToken,
  type Unsigned,
  withStatus,
} from './access-token.ts';
import type { TokenReuse } from './token-reuse.ts';

/** What signing works with. */
export interface Signing extends ActiveSigning {
  readonly reuse: TokenReuse;
  /** Where the status of a new token is; undefined: none is at hand. */
  readonly newPlace: () => StatusPlace | undefined;
}

/**
 * Signs an access token with the active key (RFC 9068 §2.1), or reuses a token of that key with the same
 * claims.
 * @throws RetryLater 503, also while the profile excludes the active key's algorithm
 */
export async function signAccessToken(
  unsigned: Unsigned,
  signing: Signing,
): Promise<SignedAccessToken> {
  const { reuse } = signing;
  const key = await activeSigningKey(signing);
  const earlier = await reuse.find(unsigned, key.kid);
  if (earlier) return earlier;
  // Not before, since a token that is reused has its number.
  const claims = numbered(unsigned.claims, signing.newPlace(), key);
  const { jwt, kid } = await signActively('at+jwt', claims, key, signing);
  const token = { access_token: jwt, claims, kid };
  reuse.cache(token);
  return token;
}

/** A token that its key could not sign with a number goes without: it is revoked by its `jti`. */
function numbered(
  claims: AccessTokenClaims,
  place: StatusPlace | undefined,
  key: SigningKey,
): AccessTokenClaims {
  const all = withStatus(claims, place);
  // Most keys take any size, so that none has to be found out.
  return key.longestInput === undefined || canSign(key, encodedSize(all)) ? all : claims;
}
