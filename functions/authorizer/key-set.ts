import { createLocalJWKSet, type JSONWebKeySet, type JWK } from 'jose';
import QuickLRU from 'quick-lru';
import { readPublicKey } from '../oauth/foreign-key.ts';
import { hasSecretMember, saidMembers } from '../oauth/public-jwk.ts';
import type { AccessToken } from './claims.ts';

/** The issuer's public keys as fetched once, and the tokens that they have verified. */
export interface KeySet {
  readonly kids: ReadonlySet<string>;
  /** Chooses the key for a JWS header (RFC 7517 §4). */
  readonly find: ReturnType<typeof createLocalJWKSet>;
  /** SHA-256 of a token -> its claims. A new key set starts empty, so that tokens of a removed key are refused. */
  readonly verified: QuickLRU<string, AccessToken>;
  /** The keys as JSON, by which two sets are compared. */
  readonly content: string;
}

/**
 * Reads a JWK Set (RFC 7517 §5). Keys without a `kid`, keys that are not public and weak ones are
 * left out, each by itself: an issuer's keys verify what anybody sends, too.
 * @returns `previous` when the keys are still the same.
 * @throws Error when the document is not a JWK Set.
 */
export function parseKeySet(document: object, previous: KeySet | undefined): KeySet {
  const keys = 'keys' in document && Array.isArray(document.keys) ? document.keys : undefined;
  if (keys === undefined) throw new Error('the JWK Set has no keys member');
  const jwks: JSONWebKeySet = { keys: keys.filter(isPublicKey).map(forVerifying) };
  const content = JSON.stringify(jwks);
  if (content === previous?.content) return previous;
  return {
    kids: new Set(jwks.keys.map(({ kid }) => String(kid))),
    find: createLocalJWKSet(jwks),
    verified: new QuickLRU({ maxSize: 1000 }),
    content,
  };
}

const isPublicKey = (key: unknown): key is JWK =>
  typeof key === 'object' &&
  key !== null &&
  'kid' in key &&
  typeof key.kid === 'string' &&
  !hasSecretMember(key) &&
  isSound(key);

/** jose imports a key for all of its key_ops, and a public key cannot be for more than verifying (RFC 7517 §4.3). */
function forVerifying(jwk: JWK): JWK {
  const key = saidMembers(jwk);
  return Array.isArray(key.key_ops) && key.key_ops.includes('verify')
    ? { ...key, key_ops: ['verify'] }
    : key;
}

/** Types that clients do not use, such as AKP, are for jose to judge. */
function isSound(key: object): boolean {
  const read = readPublicKey({ ...key });
  return typeof read !== 'string' || read === 'type';
}
