import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CreateTableCommandInput, DynamoDB } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { localAccount } from '../../local/account/local-account.ts';
import { createTables, startDynamodb } from '../../local/dynamodb/dynamodb.ts';

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
    const first = await startDynamodb({ directory });
    await createTables(first.endpoint, [table]);
    const before = new DynamoDB({ ...localAccount, endpoint: first.endpoint });
    await before.putItem({ TableName: 'registry', Item: item });
    before.destroy();
    await first[Symbol.asyncDispose]();

    const second = await startDynamodb({ directory });
    await createTables(second.endpoint, [table, { ...table, TableName: 'ephemera' }]);
    const after = new DynamoDB({ ...localAccount, endpoint: second.endpoint });
    expect((await after.listTables({})).TableNames).toEqual(['ephemera', 'registry']);
    const { Item } = await after.getItem({ TableName: 'registry', Key: { pk: item.pk } });
    expect(Item).toEqual(item);
    after.destroy();
    await second[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  test('a table takes items as soon as it is created', async () => {
    const service = await startDynamodb();
    await createTables(service.endpoint, [table]);
    const dynamodb = new DynamoDB({ ...localAccount, endpoint: service.endpoint });
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

  test('a client that hangs up in the middle of a request does no harm', async () => {
    const service = await startDynamodb();
    const socket = connect(Number(new URL(service.endpoint).port), '127.0.0.1');
    await once(socket, 'connect');
    const { promise: written, resolve } = Promise.withResolvers<void>();
    socket.write('POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 2\r\n\r\n{', () =>
      resolve(),
    );
    await written;
    expect((await fetch(service.endpoint)).status).toBe(200);
    socket.resetAndDestroy();
    await once(socket, 'close');
    expect((await fetch(service.endpoint)).status).toBe(200);
    await service[Symbol.asyncDispose]();
  });

  test('nothing answers after it is closed', async () => {
    const service = await startDynamodb();
    await service[Symbol.asyncDispose]();
    await expect(fetch(service.endpoint)).rejects.toThrow('fetch failed');
  });
});
