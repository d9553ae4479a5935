import {
  type FindAssertionKeys,
  onlyKeys,
  parseAssertionKeys,
} from '../../oauth/assertion-keys.ts';
import type { Client } from '../../oauth/client.ts';
import type { PublishedKeySets } from '../../remote/published-keys.ts';
import {
  type AssertionClaims,
  assertionUse,
  lifetimeProblem,
  verifyAssertion,
} from './assertion-claims.ts';
import { assertionProblems, shownAudience } from './assertion-problem.ts';
import type { UnverifiedAssertion } from './client-assertion.ts';
import { ExplainedRefusal, type Problem } from './explained-refusal.ts';
import type { Authenticate, AuthenticationContext, CredentialsBy } from './method.ts';

/** `private_key_jwt` (RFC 7523 §2.2, §3): an assertion that the client signed with its own key. */
export const authenticateByOwnKey: Authenticate<CredentialsBy<'client_assertion'>> = async (
  { assertion },
  client,
  context,
) => {
  const keys = keysOf(client, context.publishedKeys);
  // Nobody but the client has its keys.
  const notOfClient = () => undefined;
  const claims = await verifyAssertion(assertion, keys, { ...context, notOfClient });
  const problem =
    identityProblem(assertion, client) ??
    audienceProblem(claims, client, context) ??
    // RFC 7523 §3 (4), (6)
    lifetimeProblem(claims, context.assertionMaxLifetime, context.now());
  if (problem !== undefined) throw new ExplainedRefusal(problem);
  return {
    entry: { assertion_kid: assertion.kid },
    singleUse: assertionUse([client.client_id], claims),
  };
};

/** RFC 7523 §3 (1), (2) B. */
function identityProblem(
  { iss, sub }: UnverifiedAssertion,
  { client_id }: Client,
): Problem | undefined {
  if (iss !== client_id) return assertionProblems.differs('iss', iss, client_id);
  return sub === client_id ? undefined : assertionProblems.differs('sub', sub, client_id);
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
function audienceProblem(
  { aud, claims }: AssertionClaims,
  client: Client,
  { issuer, audiences, profile }: AuthenticationContext,
): Problem | undefined {
  const isStrict = client.strict_assertion_audience || profile.strictAssertionAudience;
  const ours = isStrict ? [issuer] : [issuer, ...audiences];
  const isOurs = aud.length > 0 && aud.every((audience) => ours.includes(audience));
  const isAlone = aud.length === 1 || !isStrict;
  const isText = typeof claims.aud === 'string' || !profile.strictAssertionAudience;
  if (isOurs && isAlone && isText) return undefined;
  const form = profile.strictAssertionAudience ? ' as a string' : '';
  return assertionProblems.differs('aud', shownAudience(claims.aud), ours.join(' or ') + form);
}
