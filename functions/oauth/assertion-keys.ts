import type { JWK } from 'jose';
import { type AssertionAlgorithm, algorithmsFor, signatureSize } from './assertion-algorithms.ts';
import { type KeyFault, keyFaults } from './foreign-key.ts';
import { type ReadKey, readKey } from './imported-keys.ts';
import { isSameKey, saidMembers } from './public-jwk.ts';

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

/**
 * Chooses at most three keys that may have made a signature: by its kid, then by what fits. Of one set they are
 * always the same, each once. A key is read when it is its turn.
 * @param tried keys that have not, and are left out of the three
 * @returns the keys, and what is wrong with others that would be among them
 */
export function* candidateKeys(
  { keys }: AssertionKeys,
  by: SignedBy & { readonly alg: AssertionAlgorithm },
  tried: readonly JWK[] = [],
): Generator<ReadKey | KeyFault> {
  const chosen: JWK[] = [];
  for (const jwk of namedKeys(keys, by)) {
    if (chosen.length === maxTries) return;
    if (isAmong(chosen, jwk) || !fits(jwk, by)) continue;
    const key = unlessTried(jwk, tried, by.alg);
    if (typeof key !== 'string') chosen.push(jwk);
    if (key !== undefined) yield key;
  }
}

const unlessTried = (jwk: JWK, tried: readonly JWK[], alg: AssertionAlgorithm) =>
  isAmong(tried, jwk) ? undefined : readKey(jwk, alg);

const isAmong = (keys: readonly JWK[], jwk: JWK): boolean =>
  keys.some((other) => isSameKey(other, jwk));

/** Why no key of a set was tried, for the log. */
export function reasonOf({ reason }: AssertionKeys, faults: ReadonlySet<KeyFault>): unknown {
  const left = [...faults].map((fault) => `; one is left out, which ${keyFaults[fault]}`);
  return reason ?? `no applicable key in the set${left.join('')}`;
}

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
