import { OAuthError } from '../oauth/oauth-error.ts';
import type { AccessToken } from './claims.ts';
import type { AuthorizerRequest } from './request.ts';

/** What a confirmation gives. */
export interface Confirmed {
  /** For the client's next DPoP proof; undefined: it needs none. */
  readonly nonce: string | undefined;
}

/**
 * Confirms that a token may be used by whoever shows it. Throws OAuthError `invalid_token`,
 * `invalid_dpop_proof` or `use_dpop_nonce`; RetryLater when a store cannot tell.
 */
export type Confirm = (
  token: AccessToken,
  request: Pick<AuthorizerRequest, 'scheme' | 'access_token' | 'possession'>,
) => Promise<Confirmed>;

/** For an authorizer that can check no possession: bearer tokens, and no others (RFC 9449 §7.2, RFC 8705 §3). */
export const bearerTokensAlone: Confirm = async ({ cnf }, { scheme }) => {
  if (cnf === undefined && scheme === 'Bearer') return { nonce: undefined };
  const cause = cnf ? 'the token is bound to a key or a certificate (cnf)' : 'a token under DPoP';
  throw new OAuthError('invalid_token', 'the access token is not valid', { cause });
};
