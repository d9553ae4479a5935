import { hash } from 'node:crypto';
import { type JWTPayload, jwtVerify } from 'jose';
import type { AssertionAlgorithm } from './assertion-algorithms.ts';
import { comparableUri } from './comparable-uri.ts';
import { cacheDpopKey, type DpopKey, readDpopKey } from './dpop-key.ts';
import type { DpopNonces } from './dpop-nonce.ts';
import { invalidProof } from './oauth-error.ts';
import { type SingleUse, singleUse } from './replay.ts';
import { verificationProblem } from './verification-problem.ts';

/** What a DPoP proof must have been made for. */
export interface ProofExpectation {
  /** The method of the request. */
  readonly htm: string;
  /** Whether this is the URI of the request, as comparableUri normalizes it. */
  isTarget(htu: string): boolean;
  /** The access token that it comes with; undefined: it comes with none. */
  readonly access_token: string | undefined;
  readonly algorithms: readonly AssertionAlgorithm[];
  readonly nonces: DpopNonces;
  /** NumericDate. */
  readonly now: number;
}

/** A proof that is right in every way; whether it was used before is for `useOnce` to find out. */
export interface VerifiedProof {
  /** RFC 7638 thumbprint of the key that signed it. */
  readonly jkt: string;
  readonly jti: string;
  readonly htu: string;
  /** NumericDate. */
  readonly iat: number;
}

/** Seconds that a proof may take from its making to its arrival. */
const maxAge = 60;
/** Seconds by which the clocks of client and server may differ. */
const clockSkew = 30;
/** Seconds after its `iat` for which a proof could be accepted. */
const proofLifetime = maxAge + clockSkew;

/**
 * Verifies a DPoP proof (RFC 9449 §4.3), and does not use it up.
 * @throws OAuthError `invalid_dpop_proof`; UseDpopNonce; RetryLater when nonces cannot be had
 */
export async function verifyDpopProof(
  proof: string,
  expected: ProofExpectation,
): Promise<VerifiedProof> {
  const key = await readDpopKey(proof, expected.algorithms);
  const payload = await verify(proof, key, expected.now);
  const claims = checkClaims(payload, expected);
  await expected.nonces.check(payload.nonce);
  cacheDpopKey(key);
  return { ...claims, jkt: key.jkt };
}

/**
 * A DPoP proof as something that counts once (RFC 9449 §11.1): by its key and where it was used, for as
 * long as it could be accepted.
 */
export function dpopProofUse({ jti, jkt, htu, iat }: VerifiedProof): SingleUse {
  return singleUse('dpop', [htu, jkt, jti], {
    expires_at: Math.ceil(iat) + proofLifetime,
    refusal: () => invalidProof('it was used before (jti)'),
  });
}

/** RFC 9449 §4.3 (6), (7); and RFC 7519 §4.1 for `exp` and `nbf`, which are optional in a proof. */
async function verify(
  proof: string,
  { alg, publicKey }: DpopKey,
  now: number,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(proof, publicKey, {
      algorithms: [alg],
      clockTolerance: clockSkew,
      currentDate: new Date(now * 1000),
    });
    return payload;
  } catch (error) {
    throw invalidProof('it does not verify with jwk, or its times are wrong', {
      cause: `DPoP proof: ${verificationProblem(error)}`,
    });
  }
}

/** RFC 9449 §4.3 (3), (8), (9), (11), (12). */
function checkClaims(
  { jti, htm, htu, iat, ath }: JWTPayload,
  expected: ProofExpectation,
): Omit<VerifiedProof, 'jkt'> {
  if (typeof jti !== 'string' || jti === '') throw invalidProof('jti is missing');
  if (htm !== expected.htm) throw invalidProof('htm is not the method of this request');
  const target = typeof htu === 'string' ? comparableUri(htu) : undefined;
  if (target === undefined || !expected.isTarget(target)) {
    throw invalidProof('htu is not the URI of this request');
  }
  if (iat === undefined || !isNear(iat, expected.now)) {
    throw invalidProof('iat is not within the last minute');
  }
  if (expected.access_token !== undefined && ath !== hashOf(expected.access_token)) {
    throw invalidProof('ath is not the hash of this access token');
  }
  return { jti, htu: target, iat };
}

const isNear = (iat: number, now: number): boolean =>
  iat <= now + clockSkew && iat > now - proofLifetime;

/** RFC 9449 §4.2 */
const hashOf = (access_token: string): string => hash('sha256', access_token, 'base64url');
