import {
  type AssertionKeys,
  noAssertionKeys,
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
  const keys = await keysFor(assertion, client, context);
  const now = context.now();
  const algorithms = context.profile.clientAlgorithms;
  const claims = await verifyAssertion(assertion, { keys, algorithms, now });
  checkAudience(claims, client, context);
  // RFC 7523 §3 (4), (6)
  if (lifetimeOf(claims, now) > context.assertionMaxLifetime)
    throw invalidClient('it lives too long (exp)');
  return {
    entry: { assertion_kid: assertion.kid },
    singleUse: assertionUse(client.client_id, claims),
  };
};

/** The keys of the client, if the assertion is for it: RFC 7523 §3 (1), (2) B. */
async function keysFor(
  { iss, sub, kid }: UnverifiedAssertion,
  client: Client,
  { publishedKeys }: AuthenticationContext,
): Promise<AssertionKeys> {
  if (iss !== client.client_id) return noAssertionKeys('iss is not the client_id');
  if (sub !== client.client_id) return noAssertionKeys('sub is not the client_id');
  return await keysOf(client, kid, publishedKeys);
}

/**
 * The client's keys (RFC 7591 §2): those that are registered, or those behind its `jwks_uri`; none, and why,
 * when they cannot be had.
 */
export async function keysOf(
  { jwks, jwks_uri }: Client,
  kid: string | undefined,
  publishedKeys: PublishedKeySets,
): Promise<AssertionKeys> {
  if (jwks_uri === undefined) return parseAssertionKeys(jwks ?? { keys: [] });
  return await publishedKeys.ofJwksUri(jwks_uri, kid).catch(noAssertionKeys);
}

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
