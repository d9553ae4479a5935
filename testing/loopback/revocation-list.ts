import { type SigningKey, signJwt } from '../../functions/oauth/jws.ts';
import {
  type RevocationListClaims,
  revocationListPath,
  revocationListType,
} from '../../functions/oauth/revocation-list.ts';

/** Who signs a list, and when. */
export interface ListSigner {
  readonly key: SigningKey;
  /** NumericDate. */
  readonly now: () => number;
}

/** Makes the revocation list of an issuer at this URL, as a deployment does, which names tokens alone. */
export function revocationList(
  issuer: string,
  tokens: Iterable<string>,
  { key, now }: ListSigner,
): Promise<string> {
  const iat = now();
  const claims: RevocationListClaims = {
    iss: issuer,
    sub: `${issuer}${revocationListPath}`,
    iat,
    exp: iat + 90,
    ttl: 1,
    clients: {},
    resources: {},
    keys: [],
    tokens: [...tokens],
    status_lists: {},
  };
  return signJwt(revocationListType, claims, key);
}
