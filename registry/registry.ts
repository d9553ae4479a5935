import type { ReadUses } from '../functions/oauth/last-use.ts';
import type { RevocationLog, RevocationStore } from '../functions/oauth/revocation.ts';
import { RegistryError } from './registry-error.ts';
import type { ItemKey, RegistryStore, StoredItem } from './registry-store.ts';

/** The clients and resource servers of a deployment, as an administrator reaches them. */
export interface Registry {
  readonly store: RegistryStore;
  /** Absent: the deployment is older than revocation. */
  readonly revocations?: (RevocationStore & RevocationLog) | undefined;
  /** Absent: nobody asks when clients were used. */
  readonly uses?: ReadUses | undefined;
  /** NumericDate. */
  readonly now: () => number;
}

const mostAttempts = 10;

/**
 * Reads an item, and writes what `change` makes of it unless somebody else wrote meanwhile; then
 * it starts again from what they wrote, so that neither change is lost. Attributes that `change` does
 * not give stay as they are: another version of Countersign may have written them.
 * @param change may be called more than once, and may refuse
 * @returns the new item; undefined: there is none to change
 * @throws RegistryError when somebody else wrote at every attempt
 */
export async function changeItem(
  { store }: Registry,
  key: ItemKey,
  change: (item: StoredItem) => StoredItem,
): Promise<StoredItem | undefined> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const before = await store.read(key);
    if (!before) return undefined;
    const after = { ...before, ...change(before) };
    if (await store.change(before, after)) return after;
  }
  throw new RegistryError(
    'busy',
    'somebody else is changing the same item; nothing was changed, try again',
  );
}
