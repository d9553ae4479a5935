import type { RegistryStore, StoredItem } from '../../registry/registry-store.ts';

/**
 * The twin of functions/aws/dynamodb-registry-store.ts that needs no server; test/aws/registry-store.services.test.ts
 * holds both to the same cases.
 */
export function memoryRegistryStore(): RegistryStore {
  const items = new Map<unknown, StoredItem>();
  const write = async (item: StoredItem, isAllowed: boolean): Promise<boolean> => {
    if (isAllowed) items.set(item.pk, copied(item));
    return isAllowed;
  };
  return {
    read: async ({ pk }) => {
      const item = items.get(pk);
      return item && copied(item);
    },
    page: async (prefix, after = '', most = Number.POSITIVE_INFINITY) => {
      const later = [...items.values()]
        .toSorted((a, b) => (String(a.pk) < String(b.pk) ? -1 : 1))
        .filter(({ pk }) => String(pk) > after);
      const read = later.slice(0, most);
      const found = read.filter(({ pk }) => String(pk).startsWith(prefix)).map(copied);
      const next = later.length > read.length ? String(read.at(-1)?.pk) : undefined;
      return { items: found, next };
    },
    create: (item) => write({ ...item, revision: 1 }, !items.has(item.pk)),
    replace: async (item) => {
      await write(item, true);
    },
    change: (before, after) => {
      const stored = items.get(after.pk);
      const isUnchanged = stored !== undefined && revision(stored) === revision(before);
      return write({ ...after, revision: revision(before) + 1 }, isUnchanged);
    },
    delete: async ({ pk }, holding = {}) => {
      const stored = items.get(pk);
      const isSame = Object.entries(holding).every(([name, value]) => stored?.[name] === value);
      return isSame && items.delete(pk);
    },
  };
}

const revision = (item: StoredItem): number => Number(item.revision ?? 0);

/** As it comes out of DynamoDB: an object of its own, without the members that are undefined. */
const copied = (item: StoredItem): StoredItem => JSON.parse(JSON.stringify(item));
