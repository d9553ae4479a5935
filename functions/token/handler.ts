import { type HttpResponse, parseHttpRequest } from '../http/request.ts';
import type { Audit } from '../oauth/audit.ts';
import { accessTokenClaims, type Minting } from './access-token.ts';
import { issued, presented, proven, refused } from './audit-entry.ts';
import { authenticateClient, type ClientAuthentication } from './client-authentication.ts';
import { decideGrant, type GrantRecords } from './grant.ts';
import { type PossessionChecks, provePossession, verifyKeyProof } from './possession.ts';
import { selectCredentials } from './presented-credentials.ts';
import { parseTokenRequest } from './request.ts';
import { failure, methodNotAllowed, success } from './response.ts';
import { type Signing, signAccessToken } from './signature.ts';

/** What the token endpoint works with. */
export interface TokenEndpoint
  extends ClientAuthentication,
    PossessionChecks,
    GrantRecords,
    Minting,
    Signing {
  readonly audit: Audit;
}

/** Makes the handler of `POST /token` (RFC 6749 §3.2, §4.4). */
export function createHandler(endpoint: TokenEndpoint) {
  return async (event: unknown): Promise<HttpResponse> => {
    const http = parseHttpRequest(event);
    if (http.method !== 'POST') return methodNotAllowed();
    // The audit line; it grows as the request is understood.
    const trail = { request_id: http.requestId, source_ip: http.sourceIp };
    try {
      const request = parseTokenRequest(http);
      const credentials = selectCredentials(request.presented);
      Object.assign(trail, presented(credentials));
      const proof = await verifyKeyProof(request, endpoint);
      const authenticated = await authenticateClient(credentials, http.sourceIp, endpoint);
      Object.assign(trail, proven(authenticated));
      const { client } = authenticated;
      const { client_certificate } = request.presented;
      const shown = { proof, client_certificate };
      const { cnf, nonce } = await provePossession(client, shown, endpoint);
      const grant = await decideGrant(client, request, endpoint);
      const claims = accessTokenClaims({ client, grant, cnf }, endpoint);
      const token = await signAccessToken(claims, endpoint);
      endpoint.audit({ ...trail, ...issued(token, claims) });
      return success(token, claims.iat, nonce);
    } catch (error) {
      endpoint.audit({ ...trail, ...refused(error) });
      return failure(error, endpoint.issuer);
    }
  };
}
