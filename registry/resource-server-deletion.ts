import { registryKey } from '../functions/aws/registry-items.ts';
import type { Client } from '../functions/oauth/client.ts';
import type { Scope } from '../functions/oauth/scope.ts';
import { changeClient, listClients } from './clients.ts';
import { commandHint } from './command-hint.ts';
import { clearDefaultResource, defaultResource } from './default-resource.ts';
import type { Registry } from './registry.ts';
import { RegistryError } from './registry-error.ts';
import {
  findResourceServer,
  listResourceServers,
  unknownResourceServer,
} from './resource-servers.ts';
import type { SubjectRevocation } from './revocations.ts';
import { revokeTokensOfGone } from './subject-revocation.ts';

interface DeletionOptions {
  /** Take the grants for it away too; leave the deployment without a default if this is it. */
  readonly force: boolean;
}

/**
 * Deletes a resource server, and takes back the tokens for it.
 * @throws RegistryError as checkResourceServerDeletion does, or when the first half alone was done
 */
export async function deleteResourceServer(
  registry: Registry,
  resource: string,
  options: DeletionOptions,
): Promise<SubjectRevocation> {
  const clients = await checkResourceServerDeletion(registry, resource, options);
  // In this order a deletion that broke off half-way can be run again, and a resource server
  // that is registered anew under this identifier finds no old grants.
  for (const { client_id } of clients) await removeRights(registry, client_id, resource);
  await clearDefaultResource(registry, resource);
  await registry.store.delete(registryKey.resourceServer(resource));
  const halfDone = `${resource} is deleted, but the tokens for it that are out were not taken back: ${commandHint('resource', 'revoke-tokens', resource)} does it`;
  return revokeTokensOfGone(registry, { kind: 'resource', id: resource }, halfDone);
}

/**
 * Whether a resource server may be deleted.
 * @returns the clients that have a grant for it, or may introspect its tokens
 * @throws RegistryError when it does not exist; without force, also when clients have grants for it,
 *   or when it is the default and not the only one
 */
export async function checkResourceServerDeletion(
  registry: Registry,
  resource: string,
  { force }: DeletionOptions,
): Promise<readonly Client[]> {
  if (!(await findResourceServer(registry, resource))) throw unknownResourceServer(resource);
  const clients = await listClients(registry);
  const granted = clients.filter(({ grants }) => grants.has(resource));
  if (!force) await refuseWhileNeeded(registry, resource, granted);
  return clients.filter((client) => granted.includes(client) || mayIntrospect(client, resource));
}

/** Whether a client may introspect the tokens for a resource server. */
export const mayIntrospect = (client: Client, resource: string): boolean =>
  client.introspection_resources.includes(resource);

/** The clients that have a grant at a resource server, whatever its scope. */
async function clientsGranted(registry: Registry, resource: string): Promise<readonly Client[]> {
  return (await listClients(registry)).filter((client) => client.grants.has(resource));
}

/** The clients that may have a scope at a resource server which is not among `kept`. */
export async function clientsLosingScope(
  registry: Registry,
  resource: string,
  kept: Scope,
): Promise<readonly Client[]> {
  const granted = await clientsGranted(registry, resource);
  return granted.filter((client) => !client.grants.get(resource)?.isSubsetOf(kept));
}

async function refuseWhileNeeded(
  registry: Registry,
  resource: string,
  clients: readonly Client[],
): Promise<void> {
  if (clients.length > 0) {
    const ids = clients.map((client) => client.client_id).join(', ');
    throw new RegistryError(
      'contents',
      `clients have grants for ${resource}, which --force takes away: ${ids}`,
    );
  }
  const isDefault = (await defaultResource(registry)) === resource;
  if (isDefault && (await listResourceServers(registry)).length > 1) {
    throw new RegistryError(
      'contents',
      `${resource} is the default resource server: make another one the default first, or use --force`,
    );
  }
}

async function removeRights(
  registry: Registry,
  client_id: string,
  resource: string,
): Promise<void> {
  await changeClient(registry, client_id, (client) => {
    const grants = new Map(client.grants);
    grants.delete(resource);
    const introspection_resources = client.introspection_resources.filter(
      (other) => other !== resource,
    );
    return { ...client, grants, introspection_resources };
  });
}
