import type { ClientSecret } from '../../oauth/client.ts';
import { importedPrefix, indexOfClientSecret } from '../../oauth/client-secret.ts';
import { invalidClient } from '../../oauth/oauth-error.ts';
import { ExplainedRefusal } from './explained-refusal.ts';
import type { Authenticate, Authentication, CredentialsBy } from './method.ts';

type SecretCredentials = CredentialsBy<'client_secret_basic' | 'client_secret_post'>;

/**
 * `client_secret_basic` and `client_secret_post` (RFC 6749 §2.3.1): one of the client's secrets. Our own hashes come
 * first: a client all of whose hashes are ours waits for nothing.
 */
export const authenticateBySecret: Authenticate<SecretCredentials> = (
  credentials,
  client,
  context,
) => {
  const { secrets } = client;
  const now = context.now();
  const hashes = secrets.map(({ hash }) => hash);
  const secret = secrets[indexOfClientSecret(credentials.client_secret, hashes)];
  if (!secret) {
    const imported = secrets.filter((one) => isImported(one) && expiry(one) > now);
    if (imported.length === 0) throw invalidClient('wrong secret');
    return authenticateByImported(imported, credentials, context);
  }
  if (expiry(secret) <= now) {
    const at = new Date(expiry(secret) * 1000).toISOString();
    throw new ExplainedRefusal({ text: `the secret ${secret.id} expired at ${at}` });
  }
  return { entry: { secret_id: secret.id } };
};

/** Whether only a foreign hash of a secret is stored. */
export const isImported = ({ hash }: ClientSecret): boolean => hash.startsWith(importedPrefix);

const expiry = ({ expires_at = Number.POSITIVE_INFINITY }: ClientSecret): number => expires_at;

/** The same by foreign hashes, one after the other: of a right one the next need not be computed. */
async function authenticateByImported(
  secrets: readonly ClientSecret[],
  { client_id, client_secret, source }: SecretCredentials,
  { importedSecrets }: Parameters<Authenticate<SecretCredentials>>[2],
): Promise<Authentication> {
  for (const { id: secret_id, hash: stored } of secrets) {
    const question = { client_id, secret_id, stored, client_secret, source };
    const { matches, replaced } = await importedSecrets.match(question);
    if (matches) return { entry: { secret_id, replaced_hash: replaced } };
  }
  throw invalidClient('wrong secret');
}
