import {
  parseClient,
  parseResourceServer,
  registryKey,
} from '../../functions/aws/registry-items.ts';
import type { StoredItem } from '../registry-store.ts';

/** What a registry holds beside its key ring. */
export interface Contents {
  readonly clients: number;
  readonly resource_servers: number;
  /** A sentence for each item that no function could read, without what is in it. */
  readonly unreadable: readonly string[];
}

type Kind = 'clients' | 'resource_servers' | 'others';

/** What the key of an item begins with -> how the item is read. */
const readers: readonly (readonly [string, Kind, (item: StoredItem) => unknown])[] = [
  [registryKey.client('').pk, 'clients', parseClient],
  [registryKey.resourceServer('').pk, 'resource_servers', parseResourceServer],
  [registryKey.defaultResourceServer().pk, 'others', () => undefined],
];

/** Reads all items of a registry but the key ring, as the functions will. */
export function readContents(items: readonly StoredItem[]): Contents {
  const read = items.map(readItem);
  const count = (kind: Kind) => read.filter((one) => one.kind === kind).length;
  return {
    clients: count('clients'),
    resource_servers: count('resource_servers'),
    unreadable: read.flatMap(({ problem }) => problem ?? []),
  };
}

function readItem(item: StoredItem): { readonly kind?: Kind; readonly problem?: string } {
  const [, kind, read] = readers.find(([start]) => String(item.pk).startsWith(start)) ?? [];
  if (!kind || !read)
    return { problem: `registry item ${item.pk}: this version knows no such item` };
  try {
    read(item);
    return { kind };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
