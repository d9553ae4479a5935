import type { AuthMethod, Client } from '../../functions/oauth/client.ts';
import { Refusal } from '../refusal.ts';
import { changeClient, findClient } from './clients.ts';
import { type GrantRequest, resolveGrants } from './grants.ts';
import type { Registry } from './registry.ts';

/** What is to change; an absent member stays as it is. */
export interface ClientUpdate extends GrantRequest {
  readonly client_name?: string | undefined;
  readonly token_endpoint_auth_method?: AuthMethod | undefined;
  /** Seconds, or `default` for the resource server's. */
  readonly access_token_lifetime?: number | 'default' | undefined;
  /** Resource servers at which the client is to have no grant any more. */
  readonly removedGrants?: readonly string[] | undefined;
}

/**
 * Changes what an administrator may say of a client. A grant replaces the one at the same
 * resource server and leaves the others.
 * @throws Refusal as resolveGrants does, or when a grant to remove is not there
 */
export async function updateClient(
  registry: Registry,
  client_id: string,
  update: ClientUpdate,
): Promise<Client> {
  await findClient(registry, client_id);
  const granted = await resolveGrants(registry, update);
  return changeClient(registry, client_id, (client) => {
    const lifetime = update.access_token_lifetime ?? client.access_token_lifetime;
    const method = update.token_endpoint_auth_method ?? client.token_endpoint_auth_method;
    const kept = withoutGrants(client, update.removedGrants ?? []).grants;
    return {
      ...client,
      client_name: update.client_name ?? client.client_name,
      token_endpoint_auth_method: method,
      grants: new Map([...kept, ...granted]),
      access_token_lifetime: lifetime === 'default' ? undefined : lifetime,
    };
  });
}

/**
 * A client without its grants at these resource servers.
 * @throws Refusal when it has none at one of them
 */
function withoutGrants(client: Client, resources: readonly string[]): Client {
  const missing = resources.find((resource) => !client.grants.has(resource));
  if (missing) throw new Refusal(`the client ${client.client_id} has no grant for ${missing}`);
  const kept = [...client.grants].filter(([resource]) => !resources.includes(resource));
  return { ...client, grants: new Map(kept) };
}
