import { type Client, type ClientStore, isClientId } from '../oauth/client.ts';
import { hashClientSecret, matchesClientSecret, newClientSecret } from '../oauth/client-secret.ts';
import { type ClientCredentials, invalidClient } from './client-credentials.ts';
import type { FailedAttempts } from './failed-attempts.ts';

/** What client authentication works with. */
export interface ClientAuthentication {
  readonly clients: ClientStore;
  readonly failedAttempts: FailedAttempts;
  /** NumericDate. */
  readonly now: () => number;
}

// Compared with when there is no client, so that an unknown client_id takes as long as a wrong secret.
const nobodysHash = hashClientSecret(newClientSecret());

/** A client that has proved itself, and by which of its secrets. */
export interface AuthenticatedClient {
  readonly client: Client;
  readonly secret_id: string;
}

/**
 * Authenticates a client by one of its secrets (RFC 6749 §2.3.1); either method will do,
 * whichever is registered. The source is the address that the request came from.
 * @throws OAuthError `invalid_client`, the same for every cause; RetryLater after too many failures.
 */
export async function authenticateClient(
  credentials: ClientCredentials,
  sourceIp: string,
  { clients, failedAttempts, now }: ClientAuthentication,
): Promise<AuthenticatedClient> {
  const { client_id, client_secret } = credentials;
  const attempt = { client_id, sourceIp };
  failedAttempts.check(attempt);
  const client = isClientId(client_id) ? await clients.find(client_id) : undefined;
  const proven = checkSecret(client, client_secret, now());
  if (typeof proven !== 'string') return proven;
  await failedAttempts.record(attempt);
  throw invalidClient(proven);
}

/** The client, or why it is none. */
function checkSecret(
  client: Client | undefined,
  client_secret: string,
  now: number,
): AuthenticatedClient | string {
  const hashes = client?.secrets.length ? client.secrets.map(({ hash }) => hash) : [nobodysHash];
  // All of them are compared, also after a match.
  const matches = hashes.map((hash) => matchesClientSecret(client_secret, hash));
  if (!client) return 'unknown client_id';
  const secret = client.secrets[matches.indexOf(true)];
  if (!secret) return 'wrong secret';
  if ((secret.expires_at ?? Number.POSITIVE_INFINITY) <= now) return `secret ${secret.id} expired`;
  return client.disabled ? 'the client is disabled' : { client, secret_id: secret.id };
}
