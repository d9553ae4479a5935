import type { KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { algorithmsFor, signatureSize } from './assertion-algorithms.ts';
import { type KeyFault, keyFaults, readForeignKey } from './foreign-key.ts';
import { saidMembers } from './public-jwk.ts';

/** The keys that may have signed an assertion, as they were published or registered. */
export interface AssertionKeys {
  readonly keys: readonly JWK[];
  /** Why there are none, for the log; absent: there may be some. */
  readonly reason?: unknown;
}

/**
 * Finds the keys that may have signed an assertion.
 * @param tried keys of which none has; undefined: there was no try yet
 * @returns newer ones than those, or the same where there are no newer
 */
export type FindAssertionKeys = (tried?: AssertionKeys) => Promise<AssertionKeys>;

/** What chooses the keys of a signature (RFC 7517 §4.2 to §4.5). */
export interface SignedBy {
  readonly alg: string;
  readonly kid: string | undefined;
  readonly signature: Uint8Array;
}

/** More than any client needs. */
const maxKeys = 100;

/** Keys that are tried for one signature: each costs a verification. */
export const maxTries = 3;

/**
 * Reads a JWK Set that a client or a platform has made (RFC 7517 §5). What is no key is left out, and does
 * not spoil the others; so is, when a signature is to be verified, a key against the rule of foreign-key.ts.
 * @throws Error when the document is no JWK Set, or has more than 100 keys.
 */
export function parseAssertionKeys(document: object): AssertionKeys {
  const all: unknown = 'keys' in document ? document.keys : undefined;
  if (!Array.isArray(all)) throw new Error('the JWK Set has no keys member');
  if (all.length > maxKeys) throw new Error(`the JWK Set has more than ${maxKeys} keys`);
  const keys = all
    .filter((value): value is JWK => typeof value === 'object' && value !== null)
    .map(saidMembers);
  return { keys };
}

/** No keys, and why. */
export const noAssertionKeys = (reason: unknown): AssertionKeys => ({ keys: [], reason });

/** Finds these keys, and no newer. */
export const onlyKeys =
  (keys: AssertionKeys): FindAssertionKeys =>
  async () =>
    keys;

/** The keys that are tried for a signature. */
export interface Candidates {
  readonly keys: readonly KeyObject[];
  /** Why there are none, for the log. */
  readonly reason: unknown;
}

/**
 * Chooses at most three keys that may have made a signature: by its kid, then by what fits. Of one set they are
 * always the same, each once.
 * @param tried keys that have not, and are left out of the three
 */
export function candidateKeys(
  { keys, reason }: AssertionKeys,
  by: SignedBy,
  tried: readonly KeyObject[] = [],
): Candidates {
  const found: KeyObject[] = [];
  const faults = new Set<KeyFault>();
  for (const jwk of namedKeys(keys, by)) {
    if (found.length === maxTries) break;
    if (!fits(jwk, by)) continue;
    const key = readOnce(jwk);
    if (typeof key === 'string') faults.add(key);
    else if (!isAmong(found, key)) found.push(key);
  }
  const left = [...faults].map((fault) => `; one is left out, which ${keyFaults[fault]}`).join('');
  const keysLeft = found.filter((key) => !isAmong(tried, key));
  return { keys: keysLeft, reason: reason ?? `no applicable key in the set${left}` };
}

const isAmong = (keys: readonly KeyObject[], key: KeyObject): boolean =>
  keys.some((other) => other.equals(key));

/** The keys that a kid may mean (RFC 7517 §4.5): those of that name, then those without any. */
function namedKeys(keys: readonly JWK[], { kid }: SignedBy): readonly JWK[] {
  if (kid === undefined) return keys;
  return [kid, undefined].flatMap((name) => keys.filter((jwk) => jwk.kid === name));
}

/** Whether a key may have made a signature, by its type and its size. */
const fits = (jwk: JWK, by: SignedBy): boolean => isOfType(jwk, by) && fitsSignature(jwk, by);

/** Whether a key is one for the alg of a header. */
const isOfType = (jwk: JWK, { alg }: SignedBy): boolean =>
  algorithmsFor(jwk).some((name) => name === alg) && (jwk.alg ?? alg) === alg;

/** Keys that are left out. In a set that is cached each is looked at once, however many there are. */
const leftOut = new WeakMap<JWK, KeyFault>();

function readOnce(jwk: JWK): KeyObject | KeyFault {
  const read = leftOut.get(jwk) ?? readForeignKey(jwk);
  if (typeof read === 'string') leftOut.set(jwk, read);
  return read;
}

/**
 * Whether a signature can be by a key of this size. A key of another size refuses at once, and the time would
 * tell that the client has none of this size. RFC 8017 §8.1.2 has an RSA signature as long as the modulus, and below it.
 */
function fitsSignature({ n }: JWK, { alg, signature }: SignedBy): boolean {
  const size = signatureSize(alg);
  if (size !== undefined) return signature.length === size;
  const modulus = Buffer.from(typeof n === 'string' ? n : '', 'base64url');
  return signature.length === modulus.length && modulus.compare(signature) > 0;
}
