import type { KeyObject } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import {
  type Candidates,
  candidateKeys,
  type FindAssertionKeys,
  maxTries,
} from '../../oauth/assertion-keys.ts';
import { invalidClient, noKeyFits } from '../../oauth/oauth-error.ts';
import type { Profile } from '../../oauth/profile.ts';
import { verificationProblem } from '../../oauth/verification-problem.ts';
import type { UnverifiedAssertion } from './client-assertion.ts';
import { decoyKeys } from './decoy-keys.ts';

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
 * @throws OAuthError `invalid_client`; KeysUnavailable where there are no keys because they cannot be had
 */
export async function verifySignature(
  assertion: UnverifiedAssertion,
  find: FindAssertionKeys,
  { profile, now }: SignatureChecks,
): Promise<JWTPayload> {
  // RFC 8725 §3.1: the header chooses among our algorithms, and adds none.
  const alg = profile.clientAlgorithms.find((name) => name === assertion.alg);
  if (!alg) throw invalidClient('alg is none that a client may use');
  const tried: Candidates[] = [];
  for await (const candidates of candidateSets(find, assertion)) {
    const claims = await verifyByAny(assertion, candidates.keys, now);
    if (claims) return claims;
    tried.push(candidates);
  }
  const tries = tried.flatMap(({ keys }) => keys).length;
  await verifyByAny(assertion, decoyKeys({ ...assertion, alg }, maxTries - tries), now);
  throw noKeyFits(tries > 0 ? 'signature verification failed' : tried.at(-1)?.reason);
}

/** The keys to try: of those that are there, and where these fail, of newer ones, if there are any. */
async function* candidateSets(
  find: FindAssertionKeys,
  assertion: UnverifiedAssertion,
): AsyncGenerator<Candidates> {
  const cached = await find();
  const candidates = candidateKeys(cached, assertion);
  yield candidates;
  const newer = await find(cached);
  // The same keys are not even read again: the time would tell that there are any.
  if (newer !== cached) yield candidateKeys(newer, assertion, candidates.keys);
}

/** The claims that one of the keys has signed; undefined: none has. */
async function verifyByAny(
  assertion: UnverifiedAssertion,
  keys: readonly KeyObject[],
  now: () => number,
): Promise<JWTPayload | undefined> {
  for (const key of keys) {
    const claims = await verify(assertion, key, now());
    if (claims) return claims;
  }
  return undefined;
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
      // Whoever reads the assertion has looked for `iss`, which a JWT-SVID need not have.
      requiredClaims: ['sub', 'aud', 'exp'],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return undefined;
    throw invalidClient(verificationProblem(error));
  }
}
