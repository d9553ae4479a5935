import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { AttributeValue, CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { create, createKey } from 'dynalite/db/index.js';
import type { Item } from '../../../functions/aws/item.ts';
import {
  clientItem,
  registryKey,
  resourceServerItem,
} from '../../../functions/aws/registry-items.ts';
import { aResourceServer } from '../../support/a-client.ts';
import { benchClient } from '../fixtures/token-handler.ts';

/** A registry table of the bench. */
export interface BenchRegistry {
  readonly table: string;
  /** How many clients are registered in it. */
  readonly clients: number;
}

/** What CreateTable takes for a registry. */
export const registryTable = ({ table }: BenchRegistry): CreateTableCommandInput => ({
  TableName: table,
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
});

/** The identifier of a registry's client. */
export const clientId = (index: number): string => `client-${index}`;

/** How registries are written. */
export interface Writing {
  /** The store of the local DynamoDB. */
  readonly directory: string;
  /** Ends the writing early. */
  readonly signal: AbortSignal;
  /** Is told of every 100,000th client. */
  progress(step: string): void;
}

/** Items that are written at once. */
const batch = 1000;

/**
 * Registers clients, and the resource server that each has a grant at, in tables that need not be there
 * yet: straight into the store of a local DynamoDB that is not running, as PutItem would take
 * hours for a million. They share the secret of benchClient.
 */
export async function writeRegistries(
  registries: readonly BenchRegistry[],
  { directory, signal, progress }: Writing,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const store = create({ path: directory });
  try {
    for (const registry of registries) {
      const items = store.getItemDb(registry.table);
      const write = promisify(items.batch.bind(items));
      const put = (value: AttributeItem) => putOf(registry, value);
      await write([put(marshalled(resourceServerItem(aResourceServer())))]);
      for (let first = 0; first < registry.clients; first += batch) {
        signal.throwIfAborted();
        if (first % 100_000 === 0) progress(`registering client ${first} of ${registry.clients}`);
        await write(itemsFrom(first, registry).map(put));
      }
    }
  } finally {
    await store.db.close();
  }
}

type AttributeItem = Readonly<Record<string, AttributeValue>>;

const marshalled = (item: Item): AttributeItem => marshall(item, { removeUndefinedValues: true });

const putOf = (registry: BenchRegistry, value: AttributeItem) =>
  ({ type: 'put', key: createKey(value, registryTable(registry)), value }) as const;

// Marshalling is most of the work, and clients differ in their identifier alone.
const client = marshalled(clientItem(benchClient()));

function itemsFrom(first: number, { clients }: BenchRegistry): readonly AttributeItem[] {
  return Array.from({ length: Math.min(batch, clients - first) }, (_, offset) => {
    const client_id = clientId(first + offset);
    return { ...client, ...marshall({ ...registryKey.client(client_id), client_id }) };
  });
}
