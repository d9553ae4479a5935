import { NoAnswer, sendHttp } from '../io/http.ts';
import { type JsonObject, jsonObject } from '../io/json-answer.ts';

/** The names of the two metadata documents of an issuer. */
export const documentNames = ['oauth-authorization-server', 'openid-configuration'] as const;

/** One of them. */
export type DocumentName = (typeof documentNames)[number];

/**
 * Where an issuer has a metadata document. RFC 8414 §3.1 puts the well-known path before the
 * issuer's own path, OpenID Connect Discovery 1.0 §4 after it.
 */
export function documentUrl(issuer: string, name: DocumentName): URL {
  const { origin, pathname } = new URL(issuer);
  const own = pathname.replace(/\/$/, '');
  const path = `/.well-known/${name}`;
  return new URL(name === 'openid-configuration' ? own + path : path + own, origin);
}

/**
 * Fetches the metadata of an authorization server (RFC 8414 §3).
 * @throws NoAnswer when there are none, or they are of another issuer (§3.3)
 */
export async function fetchMetadata(issuer: string): Promise<JsonObject> {
  const answer = await sendHttp({ url: documentUrl(issuer, 'oauth-authorization-server') });
  const metadata = jsonObject(answer);
  if (answer.status !== 200) throw new NoAnswer(`it answers ${answer.status}`);
  if (metadata.issuer === issuer) return metadata;
  throw new NoAnswer('it has the metadata of another issuer');
}
