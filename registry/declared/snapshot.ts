import { registryKey } from '../../functions/aws/registry-items.ts';
import { defaultResource } from '../default-resource.ts';
import { listRecords } from '../listing.ts';
import type { Registry } from '../registry.ts';
import type { StoredItem } from '../registry-store.ts';
import type { Declaration } from './declaration.ts';

type Items = ReadonlyMap<string, StoredItem>;

/** What of the registry a declaration is compared with, by client_id and by identifier. */
export interface Snapshot {
  readonly clients: Items;
  readonly resource_servers: Items;
  readonly defaultResource: string | undefined;
}

/** Records that are read one by one; for more, the table is read through. */
const mostSingleReads = 20;

/**
 * Reads the registry once.
 * @param isWhole whether what is not declared counts, too
 */
export async function readSnapshot(
  registry: Registry,
  declaration: Declaration,
  isWhole: boolean,
): Promise<Snapshot> {
  const ids = declaration.clients.map(({ client_id }) => client_id);
  const isFew = !isWhole && ids.length <= mostSingleReads;
  return {
    clients: isFew
      ? await readEach(registry, ids, registryKey.client)
      : await readAll(registry, registryKey.client),
    resource_servers:
      (isFew && (await readServersNamed(registry, declaration))) ||
      (await readAll(registry, registryKey.resourceServer)),
    defaultResource: await defaultResource(registry),
  };
}

type KeyOf = (id: string) => { readonly pk: string };

async function readEach({ store }: Registry, ids: readonly string[], keyOf: KeyOf): Promise<Items> {
  const read = ids.map(async (id) => [id, await store.read(keyOf(id))] as const);
  const found = (await Promise.all(read)).flatMap(([id, item]) =>
    item ? [[id, item] as const] : [],
  );
  return new Map(found);
}

/** The resource servers that are named, when all of them are named to the letter; else undefined. */
async function readServersNamed(
  registry: Registry,
  { resource_servers, clients }: Declaration,
): Promise<Items | undefined> {
  const named = new Set([
    ...resource_servers.map(({ resource }) => resource),
    ...clients.flatMap(({ grants = {} }) => Object.keys(grants)),
    ...clients.flatMap(({ introspection_resources = [] }) => introspection_resources),
  ]);
  if (named.size > mostSingleReads) return undefined;
  const items = await readEach(registry, [...named], registryKey.resourceServer);
  return items.size === named.size ? items : undefined;
}

async function readAll(registry: Registry, keyOf: KeyOf): Promise<Items> {
  const prefix = keyOf('').pk;
  const { records } = await listRecords(registry, { prefix, parse: (item) => item });
  return new Map(records.map((item) => [String(item.pk).slice(prefix.length), item]));
}
