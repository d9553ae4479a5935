import type { JWTPayload } from 'jose';
import type { FindAssertionKeys } from '../../oauth/assertion-keys.ts';
import { invalidClient } from '../../oauth/oauth-error.ts';
import { type SingleUse, singleUse } from '../../oauth/replay.ts';
import { clockSkew, type SignatureChecks, verifySignature } from './assertion-signature.ts';
import type { UnverifiedAssertion } from './client-assertion.ts';

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

/**
 * Verifies an assertion, and reads what it says (RFC 7523 §3 (4), (5), (6), (9), (10)).
 * @throws OAuthError `invalid_client`
 */
export async function verifyAssertion(
  assertion: UnverifiedAssertion,
  find: FindAssertionKeys,
  checks: SignatureChecks,
): Promise<AssertionClaims> {
  return parseClaims(await verifySignature(assertion, find, checks), checks.now());
}

/**
 * Seconds by which an issuer may date its assertions back, so that no clock finds them too new. Microsoft
 * takes five minutes: what lives a day has 86,700 between `iat` and `exp`.
 */
const backDating = 300;

/** Seconds that an assertion lives after it was made; without `iat` counted from its arrival. */
export const lifetimeOf = ({ exp, iat }: Pick<AssertionClaims, 'exp' | 'iat'>, now: number) =>
  exp - (iat === undefined ? now + clockSkew : iat + backDating);

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
