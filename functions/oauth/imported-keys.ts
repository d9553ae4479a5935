import { hash, type KeyObject } from 'node:crypto';
import type { CryptoKey, JWK } from 'jose';
import QuickLRU from 'quick-lru';
import { type AssertionAlgorithm, webCryptoKeysOf } from './assertion-algorithms.ts';
import { type KeyFault, readForeignKey } from './foreign-key.ts';

/** A key of a set, imported for one algorithm. */
interface ImportedKey {
  readonly key: KeyObject;
  /** The same, as jose verifies with it. */
  readonly verifier: CryptoKey;
}

/** A key of a set, ready for use. */
export interface ReadKey extends ImportedKey {
  readonly jwk: JWK;
  /** SHA-256 of the algorithm, and of all that the JWK says. */
  readonly said: string;
  /** Whether it comes from the cache, and was not imported. */
  readonly isCached: boolean;
}

/**
 * What a JWK says -> the key, of sets of which one key has verified a signature: who has not signed can put none
 * here, and nobody another in its place. Whose key it is, and whether it still is, says the set alone. QuickLRU
 * holds up to twice as many: some megabytes at most.
 */
const imported = new QuickLRU<string, ImportedKey>({ maxSize: 500 });

/** Keys that are left out. In a set that is cached each is looked at once, however many there are. */
const leftOut = new WeakMap<JWK, KeyFault>();

/**
 * Reads a key of a set, or finds it in the cache.
 * @returns the key, or why it is of no use here
 */
export function readKey(jwk: JWK, alg: AssertionAlgorithm): ReadKey | KeyFault {
  const fault = leftOut.get(jwk);
  if (fault) return fault;
  const said = hash('sha256', `${alg} ${JSON.stringify(jwk)}`, 'base64url');
  const cached = imported.get(said);
  if (cached) return { ...cached, jwk, said, isCached: true };
  const read = importKey(jwk, alg);
  if (typeof read !== 'string') return { ...read, jwk, said, isCached: false };
  leftOut.set(jwk, read);
  return read;
}

/** Caches a key that was tried for a signature which one of its set has verified: it need not be imported again. */
export const cacheKey = ({ key, verifier, said }: ReadKey): void =>
  void imported.set(said, { key, verifier });

/** Imports a key: that takes as long as half a verification. */
export function importKey(jwk: JWK, alg: AssertionAlgorithm): ImportedKey | KeyFault {
  const key = readForeignKey(jwk);
  if (typeof key === 'string') return key;
  return { key, verifier: key.toCryptoKey(webCryptoKeysOf(alg), true, ['verify']) };
}
