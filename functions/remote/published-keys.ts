import QuickLRU from 'quick-lru';
import {
  type AssertionKeys,
  type FindAssertionKeys,
  noAssertionKeys,
  parseAssertionKeys,
} from '../oauth/assertion-keys.ts';
import { KeysUnavailable } from '../oauth/oauth-error.ts';
import { cachedKeys } from './cached-keys.ts';
import { ForbiddenUrl } from './forbidden-url.ts';
import { fetchIssuerJwks, openidMetadataUrl } from './issuer-documents.ts';
import { fetchJson, type JsonDocument, type JsonSource } from './json-document.ts';
import { fetchSvidKeys } from './spiffe-bundle.ts';

/**
 * Keys that clients and platforms publish. Where none can be had, the reason is KeysUnavailable, or a
 * ForbiddenUrl when the registered URL is never asked.
 */
export interface PublishedKeySets {
  /**
   * The keys behind a `jwks_uri` (RFC 7591 §2).
   * @param ca the authorities that vouch for its server, and no others; absent: those that everybody trusts
   */
  ofJwksUri(jwks_uri: string, ca?: string): FindAssertionKeys;
  /** The keys by which a trust domain signs JWT-SVIDs (SPIFFE Trust Domain and Bundle §4). */
  ofBundle(spiffe_bundle_endpoint: string): FindAssertionKeys;
  /** The keys of a platform, by way of its discovery document (OpenID Connect Discovery 1.0 §4). */
  ofIssuer(issuer: string): FindAssertionKeys;
}

/** Where key sets come from. */
export interface PublishedKeySource extends JsonSource {
  /** NumericDate. */
  readonly now: () => number;
}

/**
 * Seconds between two fetches for an assertion that no cached key verifies: a key may have changed, under its
 * kid or without one, and anybody may send what none verifies.
 */
const coolDown = 10;
/** Seconds for which a server that has failed to answer is not asked again. */
const failureCoolDown = 10;

/** Fetches key sets, and caches at least the thousand that were used last, each as cachedKeys does. */
export function publishedKeySets(source: PublishedKeySource): PublishedKeySets {
  const cached = new QuickLRU<string, FindAssertionKeys>({ maxSize: 1000 });
  const find = (name: string, fetchJwks: () => Promise<JsonDocument>): FindAssertionKeys => {
    const keys = cached.get(name) ?? cachedAssertionKeys(fetchJwks, source.now);
    cached.set(name, keys);
    return keys;
  };
  return {
    ofJwksUri: (uri, ca) =>
      find(['jwks_uri', uri, ca].join(' '), () => fetchJson(uri, { ...source, ca })),
    ofBundle: (url) => find(`bundle ${url}`, () => fetchSvidKeys(url, source)),
    ofIssuer: (issuer) =>
      find(`issuer ${issuer}`, () => fetchIssuerJwks(issuer, openidMetadataUrl, source)),
  };
}

function cachedAssertionKeys(
  fetchJwks: () => Promise<JsonDocument>,
  now: () => number,
): FindAssertionKeys {
  const cached = cachedKeys<AssertionKeys>({
    async fetch() {
      try {
        const { document, maxAge } = await fetchJwks();
        return { keys: parseAssertionKeys(document), maxAge };
      } catch (error) {
        if (error instanceof ForbiddenUrl) throw error;
        throw new KeysUnavailable(failureCoolDown, error);
      }
    },
    now,
    coolDown,
    failureCoolDown,
  });
  // Keys that were had have judged, though they may have grown too old since.
  return (tried) =>
    cached((keys) => keys === tried).catch((reason) => tried ?? noAssertionKeys(reason));
}
