import { parseResourceServer, resourceServerItem } from '../../functions/aws/registry-items.ts';
import type { Registry } from '../registry.ts';
import { RegistryError } from '../registry-error.ts';
import type { StoredItem } from '../registry-store.ts';
import { createResourceServer } from '../resource-servers.ts';
import type { DeclaredResourceServer } from './declaration.ts';
import { resourceServerAsDeclared, scopeOf } from './registered-form.ts';
import { changedMeanwhile, owned, writeSeen } from './seen-writes.ts';

/**
 * Registers a resource server that is not there.
 * @throws RegistryError `busy` when it is by now
 */
export async function createDeclaredServer(
  registry: Registry,
  declared: DeclaredResourceServer,
  owner: string | undefined,
): Promise<void> {
  try {
    await createResourceServer(registry, {
      ...declared,
      scope: scopeOf(declared.scope),
      managed_by: owner,
    });
  } catch (error) {
    if (error instanceof RegistryError && error.about === 'taken')
      throw changedMeanwhile(declared.resource);
    throw error;
  }
}

/**
 * Changes a resource server that was read.
 * @throws RegistryError `busy` when somebody else wrote since
 */
export function updateSeenServer(
  registry: Registry,
  declared: DeclaredResourceServer,
  seen: StoredItem,
  owner: string | undefined,
): Promise<void> {
  const server = resourceServerAsDeclared(declared, parseResourceServer(seen), registry.now());
  return writeSeen(registry, seen, owned(resourceServerItem(server), owner));
}
