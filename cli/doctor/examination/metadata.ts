import { isSecureUrl } from '../../../functions/oauth/secure-url.ts';
import type { JsonObject } from '../../io/json-answer.ts';

/**
 * Reads an endpoint as metadata give it.
 * @returns undefined when no secret may be sent there
 */
export function parseEndpoint(value: unknown): URL | undefined {
  const url = typeof value === 'string' ? URL.parse(value) : undefined;
  return url && isEndpoint(url) ? url : undefined;
}

/** The ways to send a client secret, the preferred one first. */
const secretMethods = ['client_secret_basic', 'client_secret_post'] as const;

export type SecretMethod = (typeof secretMethods)[number];

/**
 * Chooses how to send a secret. A deployment takes it either way, whichever the client is registered
 * with, unless it has the setting strictClientSecretMethod. Metadata without the member mean
 * client_secret_basic (RFC 8414 §2).
 * @returns undefined when the metadata announce neither
 */
export function secretMethod(metadata: JsonObject): SecretMethod | undefined {
  const { token_endpoint_auth_methods_supported: announced } = metadata;
  if (!Array.isArray(announced)) return 'client_secret_basic';
  return secretMethods.find((method) => announced.includes(method));
}

/** Whether a secret may be sent to a URL, and a report may show the URL. */
export function isEndpoint(url: URL): boolean {
  return isSecureUrl(url) && !hasUser(url);
}

/** Whether a URL has a user or a password in it, which every log on the way would keep. */
export function hasUser({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}
