import { parseClient } from '../../functions/aws/registry-items.ts';
import type { StoredItem } from '../registry-store.ts';
import { fingerprint } from './canonical.ts';
import type { Deletion } from './change.ts';
import { ownerOf } from './ownership.ts';
import type { Snapshot } from './snapshot.ts';

/** What a plan leaves as it is, though it is not declared. */
export interface Kept {
  readonly kind: Deletion['kind'];
  readonly id: string;
  readonly why: string;
}

/** What of the registry is declared: client_ids, and identifiers as they are registered. */
export interface DeclaredIds {
  readonly clients: ReadonlySet<string>;
  readonly resource_servers: ReadonlySet<string>;
}

/**
 * The deletion of what is not declared: clients first, so that no grant is in the way of a resource server. What
 * somebody owns stays, and the resource servers that it needs.
 */
export function planDeletions(
  snapshot: Snapshot,
  declared: DeclaredIds,
): { readonly changes: readonly Deletion[]; readonly kept: readonly Kept[] } {
  const clients = [...snapshot.clients].filter(([id]) => !declared.clients.has(id));
  const servers = [...snapshot.resource_servers].filter(
    ([id]) => !declared.resource_servers.has(id),
  );
  const owned = clients.filter(([, item]) => ownerOf(item) !== undefined);
  const needed = resourcesOf(owned.map(([, item]) => item));
  const keptClients = owned.map(([id, item]) => kept('client', id, managedBy(item)));
  const keptServers = servers.flatMap(([id, item]) => {
    const why = ownerOf(item) === undefined ? needed.get(id) : managedBy(item);
    return why === undefined ? [] : [kept('resource_server', id, why)];
  });
  const all = [...keptClients, ...keptServers];
  const keptKeys = new Set(all.map(({ kind, id }) => `${kind} ${id}`));
  const deletionOf =
    (kind: Kept['kind']) =>
    ([id, item]: readonly [string, StoredItem]) =>
      keptKeys.has(`${kind} ${id}`) ? [] : [deletion(kind, id, item, snapshot)];
  return {
    changes: [
      ...clients.flatMap(deletionOf('client')),
      ...servers.flatMap(deletionOf('resource_server')),
    ],
    kept: all,
  };
}

const managedBy = (item: StoredItem): string => `it is managed by ${ownerOf(item)}`;

const kept = (kind: Kept['kind'], id: string, why: string): Kept => ({ kind, id, why });

/** Resource server -> which of these clients needs it. */
function resourcesOf(items: readonly StoredItem[]): ReadonlyMap<string, string> {
  const clients = items.map(parseClient);
  return new Map(
    clients.flatMap(({ client_id, grants, introspection_resources }) =>
      [...grants.keys(), ...introspection_resources].map((resource) => [
        resource,
        `the client ${client_id} needs it`,
      ]),
    ),
  );
}

const deletion = (
  kind: Deletion['kind'],
  id: string,
  item: StoredItem,
  { defaultResource }: Snapshot,
): Deletion => ({
  kind,
  action: 'delete',
  id,
  fields: [],
  seen: fingerprint(item),
  isDefault: kind === 'resource_server' && id === defaultResource,
});
