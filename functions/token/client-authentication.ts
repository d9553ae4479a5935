import { type Client, isClientId } from '../oauth/client.ts';
import { invalidClient, OAuthError } from '../oauth/oauth-error.ts';
import type { Records } from '../oauth/records.ts';
import { nobody } from './authentication/decoy-client.ts';
import type { Proof, Proving } from './authentication/method.ts';
import { methods } from './authentication/methods.ts';
import type { FailedAttempts } from './failed-attempts.ts';
import type { ClientCredentials } from './presented-credentials.ts';
import { secondLook } from './second-look.ts';

/** What client authentication works with. */
export interface ClientAuthentication extends Proving {
  readonly clients: Records<Client>;
  readonly failedAttempts: FailedAttempts;
}

/** A client that has proved itself, and what the log is told of how. */
export interface AuthenticatedClient {
  readonly client: Client;
  readonly proof: Proof;
}

/**
 * Authenticates a client by the one method that it is registered for (RFC 6749 §2.3). The source is
 * the address that the request came from.
 * @throws OAuthError `invalid_client`, the same for every cause; RetryLater after too many failures,
 *   or when a store cannot tell.
 */
export async function authenticateClient(
  credentials: ClientCredentials,
  sourceIp: string,
  authentication: ClientAuthentication,
): Promise<AuthenticatedClient> {
  const { client_id } = credentials;
  const { clients, failedAttempts } = authentication;
  const attempt = { client_id, sourceIp };
  failedAttempts.check(attempt);
  const found = isClientId(client_id) ? await clients.find(client_id) : undefined;
  try {
    return await secondLook({ records: clients, id: client_id, found }, (client) =>
      prove(credentials, client, authentication),
    );
  } catch (error) {
    if (isInvalidClient(error)) await failedAttempts.record(attempt);
    throw error;
  }
}

async function prove(
  credentials: ClientCredentials,
  client: Client | undefined,
  proving: Proving,
): Promise<AuthenticatedClient> {
  const problem = problemOf(client, proving);
  if (client && problem === undefined) {
    const proveClient = methods[client.token_endpoint_auth_method](credentials);
    if (proveClient) return { client, proof: await proveClient(client, proving) };
  }
  // As long as a wrong proof takes, and with as little success.
  const anyone = nobody(credentials.client_id);
  const proofs = Object.values(methods).map((method) =>
    method(credentials)?.(anyone, proving).catch(unlessInvalidClient),
  );
  await Promise.all(proofs);
  throw invalidClient(
    problem ?? `the client is registered for ${client?.token_endpoint_auth_method}`,
  );
}

/** Why no credentials at all could prove a client; undefined: some could. */
function problemOf(client: Client | undefined, { profile }: Proving): string | undefined {
  if (!client) return 'unknown client_id';
  if (client.disabled) return 'the client is disabled';
  const { token_endpoint_auth_method: method } = client;
  return profile.authMethods.includes(method) ? undefined : `the profile excludes ${method}`;
}

/** A fault of ours is one for an unknown client too, or it would tell who is known. */
function unlessInvalidClient(error: unknown): void {
  if (!isInvalidClient(error)) throw error;
}

const isInvalidClient = (error: unknown): boolean =>
  error instanceof OAuthError && error.code === 'invalid_client';
