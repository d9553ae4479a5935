import {
  type AskingClient,
  authenticate,
  type ClientAuthentication,
} from '../authentication/client-authentication.ts';
import type { Decision } from '../authentication/client-endpoint.ts';
import type { KeyProofChecks } from '../authentication/key-proof.ts';
import type { AskHook } from '../claims-hook/hearing.ts';
import type { Client } from '../oauth/client.ts';
import { accessTokenClaims, type Minting, type Unsigned } from './access-token.ts';
import { decideGrant, type Grant, requestedGrant } from './grant.ts';
import { hookedClaims } from './hooked-claims.ts';
import { provePossession } from './possession.ts';
import type { TokenRequest } from './request.ts';
import type { TokenRecords } from './token-records.ts';

/** The token that a client gets, before it is signed. */
export interface DecidedToken extends Decision, Unsigned {}

/** What tokens are decided with. */
export interface TokenDecision extends ClientAuthentication, KeyProofChecks, Minting {
  /** Asks the owner's hook; absent: there is none. */
  readonly claimsHook?: AskHook | undefined;
}

/**
 * Decides by one set of records which token a client gets: client authentication, possession, grant,
 * claims (RFC 6749 §4.4). It uses nothing up, so that it can be run once more by other records; then the owner's hook is
 * asked once more, too.
 * @throws OAuthError; RetryLater when it cannot be told
 */
export async function decideToken(
  request: TokenRequest,
  asking: AskingClient,
  { clients, resourceServers }: TokenRecords,
  endpoint: TokenDecision,
): Promise<DecidedToken> {
  const { client, proof, singleUses } = await authenticate(asking, clients, endpoint);
  const { client_certificate } = asking.presented;
  const cnf = provePossession(client, { proof, client_certificate }, endpoint);
  const nonce = proof && (await endpoint.nonces.issue());
  const requested = requestedGrant(client, request);
  const [resource] = requested;
  const resourceServer = resourceServers.cached(resource) ?? (await resourceServers.find(resource));
  const grant = decideGrant(requested, resourceServer, request.scope);
  const { claimsHook } = endpoint;
  const { grant_type } = request;
  const hooked = claimsHook && hookedClaims(await claimsHook({ client, grant, cnf, grant_type }));
  const claims = accessTokenClaims({ client, grant, cnf, hooked }, endpoint);
  const tokens_not_before = tokensNotBefore(client, grant);
  return { claims, tokens_not_before, nonce, singleUses };
}

/** From when on the tokens of a client for a resource server count (NumericDate). */
const tokensNotBefore = (client: Client, { resourceServer }: Grant): number =>
  Math.max(client.tokens_not_before ?? 0, resourceServer.tokens_not_before ?? 0);
