import { registryKey } from '../../functions/aws/registry-items.ts';
import type { Registry } from '../registry.ts';
import type { StoredItem } from '../registry-store.ts';
import { deleteResourceServer } from '../resource-server-deletion.ts';
import { fingerprint } from './canonical.ts';
import type { Change } from './change.ts';
import { createDeclaredClient, deleteSeenClient, updateSeenClient } from './client-writes.ts';
import { createDeclaredServer, updateSeenServer } from './resource-server-writes.ts';
import { changedMeanwhile } from './seen-writes.ts';

/**
 * Does what was planned, if nobody has changed the record since.
 * @throws RegistryError `busy` when somebody has, and nothing was done; `half-done` when the record is changed, and its
 *   tokens are not yet: a plan that is made then has the rest
 */
export async function carryOut(registry: Registry, change: Change): Promise<void> {
  if (change.action === 'create') return create(registry, change);
  const seen = await readSeen(registry, change);
  if (change.action === 'update') return update(registry, change, seen);
  if (change.kind === 'client') return deleteSeenClient(registry, change.id, seen);
  await deleteResourceServer(registry, change.id, { force: true });
}

type Created = Extract<Change, { action: 'create' | 'update' }>;

const create = (registry: Registry, change: Created): Promise<void> =>
  change.kind === 'client'
    ? createDeclaredClient(registry, change.declared, change.owner)
    : createDeclaredServer(registry, change.declared, change.owner);

const update = (registry: Registry, change: Created, seen: StoredItem): Promise<void> =>
  change.kind === 'client'
    ? updateSeenClient(registry, change.declared, seen, change.owner)
    : updateSeenServer(registry, change.declared, seen, change.owner);

async function readSeen({ store }: Registry, { kind, id, seen }: Change): Promise<StoredItem> {
  const key = kind === 'client' ? registryKey.client(id) : registryKey.resourceServer(id);
  const item = await store.read(key);
  if (item && fingerprint(item) === seen) return item;
  throw changedMeanwhile(id);
}
