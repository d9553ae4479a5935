import type { AuthMethod, Client } from '../functions/oauth/client.ts';
import { resourcesNamed } from '../functions/oauth/resource-server.ts';
import { type ClaimsUpdate, updatedClaims } from './claims.ts';
import { type ClientCredentials, credentialsFor } from './client-authentication.ts';
import { changeClient, findClient } from './clients.ts';
import { type GrantRequest, resolveGrants } from './grants.ts';
import { resolveIntrospection } from './introspection.ts';
import type { Registry } from './registry.ts';
import { RegistryError } from './registry-error.ts';

/** How a client authenticates from now on. */
export interface AuthenticationUpdate {
  /** The method that the client had when this was decided. */
  readonly from: AuthMethod;
  readonly to: AuthMethod;
  /** The credentials that it gets now; what else the method uses stays as it is. */
  readonly given: Partial<ClientCredentials>;
}

/** What is to change; an absent member stays as it is. */
export interface ClientUpdate extends GrantRequest {
  readonly client_name?: string | undefined;
  readonly authentication?: AuthenticationUpdate | undefined;
  readonly dpop_bound_access_tokens?: boolean | undefined;
  readonly tls_client_certificate_bound_access_tokens?: boolean | undefined;
  /** Seconds, or `default` for the resource server's. */
  readonly access_token_lifetime?: number | 'default' | undefined;
  /** Resource servers at which the client is to have no grant any more. */
  readonly removedGrants?: readonly string[] | undefined;
  /** All the resource servers whose tokens it may introspect. */
  readonly introspection_resources?: readonly string[] | undefined;
  readonly claims?: ClaimsUpdate | undefined;
}

/**
 * Changes what an administrator may say of a client. A grant replaces the one at the same
 * resource server and leaves the others.
 * @throws RegistryError as resolveGrants and updatedClaims do, when a grant to remove is not there, or when somebody else
 *   changed the method meanwhile
 */
export async function updateClient(
  registry: Registry,
  client_id: string,
  update: ClientUpdate,
): Promise<Client> {
  await findClient(registry, client_id);
  const granted = await resolveGrants(registry, update);
  const introspects =
    update.introspection_resources &&
    (await resolveIntrospection(registry, update.introspection_resources));
  return changeClient(registry, client_id, (client) => {
    const lifetime = update.access_token_lifetime ?? client.access_token_lifetime;
    const kept = withoutGrants(client, update.removedGrants ?? []).grants;
    return {
      ...withAuthentication(client, update.authentication),
      ...bindings(client, update),
      client_name: update.client_name ?? client.client_name,
      grants: new Map([...kept, ...granted]),
      access_token_lifetime: lifetime === 'default' ? undefined : lifetime,
      introspection_resources: introspects ?? client.introspection_resources,
      claims: updatedClaims(client.claims, update.claims),
    };
  });
}

/** What the client's tokens are bound to from now on. */
const bindings = (client: Client, update: ClientUpdate) => ({
  dpop_bound_access_tokens: update.dpop_bound_access_tokens ?? client.dpop_bound_access_tokens,
  tls_client_certificate_bound_access_tokens:
    update.tls_client_certificate_bound_access_tokens ??
    client.tls_client_certificate_bound_access_tokens,
});

/**
 * A client that authenticates in another way, without the credentials that this way does not use.
 * @throws RegistryError when its method is neither of the two
 */
function withAuthentication(client: Client, update: AuthenticationUpdate | undefined): Client {
  if (!update) return client;
  // The administrator agreed to what it loses when it gives up `from`; from another method it would lose
  // something else. It has `to` already if an earlier attempt arrived and its answer was lost.
  if (![update.from, update.to].includes(client.token_endpoint_auth_method)) {
    throw new RegistryError(
      'contents',
      'somebody else is changing the same item; nothing was changed, try again',
    );
  }
  return {
    ...client,
    token_endpoint_auth_method: update.to,
    ...credentialsFor(update.to, client, update.given),
  };
}

/**
 * A client without its grants at these resource servers.
 * @throws RegistryError when it has none at one of them, or more than one
 */
function withoutGrants(client: Client, resources: readonly string[]): Client {
  const removed = resources.map((resource) => grantNamed(client, resource));
  const kept = [...client.grants].filter(([resource]) => !removed.includes(resource));
  return { ...client, grants: new Map(kept) };
}

function grantNamed({ client_id, grants }: Client, resource: string): string {
  const [granted, ...others] = resourcesNamed(resource, grants.keys());
  if (granted !== undefined && others.length === 0) return granted;
  const count = granted === undefined ? 'no grant' : 'several grants';
  throw new RegistryError('contents', `the client ${client_id} has ${count} for ${resource}`);
}
