import { fetchJson, type JsonDocument, type JsonSource } from './json-document.ts';

/**
 * Fetches the bundle of a trust domain, as a JWK Set of those keys that sign JWT-SVIDs (SPIFFE Trust Domain and Bundle
 * §4.2.2): a key for X.509-SVIDs, or for what is not known, signs none. It is fetched again as the bundle hints.
 * @throws as fetchJson does; Error when it is no bundle
 */
export async function fetchSvidKeys(url: string, source: JsonSource): Promise<JsonDocument> {
  const { document, maxAge } = await fetchJson(url, source);
  const keys = 'keys' in document ? document.keys : undefined;
  if (!Array.isArray(keys)) throw new Error('the bundle has no keys member');
  return {
    document: { keys: keys.filter(signsSvids).map(({ use: _, ...key }) => key) },
    maxAge: sooner(maxAge, hintOf(document)),
  };
}

const signsSvids = (key: unknown): boolean =>
  typeof key === 'object' && key !== null && 'use' in key && key.use === 'jwt-svid';

/** §4.1.2 there: seconds. */
function hintOf(bundle: object): number | undefined {
  const hint = 'spiffe_refresh_hint' in bundle ? bundle.spiffe_refresh_hint : undefined;
  return typeof hint === 'number' ? hint : undefined;
}

const sooner = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
