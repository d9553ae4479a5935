import { type JsonObject, jsonObject } from '../../../cli/io/json-answer.ts';
import { checkSame, type Deployment } from '../conformance-case.ts';

/** The well-known documents that describe an issuer. */
export type WellKnown = 'oauth-authorization-server' | 'openid-configuration';

/** Where a document is when its name goes between host and path of the issuer (RFC 8414 §3). */
export function insertedUrl(issuer: string, name: WellKnown): URL {
  const url = new URL(issuer);
  url.pathname = `/.well-known/${name}${url.pathname.replace(/\/$/, '')}`;
  return url;
}

/** Where a document is when its name follows the issuer (OpenID Connect Discovery 1.0 §4). */
export const appendedUrl = (issuer: string, name: WellKnown): URL =>
  new URL(`${issuer}/.well-known/${name}`);

/**
 * Reads an issuer's metadata, by default where RFC 8414 §3 has it.
 * @throws Nonconformity
 */
export async function fetchMetadata(
  deployment: Deployment,
  url: URL = insertedUrl(deployment.issuer, 'oauth-authorization-server'),
): Promise<JsonObject> {
  const answer = await deployment.send({ url });
  checkSame(`the status of ${url.pathname}`, answer.status, 200);
  return jsonObject(answer);
}

/** The texts of a list in the metadata; empty where there is no list. */
export function listed(metadata: JsonObject, name: string): readonly string[] {
  const value = metadata[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Whether a URL keeps to https. On the computer itself http does no harm. */
export function isSecure(text: unknown): boolean {
  const url = URL.parse(String(text));
  const isLoopback = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(url?.hostname ?? '');
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback);
}
