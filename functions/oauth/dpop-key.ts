import { hash, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import QuickLRU from 'quick-lru';
import type { AssertionAlgorithm } from './assertion-algorithms.ts';
import { checkProofForm, parseDpopHeader } from './dpop-header.ts';
import { keyFaults, readForeignKey } from './foreign-key.ts';
import { invalidProof } from './oauth-error.ts';

/** The public key of a DPoP proof, ready for use. */
export interface DpopKey {
  readonly alg: AssertionAlgorithm;
  readonly publicKey: KeyObject;
  /** Its RFC 7638 thumbprint. */
  readonly jkt: string;
  /** SHA-256 of the header that it came in. */
  readonly header: string;
}

/**
 * Header -> key, of those that have verified a proof. A client's proofs have one header, in which all is said of its
 * key: the same text means the same key. Digests, so that nothing of a request is kept, however long it is. QuickLRU
 * holds up to twice as many: some megabytes at most.
 */
const imported = new QuickLRU<string, DpopKey>({ maxSize: 500 });

/**
 * Reads by which key a DPoP proof has to verify (RFC 9449 §4.2, §4.3 (2) to (5)), or finds it in the cache.
 * @throws OAuthError `invalid_dpop_proof` when there is none that is of use here
 */
export async function readDpopKey(
  proof: string,
  algorithms: readonly AssertionAlgorithm[],
): Promise<DpopKey> {
  checkProofForm(proof);
  const header = hash('sha256', proof.slice(0, proof.indexOf('.')), 'base64url');
  const cached = imported.get(header);
  if (cached && algorithms.includes(cached.alg)) return cached;
  const { alg, jwk } = parseDpopHeader(proof, algorithms);
  const publicKey = readForeignKey(jwk);
  if (typeof publicKey === 'string') throw invalidProof(`jwk ${keyFaults[publicKey]}`);
  return { alg, publicKey, jkt: await calculateJwkThumbprint(jwk), header };
}

/** Caches a key that has verified a proof: the next one with the same header need not import it. */
export const cacheDpopKey = (key: DpopKey): void => void imported.set(key.header, key);
