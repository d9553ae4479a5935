import type { Registry } from './registry.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistryStore, StoredItem } from './registry-store.ts';

/** One kind of records: the prefix of its keys, and how an item is read. */
export interface RecordKind<Kind> {
  readonly prefix: string;
  readonly parse: (item: StoredItem) => Kind;
}

/** Which records of a kind are wanted. */
export interface ListRequest<Kind> {
  /** @default every one */
  readonly matches?: ((record: Kind) => boolean) | undefined;
  /** @default as many as there are */
  readonly limit?: number | undefined;
  /** What a listing before gave as `next`. */
  readonly after?: string | undefined;
}

/** Records of a kind, in the order of the table, which is always the same and says nothing. */
export interface Listing<Kind> {
  readonly records: readonly Kind[];
  /** How many records were read to find them. */
  readonly read: number;
  /** Where to go on; absent: there are no more. Behind the last one there may be none. */
  readonly next?: string | undefined;
}

/**
 * Lists the records that are wanted. Those that do not match are read, too, for the table has no index; a
 * limit alone reads no more than it gives.
 * @throws RegistryError when `after` is no `next` of this kind
 */
export async function listRecords<Kind>(
  { store }: Registry,
  kind: RecordKind<Kind>,
  { matches, limit = Number.POSITIVE_INFINITY, after }: ListRequest<Kind> = {},
): Promise<Listing<Kind>> {
  const records: Kind[] = [];
  let read = 0;
  const from = after === undefined ? undefined : keyOf(after, kind.prefix);
  const most = () => (matches || limit === Infinity ? undefined : limit - records.length);
  for await (const { item, isLast } of items(store, kind.prefix, { from, most })) {
    read += 1;
    const record = kind.parse(item);
    if (matches?.(record) === false) continue;
    records.push(record);
    if (records.length < limit) continue;
    return { records, read, next: isLast ? undefined : tokenOf(item) };
  }
  return { records, read };
}

interface Start {
  readonly from: string | undefined;
  readonly most: () => number | undefined;
}

async function* items(store: RegistryStore, prefix: string, { from, most }: Start) {
  let after = from;
  do {
    const page = await store.page(prefix, after, most());
    for (const [index, item] of page.items.entries()) {
      yield { item, isLast: page.next === undefined && index === page.items.length - 1 };
    }
    after = page.next;
  } while (after !== undefined);
}

const tokenOf = ({ pk }: StoredItem): string => Buffer.from(String(pk)).toString('base64url');

function keyOf(token: string, prefix: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (key.startsWith(prefix) && tokenOf({ pk: key }) === token) return key;
  throw new RegistryError(
    'input',
    '--after takes what the list before gave as next, to the letter',
  );
}
