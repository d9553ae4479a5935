import { isDeepStrictEqual } from 'node:util';
import {
  type AssertionKeys,
  type FindAssertionKeys,
  noAssertionKeys,
  onlyKeys,
  parseAssertionKeys,
} from '../../oauth/assertion-keys.ts';
import type { KeySource, TrustRule } from '../../oauth/trust-rule.ts';
import type { PublishedKeySets } from '../../remote/published-keys.ts';

/**
 * The rules for an issuer, all with the same keys: what a key has signed must not count for a rule that has others.
 * Registration refuses rules for one issuer with different keys.
 */
export function rulesFor(issuer: string, trust: readonly TrustRule[]): readonly TrustRule[] {
  const rules = trust.filter((rule) => rule.issuer === issuer);
  return rules.filter((rule) => isDeepStrictEqual(sourceOf(rule), sourceOf(rules[0])));
}

const sourceOf = ({ jwks, jwks_uri, jwks_ca }: KeySource = {}) => [jwks, jwks_uri, jwks_ca];

/** The keys of a rule's issuer: those in the rule, those behind its URL, or those that discovery finds. */
export function keysOfRule(
  { issuer, jwks, jwks_uri, jwks_ca }: TrustRule,
  publishedKeys: PublishedKeySets,
): FindAssertionKeys {
  if (jwks !== undefined) return onlyKeys(readKeys(jwks));
  return jwks_uri === undefined
    ? publishedKeys.ofIssuer(issuer)
    : publishedKeys.ofJwksUri(jwks_uri, jwks_ca);
}

/** Registration lets in no others than those that can be read. */
function readKeys(jwks: object): AssertionKeys {
  try {
    return parseAssertionKeys(jwks);
  } catch (reason) {
    return noAssertionKeys(reason);
  }
}
