import { isDeepStrictEqual } from 'node:util';
import type { JWTPayload } from 'jose';
import type { ClaimValue, TrustRule } from '../../oauth/trust-rule.ts';
import { type AssertionClaims, lifetimeProblem } from './assertion-claims.ts';
import { assertionProblems, shownAudience } from './assertion-problem.ts';
import type { Problem } from './explained-refusal.ts';

/**
 * The name of the first claim by which an assertion is of another workload than a trust rule means; undefined: it is of
 * one that is meant, and whoever has it may be told what else is wrong.
 */
export function otherWorkload(rule: TrustRule, claims: JWTPayload): string | undefined {
  if (!isSubject(rule, String(claims.sub))) return 'sub';
  return Object.entries(rule.claims).find(([name, value]) => !says(claims, name, value))?.[0];
}

/**
 * What else is wrong with an assertion by a trust rule that means its workload; undefined: it fits.
 * @param now NumericDate
 */
export function ruleProblem(
  rule: TrustRule,
  assertion: Omit<AssertionClaims, 'key'>,
  now: number,
): Problem | undefined {
  const { aud, claims } = assertion;
  // No other server may be an audience too: it could use the assertion here.
  if (aud.length !== 1 || aud[0] !== rule.audience)
    return assertionProblems.differs('aud', shownAudience(claims.aud), rule.audience);
  return lifetimeProblem(assertion, rule.max_lifetime, now);
}

/** Whether a `sub` is the one, or one of those, that a trust rule means. */
export function isSubject({ subject, subject_glob }: TrustRule, sub: string): boolean {
  if (subject !== undefined) return sub === subject;
  return subject_glob !== undefined && matchesGlob(sub, subject_glob);
}

/** Whether a whole text matches a glob, in which `*` stands for one or more characters. */
function matchesGlob(text: string, glob: string): boolean {
  const [first = '', ...rest] = glob.split('*');
  const last = rest.pop();
  if (last === undefined) return text === glob;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  // Taking each part at its leftmost place is enough; nothing is tried twice.
  for (const part of rest) {
    const found = text.indexOf(part, at + 1);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length > at + last.length && text.endsWith(last);
}

/** Whether claims have a member that says this; of an object, all members that are named. */
export function says(claims: object, name: string, expected: ClaimValue): boolean {
  if (!Object.hasOwn(claims, name)) return false;
  const actual: unknown = Object.entries(claims).find(([key]) => key === name)?.[1];
  if (!isObject(expected)) return isDeepStrictEqual(actual, expected);
  if (!isObject(actual)) return false;
  return Object.entries(expected).every(([member, value]) => says(actual, member, value));
}

const isObject = (value: unknown): value is Readonly<Record<string, ClaimValue>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
