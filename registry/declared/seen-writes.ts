import type { Registry } from '../registry.ts';
import { RegistryError } from '../registry-error.ts';
import type { StoredItem } from '../registry-store.ts';
import { ownerAttribute } from './ownership.ts';

/**
 * Writes what is to become of an item that was read, and keeps what this version does not know of.
 * @throws RegistryError `busy` when somebody else wrote since
 */
export async function writeSeen(
  { store }: Registry,
  seen: StoredItem,
  after: StoredItem,
): Promise<void> {
  const { pk } = seen;
  if (!(await store.change(seen, { ...seen, ...after }))) throw changedMeanwhile(String(pk));
}

/** An item with its owner, if there is one from now on. */
export const owned = (item: StoredItem, owner: string | undefined): StoredItem =>
  owner === undefined ? item : { ...item, [ownerAttribute]: owner };

/** The refusal of a change when the record is another than it was planned for. */
export const changedMeanwhile = (id: string): RegistryError =>
  new RegistryError(
    'busy',
    `somebody else has changed ${id.replace(/^(client|resource)#/, '')} meanwhile; nothing was done to it, try again`,
  );
