import type { Records } from '../oauth/cached-records.ts';
import { type AuthMethod, type Client, isClientId } from '../oauth/client.ts';
import { invalidClient, OAuthError } from '../oauth/oauth-error.ts';
import { decoyClient } from './authentication/decoy-client.ts';
import type { Authentication, AuthenticationContext } from './authentication/method.ts';
import { methods } from './authentication/methods.ts';
import type { ClientCredentials } from './authentication/presented-credentials.ts';

/** What client authentication works with. */
export interface ClientAuthentication extends AuthenticationContext {
  /** `registered`: a secret must come as the client's `token_endpoint_auth_method` says. */
  readonly clientSecretMethod: 'any' | 'registered';
}

/** A client that has authenticated, and how. */
export interface AuthenticatedClient {
  readonly client: Client;
  readonly authentication: Authentication;
}

/**
 * Authenticates a client by the method that it is registered for (RFC 6749 §2.3). An unknown client, a
 * disabled one and wrong credentials take the same time and get the same answer.
 * @throws OAuthError `invalid_client`; RetryLater when a store or a publisher of keys cannot tell
 */
export async function authenticateClient(
  credentials: ClientCredentials,
  clients: Records<Client>,
  context: ClientAuthentication,
): Promise<AuthenticatedClient> {
  const { client_id } = credentials;
  const client = isClientId(client_id) ? await clients.find(client_id) : undefined;
  const problem = problemOf(client, credentials, context);
  if (client && problem === undefined) {
    const authenticate = methods[client.token_endpoint_auth_method](credentials);
    if (authenticate) return { client, authentication: await authenticate(client, context) };
  }
  await tryDecoy(credentials, context);
  throw invalidClient(
    problem ?? `the client is registered for ${client?.token_endpoint_auth_method}`,
  );
}

/** Why no credentials could authenticate this client; undefined: some could. */
function problemOf(
  client: Client | undefined,
  { way }: ClientCredentials,
  { profile, clientSecretMethod }: ClientAuthentication,
): string | undefined {
  if (!client) return 'unknown client_id';
  if (client.disabled) return 'the client is disabled';
  const { token_endpoint_auth_method: method } = client;
  if (!profile.authMethods.includes(method)) return `the profile excludes ${method}`;
  const isOtherSecretMethod = secretMethods.has(method) && method !== way;
  return clientSecretMethod === 'registered' && isOtherSecretMethod
    ? `the client is registered for ${method}`
    : undefined;
}

const secretMethods: ReadonlySet<AuthMethod> = new Set([
  'client_secret_basic',
  'client_secret_post',
]);

/** Verifies against a decoy, so that timing does not tell unknown clients from known ones. */
async function tryDecoy(
  credentials: ClientCredentials,
  context: AuthenticationContext,
): Promise<void> {
  const decoy = decoyClient(credentials.client_id);
  const attempts = [...new Set(Object.values(methods))].map((method) =>
    method(credentials)?.(decoy, context).catch(unlessInvalidClient),
  );
  await Promise.all(attempts);
}

/** Outages must show for unknown clients too, or a 503 tells which clients there are. */
function unlessInvalidClient(error: unknown): void {
  if (error instanceof OAuthError && error.code === 'invalid_client') return;
  throw error;
}
