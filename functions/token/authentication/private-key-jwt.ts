import { type AssertionKeys, parseAssertionKeys } from '../../oauth/assertion-keys.ts';
import type { Client } from '../../oauth/client.ts';
import { invalidClient } from '../../oauth/oauth-error.ts';
import type { PublishedKeySets } from '../../remote/published-keys.ts';
import {
  type AssertionClaims,
  assertionUse,
  lifetimeOf,
  verifyAssertion,
} from './assertion-claims.ts';
import { readAssertion } from './client-assertion.ts';
import type { Authenticate, AuthenticationContext, CredentialsBy } from './method.ts';

/** Seconds from `iat` to `exp` at most: an assertion is made for one request. */
const maxLifetime = 600;

/** `private_key_jwt` (RFC 7523 §2.2, §3): an assertion that the client signed with its own key. */
export const authenticateByOwnKey: Authenticate<CredentialsBy<'client_assertion'>> = async (
  { client_assertion },
  client,
  context,
) => {
  const { iss, sub, kid } = readAssertion(client_assertion);
  // RFC 7523 §3 (1), (2) B
  if (iss !== client.client_id) throw invalidClient('iss is not the client_id');
  if (sub !== client.client_id) throw invalidClient('sub is not the client_id');
  const keys = await keysOf(client, kid, context.publishedKeys);
  const now = context.now();
  const algorithms = context.profile.clientAlgorithms;
  const assertion = await verifyAssertion(client_assertion, { keys, algorithms, now });
  checkAudience(assertion, client, context);
  // RFC 7523 §3 (4), (6)
  if (lifetimeOf(assertion, now) > maxLifetime) throw invalidClient('it lives too long (exp)');
  return {
    entry: { assertion_kid: kid },
    singleUse: assertionUse(client.client_id, assertion),
  };
};

/**
 * The client's keys (RFC 7591 §2): those that are registered, or those behind its `jwks_uri`.
 * @throws OAuthError `invalid_client` when they cannot be had.
 */
export async function keysOf(
  { jwks, jwks_uri }: Client,
  kid: string | undefined,
  publishedKeys: PublishedKeySets,
): Promise<AssertionKeys> {
  if (jwks_uri === undefined) return parseAssertionKeys(jwks ?? { keys: [] });
  return await publishedKeys.ofJwksUri(jwks_uri, kid).catch((error) => {
    throw invalidClient(error);
  });
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
