import type { KeyObject } from 'node:crypto';
import { type JWTPayload, jwtVerify } from 'jose';
import { JWTClaimValidationFailed, JWTExpired } from 'jose/errors';
import {
  type AssertionKeys,
  candidateKeys,
  type FindAssertionKeys,
  maxTries,
  reasonOf,
} from '../../oauth/assertion-keys.ts';
import type { KeyFault } from '../../oauth/foreign-key.ts';
import { cacheKey, importKey, type ReadKey } from '../../oauth/imported-keys.ts';
import { invalidClient, noKeyFits } from '../../oauth/oauth-error.ts';
import type { Profile } from '../../oauth/profile.ts';
import { claimProblem } from './assertion-problem.ts';
import type { UnverifiedAssertion } from './client-assertion.ts';
import { decoyKeys } from './decoy-keys.ts';
import type { Problem } from './explained-refusal.ts';

/** What a key has signed. */
interface SignedClaims {
  readonly key: KeyObject;
  readonly claims: JWTPayload;
  /** What jose finds wrong with them; undefined: nothing. */
  readonly problem: Problem | undefined;
}

/** An assertion that one of the keys has signed. It authenticates nobody by that alone. */
export interface SignedAssertion extends SignedClaims {
  /**
   * Makes up for what a signature that fails would have cost: the time must not tell that this one verifies, where
   * that alone does not show who the client is.
   */
  readonly costAsFailed: () => Promise<void>;
}

/** What an assertion is verified with, beside its keys. */
export interface SignatureChecks {
  readonly profile: Pick<Profile, 'clientAlgorithms'>;
  /** NumericDate. */
  readonly now: () => number;
}

/** Seconds by which the clocks of the assertion's maker and of this server may differ. */
export const clockSkew = 30;

/**
 * Verifies the signature and the times of an assertion (RFC 7523 §3 (4), (5), (9)). Keys in its header, and
 * URLs of keys, are ignored (RFC 7515 §4.1.2 to §4.1.6). Where no key verifies, newer ones are tried, if there
 * are any. One that fails has always cost three verifications, and more only where the keys have changed.
 * Decoys make up for keys that the client has not, also where there is no client.
 * @returns what is signed, though it may be too late or too early
 * @throws OAuthError `invalid_client`; KeysUnavailable where there are no keys because they cannot be had
 */
export async function verifySignature(
  assertion: UnverifiedAssertion,
  find: FindAssertionKeys,
  { profile, now }: SignatureChecks,
): Promise<SignedAssertion> {
  // RFC 8725 §3.1: the header chooses among our algorithms, and adds none.
  const alg = profile.clientAlgorithms.find((name) => name === assertion.alg);
  if (!alg) throw invalidClient('alg is none that a client may use');
  const by = { ...assertion, alg };
  const tried: ReadKey[] = [];
  const signedBy = (read: ReadKey): Promise<SignedClaims | undefined> => {
    tried.push(read);
    return verify(assertion, read, now());
  };
  const costAsFailed = async (): Promise<void> => {
    // Those from the cache are imported, too, as if they had not been there.
    for (const { jwk } of tried.filter(({ isCached }) => isCached)) importKey(jwk, alg);
    const decoys = decoyKeys(by, maxTries - tried.length);
    for (const decoy of decoys) await signedBy(decoy);
  };
  let reason: unknown;
  for await (const set of keySets(find)) {
    const faults = new Set<KeyFault>();
    const candidates = candidateKeys(
      set,
      by,
      tried.map(({ jwk }) => jwk),
    );
    const signed = await firstSigned(candidates, signedBy, faults);
    if (signed) {
      tried.forEach(cacheKey);
      return { ...signed, costAsFailed };
    }
    reason = tried.length > 0 ? 'signature verification failed' : reasonOf(set, faults);
  }
  await costAsFailed();
  throw noKeyFits(reason);
}

/** The keys that are there, and where these fail, newer ones, if there are any. */
async function* keySets(find: FindAssertionKeys): AsyncGenerator<AssertionKeys> {
  const cached = await find();
  yield cached;
  const newer = await find(cached);
  // The same keys are not even read again: the time would tell that there are any.
  if (newer !== cached) yield newer;
}

/** What one of the keys has signed; undefined: none has. What is wrong with the others is added to `faults`. */
async function firstSigned(
  candidates: Iterable<ReadKey | KeyFault>,
  signedBy: (read: ReadKey) => Promise<SignedClaims | undefined>,
  faults: Set<KeyFault>,
): Promise<SignedClaims | undefined> {
  for (const read of candidates) {
    const signed = typeof read === 'string' ? void faults.add(read) : await signedBy(read);
    if (signed) return signed;
  }
  return undefined;
}

/** What a key has signed; undefined: it has not. */
async function verify(
  { jwt, alg }: UnverifiedAssertion,
  { key, verifier }: ReadKey,
  now: number,
): Promise<SignedClaims | undefined> {
  try {
    const { payload } = await jwtVerify(jwt, verifier, {
      algorithms: [alg],
      clockTolerance: clockSkew,
      currentDate: new Date(now * 1000),
      // Whoever reads the assertion has looked for `iss`, which a JWT-SVID need not have.
      requiredClaims: ['sub', 'aud', 'exp'],
    });
    return { key, claims: payload, problem: undefined };
  } catch (error) {
    // jose looks at the claims after the signature.
    return error instanceof JWTClaimValidationFailed || error instanceof JWTExpired
      ? { key, claims: error.payload, problem: claimProblem(error, now) }
      : undefined;
  }
}
