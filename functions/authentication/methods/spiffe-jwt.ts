import { type FindAssertionKeys, noAssertionKeys, onlyKeys } from '../../oauth/assertion-keys.ts';
import type { Client } from '../../oauth/client.ts';
import { matchesSpiffeId } from '../../oauth/spiffe-id.ts';
import type { PublishedKeySets } from '../../remote/published-keys.ts';
import { type AssertionClaims, lifetimeProblem, verifyAssertion } from './assertion-claims.ts';
import { assertionProblems, shownAudience } from './assertion-problem.ts';
import { ExplainedRefusal, type Problem } from './explained-refusal.ts';
import type { Authenticate, CredentialsBy } from './method.ts';

/** Seconds that a JWT-SVID lives at most: as long as the authority of a SPIRE server by default. */
const maxLifetime = 86_400;

/**
 * `spiffe_jwt` (draft-ietf-oauth-spiffe-client-auth §3.1): a JWT-SVID of the client's trust domain. The Workload API hands
 * out the same one until it is about to expire, and it needs no `jti`: it does not count once.
 */
export const authenticateByJwtSvid: Authenticate<CredentialsBy<'jwt_svid'>> = async (
  { assertion },
  client,
  context,
) => {
  const keys = keysFor(assertion.sub, client, context.publishedKeys);
  // There are no keys where `sub` is another one's.
  const notOfClient = () => undefined;
  const claims = await verifyAssertion(assertion, keys, { ...context, notOfClient });
  const problem =
    audienceProblem(claims, context.issuer) ?? lifetimeProblem(claims, maxLifetime, context.now());
  if (problem !== undefined) throw new ExplainedRefusal(problem);
  return { entry: { assertion_sub: assertion.sub, assertion_kid: assertion.kid } };
};

/** (3) there: the issuer as its sole value, in a list or not. */
function audienceProblem({ aud, claims }: AssertionClaims, issuer: string): Problem | undefined {
  if (aud.length === 1 && aud[0] === issuer) return undefined;
  return assertionProblems.differs('aud', shownAudience(claims.aud), issuer);
}

/** The keys of the client's trust domain, if the SVID is the client's (4), (5). */
function keysFor(
  sub: string,
  { spiffe_id = '', spiffe_bundle_endpoint: endpoint }: Client,
  publishedKeys: PublishedKeySets,
): FindAssertionKeys {
  if (!matchesSpiffeId(sub, spiffe_id))
    return onlyKeys(noAssertionKeys('sub is another SPIFFE ID'));
  return endpoint === undefined
    ? onlyKeys(noAssertionKeys('the client has no spiffe_bundle_endpoint'))
    : publishedKeys.ofBundle(endpoint);
}
