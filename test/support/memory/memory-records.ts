import type { Item } from '../../../functions/aws/item.ts';
import type { Consistency, ReadRecord } from '../../../functions/oauth/cached-records.ts';

/** Items of one kind in memory, read as the adapter reads those of the table. */
export interface MemoryRecords<Kind extends object> {
  /** @throws the trouble, while there is one */
  readonly read: ReadRecord<Kind>;
  put(id: string, item: Item): void;
  delete(id: string): void;
  /** The identifiers that were asked for, in order, and how. */
  readonly reads: { readonly id: string; readonly consistency: Consistency }[];
  /** Whether eventually consistent reads miss the changes that are made from now on. */
  isLagging: boolean;
  /** Why nothing can be read; undefined: it can. */
  trouble: Error | undefined;
}

/**
 * Records in memory. They are kept as items and parsed at each reading, as in DynamoDB, so that a test
 * meets what the table would give back.
 */
export function memoryRecords<Kind extends object>(
  parse: (item: Item) => Kind,
): MemoryRecords<Kind> {
  const items = new Map<string, Item>();
  let replica = items;
  const records: MemoryRecords<Kind> = {
    reads: [],
    trouble: undefined,
    async read(id, consistency) {
      records.reads.push({ id, consistency });
      if (records.trouble) throw records.trouble;
      const item = (consistency === 'strong' ? items : replica).get(id);
      return item && parse(structuredClone(item));
    },
    put: (id, item) => void items.set(id, item),
    delete: (id) => void items.delete(id),
    get isLagging() {
      return replica !== items;
    },
    set isLagging(isLagging) {
      replica = isLagging ? new Map(items) : items;
    },
  };
  return records;
}
