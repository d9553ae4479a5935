import { isClientId } from '../oauth/client.ts';
import { dpopProofUse } from '../oauth/dpop-proof.ts';
import type { SingleUse } from '../oauth/replay.ts';
import { type AccessTokenClaims, accessTokenClaims, type Minting } from './access-token.ts';
import type { Asker } from './audit-entry.ts';
import type { ClientCredentials } from './authentication/presented-credentials.ts';
import { readCredentials } from './authentication/read-credentials.ts';
import {
  authenticateClient,
  type ClientAuthentication,
  refuseUnknown,
} from './client-authentication.ts';
import { decideGrant, requestedGrant } from './grant.ts';
import { type PossessionChecks, provePossession, verifyKeyProof } from './possession.ts';
import type { TokenRequest } from './request.ts';
import type { TokenRecords } from './token-records.ts';

/** What a client asks for, and what it has shown. */
export interface AskedToken {
  readonly request: TokenRequest;
  readonly credentials: ClientCredentials;
  /** Is told who the client is, and how it has authenticated. */
  readonly asker: Asker;
}

/** The token that a client gets, before it is signed. */
export interface DecidedToken {
  readonly claims: AccessTokenClaims;
  /** For the client's next DPoP proof; undefined: it needs none. */
  readonly nonce: string | undefined;
  /** What this token uses up. */
  readonly singleUses: readonly SingleUse[];
}

/**
 * Decides by one set of records which token a client gets: client authentication, possession, grant,
 * claims (RFC 6749 §4.4). It uses nothing up, so that it can be run once more by other records. The proof
 * comes after the credentials: strangers cannot have one verified.
 * @throws OAuthError; RetryLater when it cannot be told
 */
export async function decideToken(
  { request, credentials, asker }: AskedToken,
  { clients, resourceServers }: TokenRecords,
  endpoint: ClientAuthentication & PossessionChecks & Minting,
): Promise<DecidedToken> {
  const { client_id } = credentials;
  const client = isClientId(client_id)
    ? (clients.cached(client_id) ?? (await clients.find(client_id)))
    : undefined;
  asker.client = client;
  const read = readCredentials(credentials, endpoint.now);
  if (!client) return await refuseUnknown(read, endpoint);
  const authentication = await authenticateClient(read, client, endpoint);
  asker.authentication = authentication;
  const proof =
    request.dpop === undefined ? undefined : await verifyKeyProof(request.dpop, endpoint);
  const { client_certificate } = request.presented;
  const cnf = provePossession(client, { proof, client_certificate }, endpoint);
  const nonce = proof && (await endpoint.nonces.issue());
  const requested = requestedGrant(client, request);
  const [resource] = requested;
  const resourceServer = resourceServers.cached(resource) ?? (await resourceServers.find(resource));
  const grant = decideGrant(requested, resourceServer, request.scope);
  const claims = accessTokenClaims({ client, grant, cnf }, endpoint);
  const singleUses = [proof && dpopProofUse(proof), authentication.singleUse];
  return { claims, nonce, singleUses: singleUses.filter((use) => use !== undefined) };
}
