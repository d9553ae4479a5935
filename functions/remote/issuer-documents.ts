import { isSecureUrl } from '../oauth/secure-url.ts';
import { ForbiddenUrl } from './forbidden-url.ts';
import { fetchJson, type JsonDocument, type JsonSource } from './json-document.ts';

/** Where an issuer publishes its metadata. */
export type MetadataUrl = (issuer: string) => string;

/**
 * The address of an authorization server's metadata (RFC 8414 §3.1): the well-known path goes
 * between host and path.
 * @throws ForbiddenUrl when the issuer is not an https URL without query and fragment (§2); http will do
 *   for a loopback host.
 */
export const oauthMetadataUrl: MetadataUrl = (issuer) => {
  const { origin, pathname } = issuerUrl(issuer);
  return `${origin}/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`;
};

/**
 * The address of an OpenID provider's metadata (OpenID Connect Discovery 1.0 §4): the well-known
 * path goes behind the issuer.
 * @throws ForbiddenUrl as oauthMetadataUrl does.
 */
export const openidMetadataUrl: MetadataUrl = (issuer) => {
  const { origin, pathname } = issuerUrl(issuer);
  return `${origin}${pathname.replace(/\/$/, '')}/.well-known/openid-configuration`;
};

/**
 * Fetches an issuer's JWK Set from where its metadata says (RFC 8414 §2, §3.3).
 * @throws ForbiddenUrl when the issuer may not be asked; Error when either cannot be had or is not what it should be.
 */
export async function fetchIssuerJwks(
  issuer: string,
  metadataUrl: MetadataUrl,
  source: JsonSource,
): Promise<JsonDocument> {
  const { document } = await fetchJson(metadataUrl(issuer), source);
  return await fetchJson(jwksUri(document, issuer), source).catch(ofPublisher);
}

/** Where metadata lead is the fault of whoever publishes them: the registered issuer is not the forbidden URL. */
function ofPublisher(error: unknown): never {
  throw error instanceof ForbiddenUrl
    ? new Error(`jwks_uri in the metadata: ${error.message}`)
    : error;
}

function issuerUrl(issuer: string): URL {
  const url = URL.parse(issuer);
  if (url === null || !isSecureUrl(url) || /[?#]/.test(issuer)) {
    throw new ForbiddenUrl(`the issuer "${issuer}" is not an https URL without query and fragment`);
  }
  return url;
}

function jwksUri(metadata: object, issuer: string): string {
  // RFC 8414 §3.3: identical, or the document is not this issuer's.
  if (!('issuer' in metadata) || metadata.issuer !== issuer) {
    throw new Error('the metadata are those of another issuer');
  }
  const uri = 'jwks_uri' in metadata ? URL.parse(String(metadata.jwks_uri)) : null;
  const mayBePlain = issuer.startsWith('http:');
  if (uri === null || !(uri.protocol === 'https:' || (mayBePlain && isSecureUrl(uri)))) {
    throw new Error('the metadata have no jwks_uri that is an https URL');
  }
  return uri.href;
}
