import { noAssertionKeys, onlyKeys } from '../oauth/assertion-keys.ts';
import type { AuthMethod, Client } from '../oauth/client.ts';
import { matchesClientSecret } from '../oauth/client-secret.ts';
import { invalidClient } from '../oauth/oauth-error.ts';
import { verifySignature } from './methods/assertion-signature.ts';
import { ExplainedRefusal } from './methods/explained-refusal.ts';
import type { Authentication, AuthenticationContext } from './methods/method.ts';
import { methods, otherMethod } from './methods/methods.ts';
import type { ReadCredentials } from './methods/read-credentials.ts';

/** What client authentication works with. */
export interface ClientAuthentication extends AuthenticationContext {
  /** `registered`: a secret must come as the client's `token_endpoint_auth_method` says. */
  readonly clientSecretMethod: 'any' | 'registered';
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
    // Nothing is fetched for a client that gets no token whatever it shows.
    async () =>
      (authenticate ?? otherMethod(credentials))(
        { ...client, jwks_uri: undefined, trust: [], spiffe_bundle_endpoint: undefined },
        context,
      ),
  );
}

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
export async function refuseUnknown(
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
