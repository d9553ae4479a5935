import type { ClientJwks } from '../oauth/client.ts';
import type { ClaimValue, TrustRule } from '../oauth/trust-rule.ts';
import { type Item, list, malformed, number, optionalText, record, text } from './item.ts';

/**
 * Reads the keys of a client.
 * @throws Error when they are not ones that we wrote.
 */
export function parseClientJwks(item: Item): ClientJwks {
  return {
    keys: list(item, 'keys').map((value) => {
      const jwk = record(value, 'jwks');
      return { ...jwk, kty: text(jwk, 'kty') };
    }),
  };
}

/**
 * Reads a trust rule. `single_use` is what it is unless it is false, in so many words.
 * @throws Error when it is not one that we wrote.
 */
export function parseTrustRule(value: unknown): TrustRule {
  const item = record(value, 'trust');
  return {
    issuer: text(item, 'issuer'),
    subject: optionalText(item, 'subject'),
    subject_glob: optionalText(item, 'subject_glob'),
    audience: text(item, 'audience'),
    claims: claimValues(item.claims),
    single_use: item.single_use !== false,
    max_lifetime: number(item, 'max_lifetime'),
  };
}

function claimValues(value: unknown): TrustRule['claims'] {
  const claims = Object.entries(record(value, 'claims'));
  return Object.fromEntries(claims.map(([name, claim]) => [name, claimValue(claim)]));
}

function claimValue(value: unknown): ClaimValue {
  if (Array.isArray(value)) return value.map(claimValue);
  if (typeof value === 'object' && value !== null) return claimValues(value);
  const isScalar = ['string', 'number', 'boolean'].includes(typeof value);
  return isScalar ? (value as ClaimValue) : malformed('claims');
}
