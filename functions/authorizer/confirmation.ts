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
