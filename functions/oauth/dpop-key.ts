import { type CryptoKey, calculateJwkThumbprint, EmbeddedJWK, type JWK } from 'jose';
import QuickLRU from 'quick-lru';
import type { AssertionAlgorithm } from './assertion-algorithms.ts';

/** What the header of a DPoP proof says of its key. */
export interface DpopHeader {
  readonly alg: AssertionAlgorithm;
  readonly jwk: JWK;
}

/** The public key of a DPoP proof, ready for use. */
export interface DpopKey {
  readonly publicKey: CryptoKey;
  /** Its RFC 7638 thumbprint. */
  readonly jkt: string;
}

/** The alg and all of the JWK, as JSON -> the key. Importing a key is a third of a proof's cost. */
const imported = new QuickLRU<string, DpopKey>({ maxSize: 500 });

/**
 * Imports the key of a DPoP proof (RFC 9449 §4.2), or finds it in the cache.
 * @throws JOSEError or DOMException when it is none
 */
export async function importDpopKey({ alg, jwk }: DpopHeader): Promise<DpopKey> {
  const said = JSON.stringify([alg, jwk]);
  const known = imported.get(said);
  if (known) return known;
  const publicKey = await EmbeddedJWK({ alg, jwk });
  const key = { publicKey, jkt: await calculateJwkThumbprint(jwk) };
  imported.set(said, key);
  return key;
}
