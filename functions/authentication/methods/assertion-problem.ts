import type { errors } from 'jose';
import type { Problem } from './explained-refusal.ts';

/**
 * What may be wrong with an assertion that a right key has signed: which claim, and what it should be (RFC 7521
 * §4.2.1). The log says so, and the answer to a client that has shown who it is.
 */
export const assertionProblems = {
  missing: (claim: string): Problem => ({ text: `the assertion has no ${claim}` }),
  mistyped: (claim: string): Problem => ({ text: `${claim} of the assertion is of a wrong type` }),
  expired: (seconds: number): Problem => ({
    text: `the assertion expired ${rounded(seconds)} seconds ago (exp)`,
  }),
  early: (seconds: number): Problem => ({
    text: `the assertion is not valid before ${rounded(seconds)} seconds from now (nbf)`,
  }),
  ofTheFuture: (seconds: number): Problem => ({
    text: `the assertion was made ${rounded(seconds)} seconds from now (iat)`,
  }),
  longLived: (seconds: number, most: number): Problem => ({
    text: `the assertion lives for ${rounded(seconds)} seconds, and may for ${most} (exp)`,
  }),
  differs: (claim: string, actual: string, expected: string): Problem => ({
    text: `${claim} of the assertion is not ${expected}`,
    actual: `${claim} is ${shortened(actual)}`,
  }),
  used: { text: 'the assertion was used before (jti)' },
} as const;

/**
 * What jose finds wrong with the claims of an assertion, after it has verified the signature.
 * @param now NumericDate
 */
export function claimProblem(
  { claim, reason, payload }: errors.JWTClaimValidationFailed | errors.JWTExpired,
  now: number,
): Problem {
  if (reason === 'missing') return assertionProblems.missing(claim);
  if (reason !== 'check_failed') return assertionProblems.mistyped(claim);
  const { exp, nbf } = payload;
  return claim === 'exp'
    ? assertionProblems.expired(now - Number(exp))
    : assertionProblems.early(Number(nbf) - now);
}

/** What is wrong by each of several rules, of which one would do. */
export const allOf = (problems: readonly Problem[]): Problem => ({
  text: [...new Set(problems.map(({ text }) => text))].join('; '),
  actual: problems.find(({ actual }) => actual !== undefined)?.actual,
});

/** How `aud` came: a list has brackets. */
export const shownAudience = (aud: unknown): string =>
  Array.isArray(aud) ? `[${aud.join(', ')}]` : String(aud);

const rounded = (seconds: number): string => String(Math.round(seconds));

/** Characters of a claim that are told: enough to know it again. */
const mostCharacters = 100;

const shortened = (text: string): string =>
  text.length > mostCharacters ? `${text.slice(0, mostCharacters)}...` : text;
