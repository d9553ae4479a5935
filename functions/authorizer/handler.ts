import { type Authorizer, authorize } from './authorize.ts';
import { accessDecision } from './decision.ts';
import { parseAuthorizerRequest } from './request.ts';
import { type AuthorizerResponse, authorizerResponse, failure, nonceDenial } from './response.ts';

/**
 * Makes the Lambda authorizer of an HTTP API (payload 2.0, simple response) or a REST API (TOKEN
 * and REQUEST).
 *
 * Without a valid access token it throws `Unauthorized`, which API Gateway answers with 401. While
 * the issuer's keys cannot be had it throws another error, which becomes a 500: the token may be
 * good, so a client may try again, and a 401 would make it fetch a new token from an issuer in
 * trouble. The same holds for the store of used proofs.
 */
export function createHandler(
  authorizer: Authorizer,
): (event: unknown) => Promise<AuthorizerResponse> {
  const shell = {
    parse: parseAuthorizerRequest,
    decide: accessDecision(authorizer),
    respond: authorizerResponse(authorizer),
  };
  return async (event) => {
    try {
      return await authorize(event, shell, authorizer);
    } catch (error) {
      const denial = nonceDenial(error, event, authorizer);
      if (denial) return denial;
      throw failure(error);
    }
  };
}
