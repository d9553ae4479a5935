import { createPublicKey } from 'node:crypto';
import { JwtVerifier } from 'aws-jwt-verify';
import { createVerifier } from 'fast-jwt';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { requiredClaims } from '../../../functions/authorizer/claims.ts';
import {
  type SignatureAlgorithm,
  signatureAlgorithms,
} from '../../../functions/oauth/signature-algorithms.ts';
import { api, issuer } from '../../support/a-client.ts';
import type { TestKey } from '../../support/test-key.ts';

/** Verifies a token by the same rules as ours. @throws Error for a bad token */
export type VerifyToken = (token: string) => unknown;

const typ = 'at+jwt';
const clockTolerance = 5;

/** A verifier of jose, with nothing around it; its key is not imported yet. */
export function joseVerifier({ alg, jwk }: TestKey): VerifyToken {
  const keys = createLocalJWKSet({ keys: [jwk] });
  const algorithms = [alg];
  const options = { typ, issuer, audience: api, algorithms, requiredClaims, clockTolerance };
  return (token) => jwtVerify(token, keys, options);
}

/** A verifier of aws-jwt-verify that has the JWK Set. It does not check `typ`; its callback does. */
export function awsVerifier({ jwk }: TestKey): VerifyToken {
  const verifier = JwtVerifier.create({
    issuer,
    audience: api,
    jwksUri: `${issuer}/jwks.json`,
    graceSeconds: clockTolerance,
    customJwtCheck({ header }) {
      if (header.typ !== typ) throw new Error('typ');
    },
  });
  verifier.cacheJwks({ keys: [{ ...jwk, kty: String(jwk.kty) }] });
  return (token) => verifier.verify(token);
}

/** A verifier of fast-jwt, which takes one key and no JWK Set. */
export function fastVerifier({ alg, jwk }: TestKey, cache: boolean): VerifyToken {
  return createVerifier({
    key: createPublicKey({ key: jwk, format: 'jwk' })
      .export({ format: 'pem', type: 'spki' })
      .toString(),
    // Its type is a union of names; createVerifier throws for a name that is not in it.
    algorithms: [alg as 'RS256'],
    allowedIss: issuer,
    allowedAud: api,
    checkTyp: typ,
    requiredClaims,
    clockTolerance: clockTolerance * 1000,
    cache,
  });
}

/** A signature and what it is over: of a token that is decoded beforehand, which is not measured. */
interface BareSignature {
  readonly input: Buffer;
  readonly signature: Buffer;
}

/** Takes a token apart. */
export function bareSignature(token: string): BareSignature {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return {
    input: Buffer.from(`${header}.${payload}`),
    signature: Buffer.from(signature, 'base64url'),
  };
}

/** Verifies nothing but the signature, by node:crypto. @throws Error when it is wrong */
export function bareVerifier({ alg, jwk }: TestKey): (bare: BareSignature) => void {
  const algorithms: Readonly<Record<string, SignatureAlgorithm>> = signatureAlgorithms;
  const verify = algorithms[alg]?.verifier(createPublicKey({ key: jwk, format: 'jwk' }));
  return ({ input, signature }) => {
    if (!verify?.(input, signature)) throw new Error('the signature is wrong');
  };
}
