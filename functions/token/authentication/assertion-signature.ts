import type { KeyObject } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { AssertionAlgorithm } from '../../oauth/assertion-algorithms.ts';
import { type AssertionKeys, candidateKeys, maxTries } from '../../oauth/assertion-keys.ts';
import { invalidClient, noKeyFits } from '../../oauth/oauth-error.ts';
import { verificationProblem } from '../../oauth/verification-problem.ts';
import type { UnverifiedAssertion } from './client-assertion.ts';
import { decoyKeys } from './decoy-keys.ts';

/** By what an assertion has to verify, and when. */
export interface SignatureExpectation {
  readonly keys: AssertionKeys;
  readonly algorithms: readonly AssertionAlgorithm[];
  /** NumericDate. */
  readonly now: number;
}

/** Seconds by which the clocks of the assertion's maker and of this server may differ. */
export const clockSkew = 30;

/**
 * Verifies the signature and the times of an assertion (RFC 7523 §3 (4), (5), (9)). Keys in its header, and
 * URLs of keys, are ignored (RFC 7515 §4.1.2 to §4.1.6). One that fails has always cost three verifications.
 * Decoys make up for keys that the client has not, also where there is no client.
 * @throws OAuthError `invalid_client`; KeysUnavailable where there are no keys because they cannot be had
 */
export async function verifySignature(
  assertion: UnverifiedAssertion,
  { keys, algorithms, now }: SignatureExpectation,
): Promise<JWTPayload> {
  // RFC 8725 §3.1: the header chooses among our algorithms, and adds none.
  const alg = algorithms.find((name) => name === assertion.alg);
  if (!alg) throw invalidClient('alg is none that a client may use');
  const { keys: candidates, reason } = candidateKeys(keys, assertion);
  for (const key of candidates) {
    const claims = await verify(assertion, key, now);
    if (claims) return claims;
  }
  for (const decoy of decoyKeys({ ...assertion, alg }, maxTries - candidates.length)) {
    await verify(assertion, decoy, now);
  }
  throw noKeyFits(candidates.length > 0 ? 'signature verification failed' : reason);
}

/** The claims that a key has signed; undefined: it has not. */
async function verify(
  { jwt, alg }: UnverifiedAssertion,
  key: KeyObject,
  now: number,
): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtVerify(jwt, key, {
      algorithms: [alg],
      clockTolerance: clockSkew,
      currentDate: new Date(now * 1000),
      requiredClaims: ['iss', 'sub', 'aud', 'exp'],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return undefined;
    throw invalidClient(verificationProblem(error));
  }
}
