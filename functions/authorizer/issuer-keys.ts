import { unavailable } from '../oauth/oauth-error.ts';
import { cachedKeys } from '../remote/cached-keys.ts';
import { fetchIssuerJwks, type MetadataUrl, oauthMetadataUrl } from '../remote/issuer-documents.ts';
import type { JsonSource } from '../remote/json-document.ts';
import { type KeySet, parseKeySet } from './key-set.ts';

/**
 * The issuer's keys for a token that names this `kid`. They may still lack it.
 * @param coolDown seconds without a fetch after the last one, while they do: fewer for what comes from the issuer
 *   itself, since anybody may send a token
 * @throws OAuthError `temporarily_unavailable` when no keys can be had.
 */
export type IssuerKeys = (kid: string, coolDown?: number) => Promise<KeySet>;

/** Where an issuer's keys come from. */
export interface Source extends JsonSource {
  readonly issuer: string;
  /** Where its metadata are. @default by RFC 8414 §3.1 */
  readonly metadataUrl?: MetadataUrl;
  /** NumericDate. */
  readonly now: () => number;
}

/**
 * Seconds between two fetches for a kid that the keys lack. A signature that fails is none of the reasons for
 * one: a kid of Countersign is its key's thumbprint, under which no other key can take its place. Where another
 * issuer puts a new key under an old kid, it counts when the keys are fetched for their age.
 */
const coolDown = 30;
/** Seconds for which an issuer that has failed is not asked again, while there are no keys: one to two. */
const failureCoolDown = 2;

/**
 * Finds the keys of one issuer through its metadata (RFC 8414 §3), and caches them as cachedKeys does.
 * While there are none, whatever tokens come in are answered at once until the issuer may be asked again.
 * @throws Error when the issuer is no usable issuer identifier.
 */
export function issuerKeys(source: Source): IssuerKeys {
  const { issuer, metadataUrl = oauthMetadataUrl } = source;
  metadataUrl(issuer);
  const cached = cachedKeys<KeySet>({
    async fetch(previous) {
      const { document, maxAge } = await fetchIssuerJwks(issuer, metadataUrl, source);
      return { keys: parseKeySet(document, previous), maxAge };
    },
    now: source.now,
    coolDown,
    failureCoolDown,
  });
  return async (kid, shorter) => {
    try {
      return await cached(({ keys }) => !keys.has(kid), shorter);
    } catch (error) {
      throw unavailable(error);
    }
  };
}
