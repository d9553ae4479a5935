import type { JWTPayload } from 'jose';
import { lifetimeOf } from '../../../functions/authentication/methods/assertion-claims.ts';
import { isSubject, says } from '../../../functions/authentication/methods/trust-rule-match.ts';
import type { TrustRule } from '../../../functions/oauth/trust-rule.ts';

/** One claim of a JWT beside what a trust rule says of it. */
export interface Comparison {
  readonly claim: string;
  readonly expected: unknown;
  /** Undefined: the JWT has no such claim. */
  readonly had: unknown;
  readonly agrees: boolean;
}

/**
 * Compares a JWT with a trust rule, claim by claim, by the functions that the token endpoint decides by. Of a JWT of
 * another issuer nothing else is compared.
 * @param now NumericDate
 */
export function comparisons(
  rule: TrustRule,
  claims: JWTPayload,
  now: number,
): readonly Comparison[] {
  const { iss, sub, aud } = claims;
  const issuer = { claim: 'iss', expected: rule.issuer, had: iss, agrees: iss === rule.issuer };
  if (!issuer.agrees) return [issuer];
  const audiences = [aud].flat();
  return [
    issuer,
    {
      claim: 'sub',
      expected: rule.subject ?? rule.subject_glob,
      had: sub,
      agrees: typeof sub === 'string' && isSubject(rule, sub),
    },
    {
      claim: 'aud',
      expected: rule.audience,
      had: aud,
      agrees: audiences.length === 1 && audiences[0] === rule.audience,
    },
    lifetime(rule, claims, now),
    ...Object.entries(rule.claims).map(([claim, expected]) => ({
      claim,
      expected,
      had: Object.hasOwn(claims, claim) ? claims[claim] : undefined,
      agrees: says(claims, claim, expected),
    })),
  ];
}

function lifetime({ max_lifetime }: TrustRule, { exp, iat }: JWTPayload, now: number): Comparison {
  const from = iat === undefined ? 'now' : 'iat';
  const expected = `at most ${max_lifetime} seconds after ${from}`;
  if (typeof exp !== 'number') return { claim: 'exp', expected, had: exp, agrees: false };
  return {
    claim: 'exp',
    expected,
    had: `${exp - (iat ?? now)} seconds after ${from}`,
    agrees: lifetimeOf({ exp, iat }, now) <= max_lifetime,
  };
}
