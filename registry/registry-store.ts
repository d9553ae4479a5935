/** The key of an item; functions/aws/registry-items.ts makes those that there are. */
export type ItemKey = Readonly<{ pk: string }>;

/** An item as it is stored. */
export type StoredItem = Readonly<Record<string, unknown>>;

/** Some of the items of a prefix. */
interface Page {
  readonly items: readonly StoredItem[];
  /** The key behind which there may be more; absent: there are none. */
  readonly next?: string | undefined;
}

/**
 * Where the registry's items are kept: a DynamoDB table. The store counts the writes of an item in its
 * `revision`, by which it notices that somebody else wrote in between.
 */
export interface RegistryStore {
  /** Reads one item as it is now. */
  read(key: ItemKey): Promise<StoredItem | undefined>;
  /**
   * Reads some items whose key begins with the prefix, in an order that is always the same. A page may
   * have fewer items than there are, or none at all, and yet have a next one.
   * @param after the key behind which to go on; any key of the prefix will do
   * @param most how many items of the table are read for it
   */
  page(prefix: string, after: string | undefined, most: number | undefined): Promise<Page>;
  /** Writes an item unless its key is taken; says whether it did. */
  create(item: StoredItem): Promise<boolean>;
  /** Writes an item whatever is there. */
  replace(item: StoredItem): Promise<void>;
  /** Writes `after` unless somebody wrote since `before` was read; says whether it did. */
  change(before: StoredItem, after: StoredItem): Promise<boolean>;
  /**
   * Deletes an item; says whether it was there.
   * @param holding attributes that it must still have to be deleted
   */
  delete(key: ItemKey, holding?: StoredItem): Promise<boolean>;
}
