import { type ClientEndpoint, clientEndpoint } from '../authentication/client-endpoint.ts';
import { uncached } from '../authentication/response.ts';
import { parseToken, tokenParameters } from '../authentication/token-parameter.ts';
import type { HttpFunction } from '../http/http-function.ts';
import type { RevocationStore } from '../oauth/revocation.ts';
import { decideRevocation, type OwnTokens } from './revocation-decision.ts';
import type { RevocationLimit } from './revocation-limit.ts';

/** What the revocation endpoint works with. */
export interface RevocationEndpoint extends ClientEndpoint, OwnTokens {
  readonly revocations: Pick<RevocationStore, 'note'>;
  readonly limit: RevocationLimit;
}

/** Makes the handler of `POST /revoke` (RFC 7009 §2). */
export function createHandler(endpoint: RevocationEndpoint): HttpFunction {
  return clientEndpoint(endpoint, {
    parameters: tokenParameters,
    parse: parseToken,
    decide: (token, asking, view) =>
      decideRevocation(token, asking, view(endpoint.records.clients), endpoint),
    complete: async ({ revocation, client_id, entry }) => {
      if (revocation) {
        await endpoint.limit(client_id);
        await endpoint.revocations.note(revocation);
      }
      // RFC 7009 §2.2: the same for each token, be it known or not.
      return { response: { statusCode: 200, headers: uncached, body: '' }, entry };
    },
  });
}
