import { createHash } from 'node:crypto';
import {
  calculateJwkThumbprint,
  EmbeddedJWK,
  errors,
  type JWK,
  type JWTPayload,
  type JWTVerifyResult,
  jwtVerify,
} from 'jose';
import { type AssertionAlgorithm, algorithmsFor } from './assertion-algorithms.ts';
import { comparableUri } from './comparable-uri.ts';
import type { DpopNonces } from './dpop-nonce.ts';
import { invalidProof } from './oauth-error.ts';
import { hasSecretMember } from './public-jwk.ts';

/** What a DPoP proof has to be made for. */
export interface ProofExpectation {
  /** The method of the request. */
  readonly htm: string;
  /** Where the request went, as comparableUri writes it; one of several if a server has several names. */
  readonly htu: readonly string[];
  /** The access token that it comes with; undefined: it comes with none. */
  readonly access_token: string | undefined;
  readonly algorithms: readonly AssertionAlgorithm[];
  readonly nonces: DpopNonces;
  /** NumericDate. */
  readonly now: number;
}

/** A proof that is what it has to be, but for having been used before. */
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
export const proofLifetime = maxAge + clockSkew;

/** Nothing longer is decoded. A proof by an RSA key of 4096 bits has some 2,200 characters. */
const maxLength = 8192;

/**
 * Verifies a DPoP proof (RFC 9449 §4.3), all but its single use.
 * @throws OAuthError `invalid_dpop_proof`; UseDpopNonce; RetryLater when nonces cannot be had
 */
export async function verifyDpopProof(
  proof: string,
  expected: ProofExpectation,
): Promise<VerifiedProof> {
  const { payload, protectedHeader } = await verify(proof, expected);
  const jwk = checkKey(protectedHeader.jwk, protectedHeader.alg);
  const claims = checkClaims(payload, expected);
  await expected.nonces.check(payload.nonce);
  return { ...claims, jkt: await calculateJwkThumbprint(jwk) };
}

/** RFC 9449 §4.3 (2) to (7), RFC 7515 §5.2: no white space, no padding, which decoders overlook. */
async function verify(
  proof: string,
  { algorithms, now }: ProofExpectation,
): Promise<JWTVerifyResult> {
  // Two headers arrive as one value with a comma in it.
  if (proof.includes(',')) throw invalidProof('there is more than one');
  if (proof.length > maxLength || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(proof)) {
    throw invalidProof('it is no JWT');
  }
  try {
    return await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      // RFC 8725 §3.1: the algorithms are ours, whatever the header says.
      algorithms: [...algorithms],
      clockTolerance: clockSkew,
      currentDate: new Date(now * 1000),
    });
  } catch (error) {
    // Not the error itself: it may quote the proof.
    const { message } = error as Error;
    const cause = error instanceof errors.JOSEError ? error.code : undefined;
    throw invalidProof('it is no dpop+jwt that verifies with the key in its header', {
      cause: `${cause ?? 'another failure'}: ${message}`.slice(0, 120),
    });
  }
}

/** RFC 9449 §4.2, §4.3 (7), RFC 7517 §4.2 to §4.4: a public key, and for signatures. */
function checkKey(jwk: JWK | undefined, alg: string): JWK {
  if (jwk === undefined || hasSecretMember(jwk)) {
    throw invalidProof('the key in its header is not public');
  }
  const { use = 'sig', key_ops = ['verify'], alg: named = alg } = jwk;
  const isOfUse = algorithmsFor(jwk).some((fitting) => fitting === alg);
  const isForIt = use === 'sig' && named === alg && [key_ops].flat().includes('verify');
  if (isOfUse && isForIt) return jwk;
  throw invalidProof('the key in its header is not for its alg');
}

/** RFC 9449 §4.3 (3), (8), (9), (11), (12). */
function checkClaims(
  { jti, htm, htu, iat, ath }: JWTPayload,
  expected: ProofExpectation,
): Omit<VerifiedProof, 'jkt'> {
  if (typeof jti !== 'string' || jti === '') throw invalidProof('jti is missing');
  if (htm !== expected.htm) throw invalidProof('htm is not the method of this request');
  const target = typeof htu === 'string' ? comparableUri(htu) : undefined;
  if (target === undefined || !expected.htu.includes(target)) {
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
const hashOf = (access_token: string): string =>
  createHash('sha256').update(access_token).digest('base64url');
