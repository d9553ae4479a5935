import type { JWTPayload } from 'jose';
import { type FindAssertionKeys, noAssertionKeys, onlyKeys } from '../../oauth/assertion-keys.ts';
import { hasOwnKeys, type TrustRule } from '../../oauth/trust-rule.ts';
import type { PublishedKeySets } from '../../remote/published-keys.ts';
import { type AssertionClaims, assertionUse, verifyAssertion } from './assertion-claims.ts';
import { allOf } from './assertion-problem.ts';
import { ExplainedRefusal, type Problem } from './explained-refusal.ts';
import type { Authenticate, CredentialsBy } from './method.ts';
import { keysOfRule, rulesFor } from './trust-rule-keys.ts';
import { otherWorkload, ruleProblem } from './trust-rule-match.ts';

/**
 * `federated` (RFC 7521 §4.2, RFC 7523 §3): an assertion that the client's platform signed. It must fit one
 * of the client's trust rules.
 */
export const authenticateByPlatform: Authenticate<CredentialsBy<'client_assertion'>> = async (
  { assertion },
  { trust },
  context,
) => {
  const { iss, sub } = assertion;
  const rules = rulesFor(iss, trust);
  const keys = keysFor(rules, context.publishedKeys);
  const claims = await verifyAssertion(assertion, keys, {
    ...context,
    // Anybody may have a JWT of such an issuer: the signature alone shows nothing.
    notOfClient: (signed) => strangeness(rules, signed),
  });
  const rule = fittingRule(rules, claims, context.now());
  return {
    entry: { assertion_iss: iss, assertion_sub: sub },
    singleUse: rule.single_use ? assertionUse(signerOf(rule, claims), claims) : undefined,
  };
};

/**
 * Within which a `jti` is unique (RFC 7519 §4.1.7). Where a rule has keys of its own, `iss` is a mere name, which several
 * clusters may have: it is the key then, which stays the same whichever client, set or URL it is found by.
 */
const signerOf = (rule: TrustRule, { key }: AssertionClaims): readonly string[] =>
  hasOwnKeys(rule)
    ? [rule.issuer, key.export({ type: 'spki', format: 'der' }).toString('base64')]
    : [rule.issuer];

/** By what claims signed ones are of no workload that the rules mean; undefined: they are of one. */
function strangeness(rules: readonly TrustRule[], signed: JWTPayload): string | undefined {
  const names = rules.map((rule) => otherWorkload(rule, signed));
  return names.includes(undefined) ? undefined : `no trust rule agrees: ${names.join(', ')}`;
}

/** @throws ExplainedRefusal where none fits of the rules that mean this workload */
function fittingRule(
  rules: readonly TrustRule[],
  assertion: AssertionClaims,
  now: number,
): TrustRule {
  const meant = rules.filter((rule) => otherWorkload(rule, assertion.claims) === undefined);
  const problems: Problem[] = [];
  for (const rule of meant) {
    const problem = ruleProblem(rule, assertion, now);
    if (problem === undefined) return rule;
    problems.push(problem);
  }
  throw new ExplainedRefusal(allOf(problems));
}

/** The keys of the issuer, if a rule has it: only an issuer that the client trusts is asked for its keys. */
function keysFor([rule]: readonly TrustRule[], publishedKeys: PublishedKeySets): FindAssertionKeys {
  return rule
    ? keysOfRule(rule, publishedKeys)
    : onlyKeys(noAssertionKeys('no trust rule for this iss'));
}
