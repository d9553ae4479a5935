import QuickLRU from 'quick-lru';
import { type AssertionKeys, parseAssertionKeys } from '../oauth/assertion-keys.ts';
import { KeysUnavailable } from '../oauth/oauth-error.ts';
import { cachedKeys } from './cached-keys.ts';
import { ForbiddenUrl } from './forbidden-url.ts';
import { fetchIssuerJwks, openidMetadataUrl } from './issuer-documents.ts';
import { fetchJson, type JsonDocument, type JsonSource } from './json-document.ts';

/**
 * Keys that clients and platforms publish, for an assertion that names this `kid`, if any; they may
 * still lack it. Fails with KeysUnavailable when they cannot be had, and with a ForbiddenUrl when the
 * registered URL is never asked.
 */
export interface PublishedKeySets {
  /** The keys behind a client's `jwks_uri` (RFC 7591 §2). */
  ofJwksUri(jwks_uri: string, kid: string | undefined): Promise<AssertionKeys>;
  /** The keys of a platform, by way of its discovery document (OpenID Connect Discovery 1.0 §4). */
  ofIssuer(issuer: string, kid: string | undefined): Promise<AssertionKeys>;
}

/** Where key sets come from. */
export interface PublishedKeySource extends JsonSource {
  /** NumericDate. */
  readonly now: () => number;
}

type FindKeys = (kid: string | undefined) => Promise<AssertionKeys>;

/** Seconds for which a server that has failed to answer is not asked again. */
const failureCoolDown = 10;

/** Fetches key sets, and caches at least the thousand that were used last, each as cachedKeys does. */
export function publishedKeySets(source: PublishedKeySource): PublishedKeySets {
  const cached = new QuickLRU<string, FindKeys>({ maxSize: 1000 });
  const find = (name: string, fetchJwks: () => Promise<JsonDocument>): FindKeys => {
    const keys = cached.get(name) ?? cachedAssertionKeys(fetchJwks, source.now);
    cached.set(name, keys);
    return keys;
  };
  return {
    ofJwksUri: (uri, kid) => find(`jwks_uri ${uri}`, () => fetchJson(uri, source))(kid),
    ofIssuer: (issuer, kid) =>
      find(`issuer ${issuer}`, () => fetchIssuerJwks(issuer, openidMetadataUrl, source))(kid),
  };
}

function cachedAssertionKeys(fetchJwks: () => Promise<JsonDocument>, now: () => number): FindKeys {
  return cachedKeys<AssertionKeys>({
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
    failureCoolDown,
  });
}
