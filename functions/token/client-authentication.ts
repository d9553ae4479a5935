import type { Client, ClientStore } from '../oauth/client.ts';
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

// RFC 6749 Appendix A.1 allows VSCHAR; the length keeps a registry key within DynamoDB's limit.
const clientIdGrammar = /^[\x20-\x7E]{1,256}$/;

// Compared with when there is no client, so that an unknown client_id takes as long as a wrong secret.
const nobodysHash = hashClientSecret(newClientSecret());

/**
 * Authenticates a client by one of its secrets (RFC 6749 §2.3.1); either method will do,
 * whichever is registered. The source is the address that the request came from.
 * @throws OAuthError `invalid_client`, the same for every cause; RetryLater after too many failures.
 */
export async function authenticateClient(
  credentials: ClientCredentials,
  sourceIp: string,
  { clients, failedAttempts, now }: ClientAuthentication,
): Promise<Client> {
  const { client_id, client_secret } = credentials;
  const attempt = { client_id, sourceIp };
  failedAttempts.check(attempt);
  const client = clientIdGrammar.test(client_id) ? await clients.find(client_id) : undefined;
  const refusal = whyRefused(client, client_secret, now());
  if (client && refusal === undefined) return client;
  await failedAttempts.record(attempt);
  throw invalidClient(refusal);
}

function whyRefused(client: Client | undefined, secret: string, now: number): string | undefined {
  const hashes = client?.secrets.length ? client.secrets.map(({ hash }) => hash) : [nobodysHash];
  // All of them are compared, also after a match.
  const matches = hashes.map((hash) => matchesClientSecret(secret, hash));
  if (!client) return 'unknown client_id';
  const matched = client.secrets[matches.indexOf(true)];
  if (!matched) return 'wrong secret';
  if ((matched.expires_at ?? Number.POSITIVE_INFINITY) <= now)
    return `secret ${matched.id} expired`;
  return client.disabled ? 'the client is disabled' : undefined;
}
