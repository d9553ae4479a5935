import { noAssertionKeys, onlyKeys } from '../oauth/assertion-keys.ts';
import type { Records } from '../oauth/cached-records.ts';
import { type AuthMethod, type Client, isClientId } from '../oauth/client.ts';
import { matchesClientSecret } from '../oauth/client-secret.ts';
import { dpopProofUse, type VerifiedProof } from '../oauth/dpop-proof.ts';
import { invalidClient } from '../oauth/oauth-error.ts';
import type { SingleUse } from '../oauth/replay.ts';
import type { Asker } from './audit-entry.ts';
import type { ClientRequest } from './client-request.ts';
import { type KeyProofChecks, verifyKeyProof } from './key-proof.ts';
import { verifySignature } from './methods/assertion-signature.ts';
import { isImported } from './methods/client-secret.ts';
import { ExplainedRefusal } from './methods/explained-refusal.ts';
import type { Authentication, AuthenticationContext } from './methods/method.ts';
import { methods, otherMethod } from './methods/methods.ts';
import type { ClientCredentials } from './methods/presented-credentials.ts';
import { type ReadCredentials, readCredentials } from './methods/read-credentials.ts';

/** What client authentication works with. */
export interface ClientAuthentication extends AuthenticationContext {
  /** `registered`: a secret must come as the client's `token_endpoint_auth_method` says. */
  readonly clientSecretMethod: 'any' | 'registered';
}

/** Who asks, as far as nobody has looked at it. */
export interface AskingClient extends ClientRequest {
  readonly credentials: ClientCredentials;
  /** Is told who the client is, and how it has authenticated. */
  readonly asker: Asker;
}

/** A client that has shown its own credentials. */
export interface AuthenticatedClient {
  readonly client: Client;
  /** The DPoP proof of a request that has one. */
  readonly proof: VerifiedProof | undefined;
  /** What the request uses up, if it is done. */
  readonly singleUses: readonly SingleUse[];
}

/**
 * Authenticates the client of a request, and verifies its DPoP proof if there is one. The proof comes after the
 * credentials: strangers cannot have one verified. Nothing is used up.
 * @throws OAuthError; RetryLater when it cannot be told
 */
export async function authenticate(
  { credentials, dpop, source, asker }: AskingClient,
  clients: Records<Client>,
  checks: ClientAuthentication & KeyProofChecks,
): Promise<AuthenticatedClient> {
  const { client_id } = credentials;
  const client = isClientId(client_id)
    ? (clients.cached(client_id) ?? (await clients.find(client_id)))
    : undefined;
  asker.client = client;
  const read = readCredentials(credentials, { source, now: checks.now });
  if (!client) return await refuseUnknown(read, checks);
  const authentication = await authenticateClient(read, client, checks);
  asker.authentication = authentication;
  const proof = dpop === undefined ? undefined : await verifyKeyProof(dpop, checks);
  const singleUses = [proof && dpopProofUse(proof), authentication.singleUse];
  return { client, proof, singleUses: singleUses.filter((use) => use !== undefined) };
}

/**
 * Authenticates a client by the method that it is registered for (RFC 6749 §2.3). Whoever has shown the client's own
 * credentials is told what else is wrong.
 * @param client whom the credentials name
 * @returns how; a promise where keys may have to be fetched
 * @throws OAuthError `invalid_client`; RetryLater when a store or a publisher of keys cannot tell
 */
export function authenticateClient(
  credentials: ReadCredentials,
  client: Client,
  context: ClientAuthentication,
): Authentication | Promise<Authentication> {
  const authenticate = methods[client.token_endpoint_auth_method](credentials);
  const problem = problemOf(client, credentials, context);
  if (authenticate && problem === undefined) return authenticate(client, context);
  return refuseRegistered(
    problem ?? `the client is registered for ${client.token_endpoint_auth_method}`,
    async () => (authenticate ?? otherMethod(credentials))(withoutSlowWork(client), context),
  );
}

/** Nothing is fetched, and no foreign hash computed, for a client that gets no token whatever it shows. */
const withoutSlowWork = (client: Client): Client => ({
  ...client,
  jwks_uri: undefined,
  trust: [],
  spiffe_bundle_endpoint: undefined,
  secrets: client.secrets.filter((secret) => !isImported(secret)),
});

/** Why no credentials that come on this way could authenticate a client; undefined: some could. */
function problemOf(
  { disabled, token_endpoint_auth_method: method }: Client,
  { way }: ReadCredentials,
  { profile, clientSecretMethod }: ClientAuthentication,
): string | undefined {
  if (disabled) return 'the client is disabled';
  if (!profile.authMethods.includes(method)) return `the profile excludes ${method}`;
  const isOtherSecretMethod = secretMethods.has(method) && method !== way;
  return clientSecretMethod === 'registered' && isOtherSecretMethod
    ? `the client is registered for ${method}`
    : undefined;
}

const secretMethods: ReadonlySet<AuthMethod> = new Set([
  'client_secret_basic',
  'client_secret_post',
]);

/** Refuses a client that gets no token whatever it shows, and says why to whoever shows its own credentials. */
async function refuseRegistered(
  problem: string,
  authenticate: () => Promise<Authentication>,
): Promise<never> {
  const isShown = await authenticate().then(
    () => true,
    (error) => error instanceof ExplainedRefusal,
  );
  throw isShown ? new ExplainedRefusal({ text: problem }) : invalidClient(problem);
}

/**
 * Refuses the credentials of a client that nobody knows, with as much work as for wrong ones of a client, and with
 * the same answer. It cannot hide the time that fetching a real client's published keys takes.
 */
async function refuseUnknown(
  credentials: ReadCredentials,
  context: AuthenticationContext,
): Promise<never> {
  const reason = 'unknown client_id';
  if ('assertion' in credentials) {
    await verifySignature(credentials.assertion, onlyKeys(noAssertionKeys(reason)), context);
  }
  if ('client_secret' in credentials) matchesClientSecret(credentials.client_secret, decoyHash);
  throw invalidClient(reason);
}

/** The hash of no secret that anybody knows. */
const decoyHash = `sha256:${'A'.repeat(43)}`;
