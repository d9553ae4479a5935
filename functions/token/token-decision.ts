import { type AskingClient, authenticate } from '../authentication/authenticated-client.ts';
import type { ClientAuthentication } from '../authentication/client-authentication.ts';
import type { Decision } from '../authentication/client-endpoint.ts';
import type { KeyProofChecks } from '../authentication/key-proof.ts';
import { type AccessTokenClaims, accessTokenClaims, type Minting } from './access-token.ts';
import { decideGrant, requestedGrant } from './grant.ts';
import { provePossession } from './possession.ts';
import type { TokenRequest } from './request.ts';
import type { TokenRecords } from './token-records.ts';

/** The token that a client gets, before it is signed. */
export interface DecidedToken extends Decision {
  readonly claims: AccessTokenClaims;
}

/**
 * Decides by one set of records which token a client gets: client authentication, possession, grant,
 * claims (RFC 6749 §4.4). It uses nothing up, so that it can be run once more by other records.
 * @throws OAuthError; RetryLater when it cannot be told
 */
export async function decideToken(
  request: TokenRequest,
  asking: AskingClient,
  { clients, resourceServers }: TokenRecords,
  endpoint: ClientAuthentication & KeyProofChecks & Minting,
): Promise<DecidedToken> {
  const { client, proof, singleUses } = await authenticate(asking, clients, endpoint);
  const { client_certificate } = asking.presented;
  const cnf = provePossession(client, { proof, client_certificate }, endpoint);
  const nonce = proof && (await endpoint.nonces.issue());
  const requested = requestedGrant(client, request);
  const [resource] = requested;
  const resourceServer = resourceServers.cached(resource) ?? (await resourceServers.find(resource));
  const grant = decideGrant(requested, resourceServer, request.scope);
  const claims = accessTokenClaims({ client, grant, cnf }, endpoint);
  return { claims, nonce, singleUses };
}
