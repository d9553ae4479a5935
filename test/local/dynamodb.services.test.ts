import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CreateTableCommandInput, DynamoDB } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { createTables, startDynamodb } from '../../local/dynamodb/dynamodb.ts';
import { accessKeyId, naming, testAccount } from '../support/test-account.ts';

const table: CreateTableCommandInput = {
  TableName: 'registry',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
};
const item = { pk: { S: 'client#s6BhdRkqt3' }, name: { S: 'kept' } };

describe('the local DynamoDB', () => {
  test('keeps what it holds over a restart, and creating its tables again changes nothing', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'dynamodb-'));
    const first = await startDynamodb({ accessKeyId, directory });
    await createTables({ ...testAccount, endpoint: first.endpoint }, [table]);
    const before = new DynamoDB({ ...testAccount, endpoint: first.endpoint });
    await before.putItem({ TableName: 'registry', Item: item });
    before.destroy();
    await first[Symbol.asyncDispose]();

    const second = await startDynamodb({ accessKeyId, directory });
    await createTables({ ...testAccount, endpoint: second.endpoint }, [
      table,
      { ...table, TableName: 'ephemera' },
    ]);
    const after = new DynamoDB({ ...testAccount, endpoint: second.endpoint });
    expect((await after.listTables({})).TableNames).toEqual(['ephemera', 'registry']);
    const { Item } = await after.getItem({ TableName: 'registry', Key: { pk: item.pk } });
    expect(Item).toEqual(item);
    after.destroy();
    await second[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  test('a table takes items as soon as it is created', async () => {
    const service = await startDynamodb({ accessKeyId });
    await createTables({ ...testAccount, endpoint: service.endpoint }, [table]);
    const dynamodb = new DynamoDB({ ...testAccount, endpoint: service.endpoint });
    await dynamodb.putItem({ TableName: 'registry', Item: item });
    const again = dynamodb.putItem({
      TableName: 'registry',
      Item: item,
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    await expect(again).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    dynamodb.destroy();
    await service[Symbol.asyncDispose]();
  });

  test('a table has the indexes of its template', async () => {
    const service = await startDynamodb({ accessKeyId });
    const hash = { AttributeName: 'pk', KeyType: 'HASH' } as const;
    const sorted: CreateTableCommandInput = {
      ...table,
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
        { AttributeName: 'at', AttributeType: 'N' },
      ],
      KeySchema: [hash, { AttributeName: 'sk', KeyType: 'RANGE' }],
      LocalSecondaryIndexes: [
        {
          IndexName: 'by-time',
          KeySchema: [hash, { AttributeName: 'at', KeyType: 'RANGE' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    };
    await createTables({ ...testAccount, endpoint: service.endpoint }, [sorted]);
    const dynamodb = new DynamoDB({ ...testAccount, endpoint: service.endpoint });
    for (const [sk, at] of Object.entries({ a: '3', b: '1', c: '2' })) {
      const Item = { pk: { S: 'p' }, sk: { S: sk }, at: { N: at } };
      await dynamodb.putItem({ TableName: 'registry', Item });
    }
    const { Items } = await dynamodb.query({
      TableName: 'registry',
      IndexName: 'by-time',
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :p AND #at >= :since',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':p': { S: 'p' }, ':since': { N: '2' } },
    });
    expect(Items?.map(({ sk }) => sk?.S)).toEqual(['c', 'a']);
    dynamodb.destroy();
    await service[Symbol.asyncDispose]();
  });

  test('a client that hangs up in the middle of a request does no harm', async () => {
    const service = await startDynamodb({ accessKeyId });
    const socket = connect(Number(new URL(service.endpoint).port), '127.0.0.1');
    await once(socket, 'connect');
    const { promise: written, resolve } = Promise.withResolvers<void>();
    const headers = naming(accessKeyId);
    const { host } = new URL(service.endpoint);
    const head = `POST / HTTP/1.1\r\nhost: ${host}\r\nauthorization: ${headers.authorization}\r\n`;
    socket.write(`${head}content-length: 2\r\n\r\n{`, () => resolve());
    await written;
    expect((await fetch(service.endpoint, { headers })).status).toBe(200);
    socket.resetAndDestroy();
    await once(socket, 'close');
    expect((await fetch(service.endpoint, { headers })).status).toBe(200);
    await service[Symbol.asyncDispose]();
  });

  test('nothing answers after it is closed', async () => {
    const service = await startDynamodb({ accessKeyId });
    await service[Symbol.asyncDispose]();
    await expect(fetch(service.endpoint)).rejects.toThrow('fetch failed');
  });
});
