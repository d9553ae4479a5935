import { matchesClientSecret } from '../../oauth/client-secret.ts';
import { invalidClient } from '../../oauth/oauth-error.ts';
import type { CredentialsBy, Prove } from './method.ts';

/** `client_secret_basic` and `client_secret_post` (RFC 6749 §2.3.1): one of the client's secrets. */
export const proveBySecret: Prove<
  CredentialsBy<'client_secret_basic' | 'client_secret_post'>
> = async ({ client_secret }, { secrets }, { now }) => {
  // All of them are compared, also after a match.
  const matches = secrets.map(({ hash }) => matchesClientSecret(client_secret, hash));
  const secret = secrets[matches.indexOf(true)];
  if (!secret) throw invalidClient('wrong secret');
  if ((secret.expires_at ?? Number.POSITIVE_INFINITY) <= now()) {
    throw invalidClient(`secret ${secret.id} expired`);
  }
  return { secret_id: secret.id };
};
