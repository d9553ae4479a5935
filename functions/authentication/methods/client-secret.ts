import { indexOfClientSecret } from '../../oauth/client-secret.ts';
import { invalidClient } from '../../oauth/oauth-error.ts';
import { ExplainedRefusal } from './explained-refusal.ts';
import type { Authenticate, CredentialsBy } from './method.ts';

/** `client_secret_basic` and `client_secret_post` (RFC 6749 §2.3.1): one of the client's secrets. */
export const authenticateBySecret: Authenticate<
  CredentialsBy<'client_secret_basic' | 'client_secret_post'>
> = ({ client_secret }, { secrets }, { now }) => {
  const hashes = secrets.map(({ hash }) => hash);
  const secret = secrets[indexOfClientSecret(client_secret, hashes)];
  if (!secret) throw invalidClient('wrong secret');
  const { id, expires_at = Number.POSITIVE_INFINITY } = secret;
  if (expires_at <= now()) {
    const at = new Date(expires_at * 1000).toISOString();
    throw new ExplainedRefusal({ text: `the secret ${id} expired at ${at}` });
  }
  return { entry: { secret_id: id } };
};
