import type { Records } from '../oauth/cached-records.ts';
import { type Client, isClientId } from '../oauth/client.ts';
import { dpopProofUse, type VerifiedProof } from '../oauth/dpop-proof.ts';
import type { SingleUse } from '../oauth/replay.ts';
import type { Asker } from './audit-entry.ts';
import {
  authenticateClient,
  type ClientAuthentication,
  refuseUnknown,
} from './client-authentication.ts';
import type { ClientRequest } from './client-request.ts';
import { type KeyProofChecks, verifyKeyProof } from './key-proof.ts';
import type { ClientCredentials } from './methods/presented-credentials.ts';
import { readCredentials } from './methods/read-credentials.ts';

/** Who asks, as far as nobody has looked at it. */
export interface AskingClient extends ClientRequest {
  readonly credentials: ClientCredentials;
  /** Is told who the client is, and how it has authenticated. */
  readonly asker: Asker;
}

/** A client that has shown its own credentials. */
export interface AuthenticatedClient {
  readonly client: Client;
  /** The DPoP proof of a request that has one. */
  readonly proof: VerifiedProof | undefined;
  /** What the request uses up, if it is done. */
  readonly singleUses: readonly SingleUse[];
}

/**
 * Authenticates the client of a request, and verifies its DPoP proof if there is one. The proof comes after the
 * credentials: strangers cannot have one verified. Nothing is used up.
 * @throws OAuthError; RetryLater when it cannot be told
 */
export async function authenticate(
  { credentials, dpop, asker }: AskingClient,
  clients: Records<Client>,
  checks: ClientAuthentication & KeyProofChecks,
): Promise<AuthenticatedClient> {
  const { client_id } = credentials;
  const client = isClientId(client_id)
    ? (clients.cached(client_id) ?? (await clients.find(client_id)))
    : undefined;
  asker.client = client;
  const read = readCredentials(credentials, checks.now);
  if (!client) return await refuseUnknown(read, checks);
  const authentication = await authenticateClient(read, client, checks);
  asker.authentication = authentication;
  const proof = dpop === undefined ? undefined : await verifyKeyProof(dpop, checks);
  const singleUses = [proof && dpopProofUse(proof), authentication.singleUse];
  return { client, proof, singleUses: singleUses.filter((use) => use !== undefined) };
}
