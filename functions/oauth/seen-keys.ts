import { hash, type KeyObject } from 'node:crypto';
import { importJWK, type JWK } from 'jose';
import QuickLRU from 'quick-lru';
import { type KeyFault, readForeignKey } from './foreign-key.ts';

/** A key of a set, ready for use. */
export interface ReadKey {
  readonly key: KeyObject;
  readonly jwk: JWK;
  /** SHA-256 of all that the JWK says. */
  readonly said: string;
  /** Whether it has verified a signature before, and was not imported. */
  readonly isSeen: boolean;
}

/**
 * What a JWK says -> the key, of those that have verified a signature: nobody else can put one here, or another in its
 * place. Whose key it is, and whether it still is, says the set alone. QuickLRU holds up to twice as many: some
 * megabytes at most.
 */
const seen = new QuickLRU<string, KeyObject>({ maxSize: 500 });

/** Keys that are left out. In a set that is cached each is looked at once, however many there are. */
const leftOut = new WeakMap<JWK, KeyFault>();

/**
 * Reads a key of a set, or finds it among those seen.
 * @returns the key, or why it is of no use here
 */
export function readKey(jwk: JWK): ReadKey | KeyFault {
  const said = hash('sha256', JSON.stringify(jwk), 'base64url');
  const known = seen.get(said);
  if (known) return { key: known, jwk, said, isSeen: true };
  const read = leftOut.get(jwk) ?? readForeignKey(jwk);
  if (typeof read !== 'string') return { key: read, jwk, said, isSeen: false };
  leftOut.set(jwk, read);
  return read;
}

/** Remembers a key that has verified a signature: it need not be imported again. */
export const rememberKey = ({ key, said }: ReadKey): void => void seen.set(said, key);

/**
 * Imports a key that was seen as often as one that was not: once for us, and once for jose. That takes as long as half
 * a verification.
 */
export async function importAnew({ key, jwk }: ReadKey, alg: string): Promise<void> {
  readForeignKey(jwk);
  await importJWK(key.export({ format: 'jwk' }), alg);
}
