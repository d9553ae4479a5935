import type { KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import QuickLRU from 'quick-lru';
import type { AssertionAlgorithm } from './assertion-algorithms.ts';
import { keyFaults, readForeignKey } from './foreign-key.ts';
import { invalidProof } from './oauth-error.ts';

/** What the header of a DPoP proof says of its key. */
export interface DpopHeader {
  readonly alg: AssertionAlgorithm;
  readonly jwk: JWK;
}

/** The public key of a DPoP proof, ready for use. */
export interface DpopKey {
  readonly publicKey: KeyObject;
  /** Its RFC 7638 thumbprint. */
  readonly jkt: string;
}

/** The JWK, as JSON -> the key. Importing a key is a third of a proof's cost. */
const imported = new QuickLRU<string, DpopKey>({ maxSize: 500 });

/**
 * Imports the key of a DPoP proof (RFC 9449 §4.2), or finds it in the cache.
 * @throws OAuthError `invalid_dpop_proof` when it is of no use here
 */
export async function importDpopKey({ jwk }: DpopHeader): Promise<DpopKey> {
  const said = JSON.stringify(jwk);
  const known = imported.get(said);
  if (known) return known;
  const publicKey = readForeignKey(jwk);
  if (typeof publicKey === 'string') throw invalidProof(`jwk ${keyFaults[publicKey]}`);
  const key = { publicKey, jkt: await calculateJwkThumbprint(jwk) };
  imported.set(said, key);
  return key;
}
