import { createLocalJWKSet, type JWK } from 'jose';
import { algorithmsFor } from './assertion-algorithms.ts';
import { hasSecretMember } from './public-jwk.ts';

/** The keys that may have signed an assertion. */
export interface AssertionKeys {
  readonly keys: readonly JWK[];
  readonly kids: ReadonlySet<string>;
  /** Chooses the key for a JWS header (RFC 7517 §4). */
  readonly find: ReturnType<typeof createLocalJWKSet>;
}

/** More than any client needs. A limit, since each key may cost a verification. */
const maxKeys = 100;

/**
 * Reads a JWK Set that a client or a platform has made (RFC 7517 §5). Keys that cannot verify an
 * assertion, and keys that are not public, are left out.
 * @throws Error when the document is no JWK Set, or has more than 100 keys.
 */
export function parseAssertionKeys(document: object): AssertionKeys {
  const all: unknown = 'keys' in document ? document.keys : undefined;
  if (!Array.isArray(all)) throw new Error('the JWK Set has no keys member');
  if (all.length > maxKeys) throw new Error(`the JWK Set has more than ${maxKeys} keys`);
  const keys = all.filter(isUsable);
  return {
    keys,
    kids: new Set(keys.flatMap(({ kid }) => kid ?? [])),
    find: createLocalJWKSet({ keys }),
  };
}

function isUsable(value: unknown): value is JWK {
  if (typeof value !== 'object' || value === null || hasSecretMember(value)) return false;
  const { kty, crv, kid, use = 'sig' }: { readonly [name: string]: unknown } = { ...value };
  const named = kid === undefined || typeof kid === 'string';
  return named && use === 'sig' && algorithmsFor({ kty: text(kty), crv: text(crv) }).length > 0;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
