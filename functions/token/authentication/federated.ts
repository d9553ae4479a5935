import { invalidClient } from '../../oauth/oauth-error.ts';
import { assertionUse, verifyAssertion } from './assertion-claims.ts';
import { readAssertion } from './client-assertion.ts';
import type { Authenticate, CredentialsBy } from './method.ts';
import { disagreement } from './trust-rule-match.ts';

/**
 * `federated` (RFC 7521 §4.2, RFC 7523 §3): an assertion that the client's platform signed. It must fit one
 * of the client's trust rules.
 */
export const authenticateByPlatform: Authenticate<CredentialsBy<'client_assertion'>> = async (
  { client_assertion },
  { trust },
  { publishedKeys, profile, ...context },
) => {
  const { iss, sub, kid } = readAssertion(client_assertion);
  // Checked before anything is fetched: only an issuer that the client trusts is asked for its keys.
  const rules = trust.filter(({ issuer }) => issuer === iss);
  if (rules.length === 0) throw invalidClient('no trust rule for this iss');
  const keys = await publishedKeys.ofIssuer(iss, kid).catch((error) => {
    throw invalidClient(error);
  });
  const now = context.now();
  const algorithms = profile.clientAlgorithms;
  const assertion = await verifyAssertion(client_assertion, { keys, algorithms, now });
  const disagreements = rules.map((rule) => disagreement(rule, assertion, now));
  const rule = rules[disagreements.indexOf(undefined)];
  if (!rule) throw invalidClient(`no trust rule agrees: ${disagreements.join(', ')}`);
  return {
    entry: { assertion_iss: iss, assertion_sub: sub },
    singleUse: rule.single_use ? assertionUse(iss, assertion) : undefined,
  };
};
