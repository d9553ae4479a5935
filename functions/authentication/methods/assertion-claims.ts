import type { KeyObject } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { FindAssertionKeys } from '../../oauth/assertion-keys.ts';
import { invalidClient } from '../../oauth/oauth-error.ts';
import { type SingleUse, singleUse } from '../../oauth/replay.ts';
import { assertionProblems } from './assertion-problem.ts';
import { clockSkew, type SignatureChecks, verifySignature } from './assertion-signature.ts';
import type { UnverifiedAssertion } from './client-assertion.ts';
import { ExplainedRefusal, type Problem } from './explained-refusal.ts';

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
  /** What has signed them. */
  readonly key: KeyObject;
}

/** What an assertion is verified with, beside its keys. */
export interface AssertionChecks extends SignatureChecks {
  /**
   * Why signed claims do not show that the assertion is the client's; undefined: they do. Who has a signature alone,
   * and may have it from an issuer that serves everybody, is told nothing of the client.
   */
  readonly notOfClient: (claims: JWTPayload) => string | undefined;
}

/**
 * Verifies an assertion, and reads what it says (RFC 7523 §3 (4), (5), (6), (9), (10)).
 * @throws OAuthError `invalid_client`; ExplainedRefusal where it is the client's
 */
export async function verifyAssertion(
  assertion: UnverifiedAssertion,
  find: FindAssertionKeys,
  { notOfClient, ...checks }: AssertionChecks,
): Promise<AssertionClaims> {
  const { claims, costAsFailed, ...signed } = await verifySignature(assertion, find, checks);
  const problem = signed.problem ?? claimsProblem(claims, checks.now());
  const strange = notOfClient(claims);
  if (strange !== undefined) {
    await costAsFailed();
    throw invalidClient(problem?.text ?? strange);
  }
  if (problem !== undefined) throw new ExplainedRefusal(problem);
  return parseClaims(claims, signed.key);
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
 * What is wrong with how long an assertion lives.
 * @param most seconds
 * @param now NumericDate
 */
export function lifetimeProblem(
  assertion: Pick<AssertionClaims, 'exp' | 'iat'>,
  most: number,
  now: number,
): Problem | undefined {
  if (lifetimeOf(assertion, now) <= most) return undefined;
  return assertionProblems.longLived(assertion.exp - (assertion.iat ?? now), most);
}

/**
 * An assertion as something that counts once (RFC 7523 §3 (7)), for as long as it could be accepted.
 * @param owner the client, the issuer, or its key, within which a `jti` is unique
 * @throws ExplainedRefusal without a `jti`
 */
export function assertionUse(
  owner: readonly string[],
  { jti, exp }: Pick<AssertionClaims, 'jti' | 'exp'>,
): SingleUse {
  if (jti === undefined) throw new ExplainedRefusal(assertionProblems.missing('jti'));
  return singleUse('assertion', [...owner, jti], {
    expires_at: Math.ceil(exp) + clockSkew,
    refusal: () => new ExplainedRefusal(assertionProblems.used),
  });
}

/** RFC 7519 §4.1; jose has seen to `exp` and `nbf`. */
function claimsProblem({ aud, iat }: JWTPayload, now: number): Problem | undefined {
  const isOfTexts = [aud].flat().every((value) => typeof value === 'string');
  if (!isOfTexts) return assertionProblems.mistyped('aud');
  const isOfTheFuture = iat !== undefined && iat > now + clockSkew;
  return isOfTheFuture ? assertionProblems.ofTheFuture(iat - now) : undefined;
}

const parseClaims = (claims: JWTPayload, key: KeyObject): AssertionClaims => ({
  sub: String(claims.sub),
  aud: [claims.aud].flat().map(String),
  // JSON.parse reads 1e999 as Infinity; the limit of the lifetime refuses that.
  exp: Number(claims.exp),
  iat: claims.iat,
  jti: typeof claims.jti === 'string' && claims.jti !== '' ? claims.jti : undefined,
  claims,
  key,
});
