import { type FindAssertionKeys, noAssertionKeys, onlyKeys } from '../../oauth/assertion-keys.ts';
import { invalidClient } from '../../oauth/oauth-error.ts';
import type { TrustRule } from '../../oauth/trust-rule.ts';
import type { PublishedKeySets } from '../../remote/published-keys.ts';
import { assertionUse, verifyAssertion } from './assertion-claims.ts';
import type { Authenticate, CredentialsBy } from './method.ts';
import { keysOfRule, rulesFor } from './trust-rule-keys.ts';
import { disagreement } from './trust-rule-match.ts';

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
  const claims = await verifyAssertion(assertion, keys, context);
  const now = context.now();
  const disagreements = rules.map((rule) => disagreement(rule, claims, now));
  const rule = rules[disagreements.indexOf(undefined)];
  if (!rule) throw invalidClient(`no trust rule agrees: ${disagreements.join(', ')}`);
  return {
    entry: { assertion_iss: iss, assertion_sub: sub },
    singleUse: rule.single_use ? assertionUse(iss, claims) : undefined,
  };
};

/** The keys of the issuer, if a rule has it: only an issuer that the client trusts is asked for its keys. */
function keysFor([rule]: readonly TrustRule[], publishedKeys: PublishedKeySets): FindAssertionKeys {
  return rule
    ? keysOfRule(rule, publishedKeys)
    : onlyKeys(noAssertionKeys('no trust rule for this iss'));
}
