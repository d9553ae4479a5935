import type { AccessToken } from './claims.ts';
import type { AuthorizerRequest } from './request.ts';

/** What a confirmation gives. */
export interface Confirmed {
  /** For the client's next DPoP proof; undefined: it needs none. */
  readonly nonce: string | undefined;
  /**
   * Uses up the proof, when nothing else can refuse the request any more. Throws OAuthError
   * `invalid_dpop_proof` where it was used before; RetryLater when the store cannot tell.
   */
  readonly useUp: () => Promise<void>;
}

/** Where there is no proof, nothing counts once, and the client needs no nonce. */
export const withoutProof: Confirmed = { nonce: undefined, useUp: async () => undefined };

/**
 * Confirms that a token may be used by whoever shows it. Throws OAuthError `invalid_token`,
 * `invalid_dpop_proof` or `use_dpop_nonce`; RetryLater when a store cannot tell.
 */
export type Confirm = (
  token: AccessToken,
  request: Pick<AuthorizerRequest, 'scheme' | 'access_token' | 'possession'>,
) => Promise<Confirmed>;
