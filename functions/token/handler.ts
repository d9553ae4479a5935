import { type ClientEndpoint, clientEndpoint } from '../authentication/client-endpoint.ts';
import type { HttpFunction } from '../http/http-function.ts';
import { parseTokenRequest, tokenParameters } from './request.ts';
import { issued, success } from './response.ts';
import { type Signing, signAccessToken } from './signature.ts';
import { decideToken, type TokenDecision } from './token-decision.ts';
import { type CachedTokenRecords, readingAhead } from './token-records.ts';

/** What the token endpoint works with. */
export interface TokenEndpoint extends ClientEndpoint, TokenDecision, Signing {
  readonly records: CachedTokenRecords;
}

/** Makes the handler of `POST /token` (RFC 6749 §3.2, §4.4). */
export function createHandler(endpoint: TokenEndpoint): HttpFunction {
  return clientEndpoint(endpoint, {
    parameters: tokenParameters,
    parse: parseTokenRequest,
    decide: (request, asking, view) => {
      const { clients, resourceServers } = readingAhead(endpoint.records);
      const records = { clients: view(clients), resourceServers: view(resourceServers) };
      return decideToken(request, asking, records, endpoint);
    },
    complete: async (decided) => {
      const token = await signAccessToken(decided, endpoint);
      const { claims } = decided;
      return { response: success(token, claims.iat), entry: issued(token, claims) };
    },
  });
}
