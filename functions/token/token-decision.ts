import type { AuditEntry } from '../oauth/audit.ts';
import { isClientId } from '../oauth/client.ts';
import { dpopProofUse, type VerifiedProof } from '../oauth/dpop-proof.ts';
import type { SingleUse } from '../oauth/replay.ts';
import { type AccessTokenClaims, accessTokenClaims, type Minting } from './access-token.ts';
import { authenticated, presented } from './audit-entry.ts';
import type { ClientCredentials } from './authentication/presented-credentials.ts';
import { readCredentials } from './authentication/read-credentials.ts';
import { authenticateClient, type ClientAuthentication } from './client-authentication.ts';
import { decideGrant } from './grant.ts';
import { type PossessionChecks, provePossession } from './possession.ts';
import type { TokenRequest } from './request.ts';
import type { TokenRecords } from './token-records.ts';

/** What a client asks for, and what it has shown. */
export interface AskedToken {
  readonly request: TokenRequest;
  readonly credentials: ClientCredentials;
  /** Verifies the DPoP proof, if there is one. */
  readonly proof: () => Promise<VerifiedProof | undefined>;
  /** Is told who the client is, and how it has authenticated. */
  readonly trail: AuditEntry;
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
  { request, trail, ...asked }: AskedToken,
  { clients, resourceServers }: TokenRecords,
  endpoint: ClientAuthentication & PossessionChecks & Minting,
): Promise<DecidedToken> {
  const { client_id } = asked.credentials;
  const known = isClientId(client_id) ? await clients.find(client_id) : undefined;
  Object.assign(trail, presented(asked.credentials, known));
  const credentials = readCredentials(asked.credentials, endpoint.now);
  const authenticatedClient = await authenticateClient(credentials, known, endpoint);
  Object.assign(trail, authenticated(authenticatedClient, asked.credentials));
  const { client, authentication } = authenticatedClient;
  const proof = await asked.proof();
  const { client_certificate } = request.presented;
  const { cnf, nonce } = await provePossession(client, { proof, client_certificate }, endpoint);
  const grant = await decideGrant(client, request, resourceServers);
  const claims = accessTokenClaims({ client, grant, cnf }, endpoint);
  const singleUses = [proof && dpopProofUse(proof), authentication.singleUse];
  return { claims, nonce, singleUses: singleUses.filter((use) => use !== undefined) };
}
