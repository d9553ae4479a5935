import { type AssertionKeys, parseAssertionKeys } from '../../oauth/assertion-keys.ts';
import type { Client } from '../../oauth/client.ts';
import { invalidClient } from '../../oauth/oauth-error.ts';
import type { PublishedKeySets } from '../../remote/published-keys.ts';
import { type AssertionClaims, lifetimeOf, verifyAssertion } from './assertion-claims.ts';
import { readAssertion } from './client-assertion.ts';
import type { CredentialsBy, Prove, Proving } from './method.ts';
import { checkFirstUse } from './single-use.ts';

/** Seconds from `iat` to `exp` at most: an assertion is made for one request. */
const maxLifetime = 600;

/** `private_key_jwt` (RFC 7523 §2.2, §3): an assertion that the client signed with its own key. */
export const proveByOwnKey: Prove<CredentialsBy<'client_assertion'>> = async (
  { client_assertion },
  client,
  proving,
) => {
  const { iss, sub, kid } = readAssertion(client_assertion);
  // RFC 7523 §3 (1), (2) B
  if (iss !== client.client_id) throw invalidClient('iss is not the client_id');
  if (sub !== client.client_id) throw invalidClient('sub is not the client_id');
  const keys = await keysOf(client, kid, proving.publishedKeys);
  const now = proving.now();
  const algorithms = proving.profile.clientAlgorithms;
  const assertion = await verifyAssertion(client_assertion, { keys, algorithms, now });
  checkAudience(assertion, client, proving);
  // RFC 7523 §3 (4), (6)
  if (lifetimeOf(assertion, now) > maxLifetime) throw invalidClient('it lives too long (exp)');
  await checkFirstUse(client.client_id, assertion, proving.replays);
  return { assertion_kid: kid };
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
 * RFC 7523 §3 (3): nobody else may be named along with us, for he could use the assertion here.
 * RFC 7523bis lets the issuer alone count; FAPI 2.0 §5.3.2.1 wants it as a string.
 */
function checkAudience({ aud, claims }: AssertionClaims, client: Client, proving: Proving): void {
  const { issuer, tokenEndpoints, profile } = proving;
  const isStrict = client.strict_assertion_audience || profile.strictAssertionAudience;
  const ours = isStrict ? [issuer] : [issuer, ...tokenEndpoints];
  const isOurs = aud.length > 0 && aud.every((audience) => ours.includes(audience));
  const isSole = aud.length === 1 || !isStrict;
  const isWritten = typeof claims.aud === 'string' || !profile.strictAssertionAudience;
  if (!isOurs || !isSole || !isWritten) throw invalidClient('aud is not this server');
}
