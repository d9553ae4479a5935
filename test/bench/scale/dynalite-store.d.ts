/** What we use of the store behind dynalite 4, which has no types of its own. */
declare module 'dynalite/db/index.js' {
  import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

  interface Write {
    readonly type: 'put';
    readonly key: string;
    /** In DynamoDB's JSON. */
    readonly value: object;
  }

  type Done = (error?: Error | null) => void;

  interface Store {
    readonly db: { close(): Promise<void> };
    /** The items of a table, which need not be there yet. */
    getItemDb(table: string): { batch(writes: readonly Write[], done: Done): void };
  }

  /** Opens the store of a folder, which no other process may have open (LevelDB locks it). */
  export function create(options: { readonly path: string }): Store;

  /** The key that an item of a table is stored under. */
  export function createKey(item: object, table: CreateTableCommandInput): string;
}
