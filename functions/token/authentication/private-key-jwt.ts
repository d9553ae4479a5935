import {
  type FindAssertionKeys,
  noAssertionKeys,
  onlyKeys,
  parseAssertionKeys,
} from '../../oauth/assertion-keys.ts';
import type { Client } from '../../oauth/client.ts';
import { invalidClient } from '../../oauth/oauth-error.ts';
import type { PublishedKeySets } from '../../remote/published-keys.ts';
import {
  type AssertionClaims,
  assertionUse,
  lifetimeOf,
  verifyAssertion,
} from './assertion-claims.ts';
import type { UnverifiedAssertion } from './client-assertion.ts';
import type { Authenticate, AuthenticationContext, CredentialsBy } from './method.ts';

/** `private_key_jwt` (RFC 7523 §2.2, §3): an assertion that the client signed with its own key. */
export const authenticateByOwnKey: Authenticate<CredentialsBy<'client_assertion'>> = async (
  { assertion },
  client,
  context,
) => {
  const claims = await verifyAssertion(assertion, keysFor(assertion, client, context), context);
  checkAudience(claims, client, context);
  // RFC 7523 §3 (4), (6)
  if (lifetimeOf(claims, context.now()) > context.assertionMaxLifetime)
    throw invalidClient('it lives too long (exp)');
  return {
    entry: { assertion_kid: assertion.kid },
    singleUse: assertionUse(client.client_id, claims),
  };
};

/** The keys of the client, if the assertion is for it: RFC 7523 §3 (1), (2) B. */
function keysFor(
  { iss, sub }: UnverifiedAssertion,
  client: Client,
  { publishedKeys }: AuthenticationContext,
): FindAssertionKeys {
  if (iss !== client.client_id) return onlyKeys(noAssertionKeys('iss is not the client_id'));
  if (sub !== client.client_id) return onlyKeys(noAssertionKeys('sub is not the client_id'));
  return keysOf(client, publishedKeys);
}

/** The client's keys (RFC 7591 §2): those that are registered, or those behind its `jwks_uri`. */
export const keysOf = (
  { jwks, jwks_uri }: Client,
  publishedKeys: PublishedKeySets,
): FindAssertionKeys =>
  jwks_uri === undefined
    ? onlyKeys(parseAssertionKeys(jwks ?? { keys: [] }))
    : publishedKeys.ofJwksUri(jwks_uri);

/**
 * RFC 7523 §3 (3). No other server may be an audience too: it could use the assertion here. RFC 7523bis
 * takes the issuer alone; FAPI 2.0 §5.3.2.1 wants it as a string, not as a list.
 */
function checkAudience(
  { aud, claims }: AssertionClaims,
  client: Client,
  { issuer, tokenEndpoints, profile }: AuthenticationContext,
): void {
  const isStrict = client.strict_assertion_audience || profile.strictAssertionAudience;
  const ours = isStrict ? [issuer] : [issuer, ...tokenEndpoints];
  const isOurs = aud.length > 0 && aud.every((audience) => ours.includes(audience));
  const isAlone = aud.length === 1 || !isStrict;
  const isText = typeof claims.aud === 'string' || !profile.strictAssertionAudience;
  if (!isOurs || !isAlone || !isText) throw invalidClient('aud is not this server');
}
