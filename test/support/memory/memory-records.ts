import type { Item } from '../../../functions/aws/item.ts';

/** Items of one kind in memory, read as the adapter reads those of the table. */
export interface MemoryRecords<Kind extends object> {
  /** Reads a record as it is now. @throws the trouble, while there is one */
  readonly read: (id: string) => Promise<Kind | undefined>;
  put(id: string, item: Item): void;
  delete(id: string): void;
  /** The identifiers that were asked for, in order. */
  readonly reads: string[];
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
  const records: MemoryRecords<Kind> = {
    reads: [],
    trouble: undefined,
    async read(id) {
      records.reads.push(id);
      if (records.trouble) throw records.trouble;
      const item = items.get(id);
      return item && parse(structuredClone(item));
    },
    put: (id, item) => void items.set(id, item),
    delete: (id) => void items.delete(id),
  };
  return records;
}
