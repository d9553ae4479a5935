import { type CryptoKey, errors, type JWTPayload, type JWTVerifyResult, jwtVerify } from 'jose';
import type { AssertionAlgorithm } from '../../oauth/assertion-algorithms.ts';
import type { AssertionKeys } from '../../oauth/assertion-keys.ts';
import { invalidClient } from '../../oauth/oauth-error.ts';
import { type SingleUse, singleUse } from '../../oauth/replay.ts';

/** What a verified assertion says (RFC 7523 §3). */
export interface AssertionClaims {
  readonly sub: string;
  readonly aud: readonly string[];
  /** NumericDate. */
  readonly exp: number;
  /** NumericDate. */
  readonly iat: number | undefined;
  readonly jti: string | undefined;
  /** All of them. */
  readonly claims: JWTPayload;
}

/** What an assertion has to meet. */
export interface AssertionExpectation {
  readonly keys: AssertionKeys;
  readonly algorithms: readonly AssertionAlgorithm[];
  /** NumericDate. */
  readonly now: number;
}

/** Seconds by which the clocks of the assertion's maker and of this server may differ. */
const clockSkew = 30;

/** Keys that are tried for one assertion: each costs a verification. */
const maxTries = 10;

type Verify = (key: AssertionKeys['find'] | CryptoKey) => Promise<JWTVerifyResult>;

/**
 * Verifies the signature and the times of an assertion (RFC 7523 §3 (4), (5), (6), (9), (10)). Keys in its
 * header, and URLs of keys, are ignored (RFC 7515 §4.1.2 to §4.1.6).
 * @throws OAuthError `invalid_client`
 */
export async function verifyAssertion(
  client_assertion: string,
  { keys: { find }, algorithms, now }: AssertionExpectation,
): Promise<AssertionClaims> {
  const verify: Verify = (key) => {
    const options = {
      // RFC 8725 §3.1: the header chooses among our algorithms, and adds none.
      algorithms: [...algorithms],
      clockTolerance: clockSkew,
      currentDate: new Date(now * 1000),
      requiredClaims: ['iss', 'sub', 'aud', 'exp'],
    };
    return typeof key === 'function'
      ? jwtVerify(client_assertion, key, options)
      : jwtVerify(client_assertion, key, options);
  };
  const { payload } = await verify(find)
    .catch((error) => verifyByAny(error, verify))
    .catch(({ name, message }) => {
      // Only the beginning of the message: it may quote the assertion.
      throw invalidClient(`${name}: ${message}`.slice(0, 120));
    });
  return parseClaims(payload, now);
}

/** Seconds that an assertion lives; without `iat` counted from its arrival. */
export const lifetimeOf = ({ exp, iat }: Pick<AssertionClaims, 'exp' | 'iat'>, now: number) =>
  exp - (iat ?? now + clockSkew);

/**
 * An assertion as something that counts once (RFC 7523 §3 (7)), for as long as it could be accepted.
 * @param owner the client, or the issuer, within which a `jti` is unique
 * @throws OAuthError `invalid_client` without a `jti`
 */
export function assertionUse(
  owner: string,
  { jti, exp }: Pick<AssertionClaims, 'jti' | 'exp'>,
): SingleUse {
  if (jti === undefined) throw invalidClient('no jti');
  return singleUse('assertion', [owner, jti], {
    expires_at: Math.ceil(exp) + clockSkew,
    refusal: () => invalidClient('the assertion was used before (jti)'),
  });
}

/** Several keys fit where the header has no kid: one that verifies is enough. */
async function verifyByAny(failure: unknown, verify: Verify): Promise<JWTVerifyResult> {
  if (!(failure instanceof errors.JWKSMultipleMatchingKeys)) throw failure;
  let tries = 0;
  for await (const key of failure) {
    if (tries++ === maxTries) break;
    const result = await verify(key).catch((error) => error);
    if (!(result instanceof errors.JWSSignatureVerificationFailed)) return unlessFailed(result);
  }
  throw new errors.JWSSignatureVerificationFailed();
}

function unlessFailed(result: JWTVerifyResult | Error): JWTVerifyResult {
  if (result instanceof Error) throw result;
  return result;
}

/** RFC 7519 §4.1; jose has seen to the times. */
function parseClaims(claims: JWTPayload, now: number): AssertionClaims {
  const { sub, aud, exp, iat, jti } = claims;
  const audiences = [aud].flat();
  if (!audiences.every((value) => typeof value === 'string'))
    throw invalidClient('a malformed aud');
  if (iat !== undefined && iat > now + clockSkew) throw invalidClient('iat is in the future');
  return {
    sub: String(sub),
    aud: audiences,
    // JSON.parse reads 1e999 as Infinity; the limit of the lifetime refuses that.
    exp: Number(exp),
    iat,
    jti: typeof jti === 'string' && jti !== '' ? jti : undefined,
    claims,
  };
}
