import { type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { afterAll } from 'vitest';
import { sdkSettings } from '../../functions/aws/sdk-settings.ts';
import { createTables, startDynamodb } from '../../local/dynamodb/dynamodb.ts';
import { startKms } from '../../local/kms/endpoint.ts';
import { accessKeyId, testAccount } from './test-account.ts';

/** The tables of a deployment of tests. */
export const tables = { registry: 'registry', ephemera: 'ephemera', revocations: 'revocations' };

/** Clients of the services that a deployment stands on. */
export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly kms: KMSClient;
  readonly tagging: ResourceGroupsTaggingAPIClient;
}

/** Services of a test file's own. */
export interface Services extends Clients {
  /** Clients that reach the services by way of something else. */
  via(way: Via): Promise<Clients>;
  /** Makes a further table. */
  createTable(name: string): Promise<void>;
  /** Makes a further table of revocations. */
  createRevocations(name: string): Promise<void>;
}

/** What stands between a client and a service: takes and gives an endpoint. */
export type Via = (endpoint: string) => Promise<string>;

/**
 * Starts DynamoDB, with the tables, and KMS. Everything is closed when the test file ends.
 * @param now the clock of KMS; NumericDate
 */
export async function startServices(now?: () => number): Promise<Services> {
  const [dynamodb, kms] = await Promise.all([
    startDynamodb({ accessKeyId }),
    startKms({ accessKeyId, now }),
  ]);
  afterAll(async () => {
    await Promise.all([dynamodb[Symbol.asyncDispose](), kms[Symbol.asyncDispose]()]);
  });
  await createTables({ ...testAccount, endpoint: dynamodb.endpoint }, tableDefinitions());
  const createTable = (table: CreateTableCommandInput) =>
    createTables({ ...testAccount, endpoint: dynamodb.endpoint }, [table]);
  const via = async (way: Via) =>
    clients({ dynamodb: await way(dynamodb.endpoint), kms: await way(kms.endpoint) });
  return {
    ...clients({ dynamodb: dynamodb.endpoint, kms: kms.endpoint }),
    via,
    createTable: (name) => createTable(keyedByPk(name)),
    createRevocations: (name) => createTable(ofRevocations(name)),
  };
}

function clients(endpoints: { readonly dynamodb: string; readonly kms: string }): Clients {
  // Tests put middlewares into their clients, and take them out again.
  const settings = { ...testAccount, ...sdkSettings, cacheMiddleware: false };
  const made = {
    dynamodb: new DynamoDBClient({ ...settings, endpoint: endpoints.dynamodb }),
    kms: new KMSClient({ ...settings, endpoint: endpoints.kms }),
    tagging: new ResourceGroupsTaggingAPIClient({ ...settings, endpoint: endpoints.kms }),
  };
  afterAll(() => {
    for (const client of Object.values(made)) client.destroy();
  });
  return made;
}

/** How the tables are made. */
export const tableDefinitions = (): readonly CreateTableCommandInput[] => [
  keyedByPk(tables.registry),
  keyedByPk(tables.ephemera),
  ofRevocations(tables.revocations),
];

const keyedByPk = (TableName: string): CreateTableCommandInput => ({
  TableName,
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
});

const ofRevocations = (TableName: string): CreateTableCommandInput => ({
  TableName,
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  LocalSecondaryIndexes: [
    {
      IndexName: 'by-time',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'revoked_at', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'revoked_at', AttributeType: 'N' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
});
