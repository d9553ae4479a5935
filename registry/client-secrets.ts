import { randomBytes } from 'node:crypto';
import { type Client, type ClientSecret, maxSecrets } from '../functions/oauth/client.ts';
import { hashClientSecret, newClientSecret } from '../functions/oauth/client-secret.ts';
import { commandHint } from './command-hint.ts';
import { RegistryError } from './registry-error.ts';

/** A secret as its administrator sees it, once. */
export interface NewSecret extends ClientSecret {
  readonly client_secret: string;
}

/**
 * Makes a secret, or stores one of the owner's own; `now` and `expires_at` are NumericDates.
 * @param client_secret by default a new one
 */
export function newSecret(
  now: number,
  expires_at?: number,
  client_secret = newClientSecret(),
): NewSecret {
  const hash = hashClientSecret(client_secret);
  return { id: randomBytes(4).toString('hex'), hash, created_at: now, expires_at, client_secret };
}

/** Characters that a secret may have: a header with it must get through API Gateway, form-encoded and in base64. */
export const longestSecret = 1024;

/**
 * Checks a secret that somebody else has made (RFC 6749 Appendix A.2). The refusal has nothing of it.
 * @throws RegistryError
 */
export function parseOwnSecret(text: string): string {
  if (/^[\x20-\x7E]+$/.test(text) && text.length <= longestSecret) return text;
  throw new RegistryError(
    'input',
    `a client secret is 1 to ${longestSecret} printable characters of ASCII (RFC 6749 Appendix A.2)`,
  );
}

/** Whether a secret has ceased to work at a NumericDate. */
export function isExpired(secret: ClientSecret, now: number): boolean {
  return secret.expires_at !== undefined && secret.expires_at <= now;
}

/**
 * A client with one secret more. Expired ones go first, so that a client whose secrets expire
 * never reaches the limit by them.
 * @throws RegistryError when it has as many as it may
 */
export function withSecret(client: Client, added: ClientSecret, now: number): Client {
  // The added one is there already when an earlier attempt arrived and its answer was lost.
  const secrets = client.secrets.filter(
    (secret) => !isExpired(secret, now) && secret.id !== added.id,
  );
  const same = secrets.find(({ hash }) => hash === added.hash);
  if (same) {
    throw new RegistryError(
      'contents',
      `the client ${client.client_id} has this secret already, as ${same.id}`,
    );
  }
  if (secrets.length < maxSecrets) return { ...client, secrets: [...secrets, added] };
  throw new RegistryError(
    'contents',
    `the client ${client.client_id} has ${maxSecrets} secrets, the most that it may: revoke one first`,
  );
}

/**
 * A client without one of its secrets.
 * @throws RegistryError when it has none of this id
 */
export function withoutSecret(client: Client, id: string): Client {
  const secrets = client.secrets.filter((secret) => secret.id !== id);
  if (secrets.length < client.secrets.length) return { ...client, secrets };
  throw new RegistryError(
    'unknown',
    `the client ${client.client_id} has no secret ${id}; ${commandHint('client', 'secret', 'list', client.client_id)} shows its secrets`,
  );
}
