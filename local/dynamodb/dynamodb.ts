import { mkdir } from 'node:fs/promises';
import type { RequestListener, Server } from 'node:http';
import { type CreateTableCommandInput, DynamoDB } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { LocalAccount } from '../account/local-account.ts';
import { type LocalService, startService } from '../io/http-server.ts';
import { type Observer, observedWrites } from './observed-writes.ts';

/** A DynamoDB that answers on this computer. */
export interface LocalDynamodb extends LocalService {
  /** Tells the writes of a table from now on. */
  observe(table: string, observer: Observer): void;
}

/**
 * Starts DynamoDB on 127.0.0.1: on disk in a directory, which is made when missing, or in memory
 * without one.
 */
export async function startDynamodb({
  accessKeyId,
  directory,
}: {
  readonly accessKeyId: string;
  readonly directory?: string;
}): Promise<LocalDynamodb> {
  if (directory) await mkdir(directory, { recursive: true, mode: 0o700 });
  const server = dynalite({ createTableMs: 0, ...(directory && { path: directory }) });
  const observers = new Map<string, Observer>();
  const [listener] = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  if (listener) server.on('request', observedWrites(listener, observers));
  surviveAborts(server);
  const service = await startService(server, accessKeyId);
  return { ...service, observe: (table, observer) => observers.set(table, observer) };
}

/** dynalite throws from its error handler when a client hangs up, which would end this process. */
function surviveAborts(server: Server): void {
  server.on('request', (request) => {
    request.removeAllListeners('error');
    request.on('error', () => undefined);
  });
}

/** Creates the tables that are not there yet, and leaves the others with what they hold. */
export async function createTables(
  settings: LocalAccount & { readonly endpoint: string },
  tables: readonly CreateTableCommandInput[],
): Promise<void> {
  const dynamodb = new DynamoDB(settings);
  try {
    const { TableNames = [] } = await dynamodb.listTables({});
    const missing = tables.filter(({ TableName }) => !TableNames.includes(String(TableName)));
    await Promise.all(missing.map((table) => createTable(dynamodb, table)));
  } finally {
    dynamodb.destroy();
  }
}

async function createTable(dynamodb: DynamoDB, table: CreateTableCommandInput): Promise<void> {
  await dynamodb.createTable(table);
  while (!(await isActive(dynamodb, String(table.TableName)))) {
    // dynalite activates a table on the next turn of the event loop, so no delay is needed.
  }
}

async function isActive(dynamodb: DynamoDB, name: string): Promise<boolean> {
  const { Table } = await dynamodb.describeTable({ TableName: name });
  return Table?.TableStatus === 'ACTIVE';
}
