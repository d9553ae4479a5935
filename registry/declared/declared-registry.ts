import { listClients } from '../clients.ts';
import type { Registry } from '../registry.ts';
import { listResourceServers } from '../resource-servers.ts';
import type { Declaration } from './declaration.ts';
import { declaredClient, declaredResourceServer } from './normal-form.ts';

/** All that is registered, as it would be declared: in an order that is always the same, and with nothing secret. */
export async function declaredRegistry(registry: Registry): Promise<Declaration> {
  const [servers, clients] = await Promise.all([
    listResourceServers(registry),
    listClients(registry),
  ]);
  const byId = clients.toSorted((a, b) => (a.client_id < b.client_id ? -1 : 1));
  return {
    resource_servers: servers.map(declaredResourceServer),
    clients: byId.map(declaredClient),
  };
}
