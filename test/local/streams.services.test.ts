import { BatchWriteItemCommand, DynamoDB } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { followStreams } from '../../local/deployment/streams.ts';
import { createTables, startDynamodb } from '../../local/dynamodb/dynamodb.ts';
import type { LambdaFunction } from '../../local/lambda/function.ts';
import type { Invocation } from '../../local/lambda/instance.ts';
import { tableDefinitions, tables } from '../support/services.ts';
import { accessKeyId, testAccount } from '../support/test-account.ts';

/** Streams of the local DynamoDB: what is written reaches a function, as Lambda gives it. */

const service = await startDynamodb({ accessKeyId });
const settings = { ...testAccount, endpoint: service.endpoint };
await createTables(settings, tableDefinitions());
const dynamodb = new DynamoDB(settings);
afterAll(async () => {
  dynamodb.destroy();
  await service[Symbol.asyncDispose]();
});

interface GivenRecord {
  readonly eventName: string;
  readonly dynamodb: {
    readonly Keys: object;
    readonly OldImage?: object;
    readonly NewImage?: object;
    readonly SequenceNumber: string;
    readonly ApproximateCreationDateTime: number;
  };
}

const TableName = tables.registry;
const streamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/registry/stream/local';
const stream = { name: 'S', table: TableName, streamArn, functionArn: 'arn', batchSize: 2 };

function following(answers: readonly Invocation[] = []) {
  const events: { readonly Records: readonly GivenRecord[] }[] = [];
  const lines: string[] = [];
  const lambda: LambdaFunction = {
    invoke: async (event) => {
      events.push(event as never);
      return answers[events.length - 1] ?? { payload: null };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  const functions = new Map([['arn', lambda]]);
  const log = (line: string) => lines.push(line);
  const followed = followStreams([stream], { dynamodb: service, functions, log });
  const records = async () => {
    await followed[Symbol.asyncDispose]();
    return events.flatMap(({ Records }) => Records);
  };
  onTestFinished(() => followed[Symbol.asyncDispose]());
  return { events, lines, records };
}

const pk = { S: 'client#a' };
const Key = { pk };
beforeEach(async () => void (await dynamodb.deleteItem({ TableName, Key })));

describe('a stream', () => {
  test('tells of what is put, updated and deleted, before and after, in this order', async () => {
    const { records } = following();
    const item = { pk, n: { N: '1' }, list: { L: [{ S: 'é' }] } };
    await dynamodb.putItem({ TableName, Item: item });
    const update = {
      UpdateExpression: 'SET n = :n',
      ExpressionAttributeValues: { ':n': { N: '2' } },
    };
    await dynamodb.updateItem({ TableName, Key, ...update });
    await dynamodb.deleteItem({ TableName, Key });
    const after = { ...item, n: { N: '2' } };
    const told = await records();
    expect(told).toMatchObject([
      { eventName: 'INSERT', dynamodb: { Keys: Key, NewImage: item }, eventSourceARN: streamArn },
      { eventName: 'MODIFY', dynamodb: { Keys: Key, OldImage: item, NewImage: after } },
      { eventName: 'REMOVE', dynamodb: { Keys: Key, OldImage: after } },
    ]);
    expect(told[0]?.dynamodb).not.toHaveProperty('OldImage');
    expect(told[2]?.dynamodb).not.toHaveProperty('NewImage');
    const sequence = told.map(({ dynamodb: { SequenceNumber } }) => SequenceNumber);
    expect(new Set(sequence).size).toBe(3);
    expect(sequence).toEqual(sequence.toSorted());
    const age = Date.now() / 1000 - (told[0]?.dynamodb.ApproximateCreationDateTime ?? 0);
    expect(Math.abs(age)).toBeLessThan(60);
  });

  test('tells nothing of a write that changes nothing, or is refused', async () => {
    await dynamodb.putItem({ TableName, Item: { pk } });
    const { records } = following();
    await dynamodb.putItem({ TableName, Item: { pk } });
    const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };
    const refused = dynamodb.putItem({ TableName, Item: { pk, a: { S: 'b' } }, ...isNew });
    await expect(refused).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    await expect(dynamodb.putItem({ TableName, Item: {} })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    expect(await records()).toEqual([]);
  });

  test('tells of each of many writes at once, each from where the one before left', async () => {
    const { records } = following();
    const puts = Array.from({ length: 20 }, (_, n) =>
      dynamodb.putItem({ TableName, Item: { pk, n: { N: `${n}` } } }),
    );
    await Promise.all(puts);
    const told = await records();
    expect(told).toHaveLength(20);
    const images = told.map(({ dynamodb: { OldImage, NewImage } }) => [OldImage, NewImage]);
    images.slice(1).forEach(([before], index) => {
      expect(before).toEqual(images[index]?.[1]);
    });
  });

  test('leaves other tables alone', async () => {
    const { records } = following();
    const other = { TableName: tables.ephemera, Item: { pk } };
    await dynamodb.putItem(other);
    const { Item } = await dynamodb.getItem({ TableName: tables.ephemera, Key });
    expect(Item).toEqual({ pk });
    const request = [{ PutRequest: { Item: { pk } } }];
    const batch = new BatchWriteItemCommand({ RequestItems: { [tables.ephemera]: request } });
    await dynamodb.send(batch);
    expect(await records()).toEqual([]);
  });

  test('does not know writes of several items, and says so', async () => {
    const { records } = following();
    const request = [{ PutRequest: { Item: { pk } } }];
    await expect(
      dynamodb.batchWriteItem({ RequestItems: { [TableName]: request } }),
    ).rejects.toThrow(
      'the local stack does not know BatchWriteItem on registry, which has a stream',
    );
    const TransactItems = [{ Put: { TableName, Item: { pk } } }];
    await expect(dynamodb.transactWriteItems({ TransactItems })).rejects.toThrow(
      'TransactWriteItems',
    );
    expect(await records()).toEqual([]);
  });

  test('gives a batch again that fails, then the next, and says what is lost', async () => {
    const failure = { errorType: 'Error', errorMessage: 'broken' };
    const { events, lines, records } = following([failure, failure, failure, failure]);
    await dynamodb.putItem({ TableName, Item: { pk } });
    await records();
    await dynamodb.putItem({ TableName, Item: { pk, n: { N: '1' } } });
    await records();
    expect(events).toHaveLength(5);
    expect(lines).toEqual([
      ...Array.from({ length: 3 }, () => 'S Error broken'),
      'S has lost 1 records',
      'S Error broken',
    ]);
  });

  test('whose function does not exist is an error', () => {
    const surroundings = { dynamodb: service, functions: new Map(), log: () => undefined };
    expect(() => followStreams([stream], surroundings)).toThrow('S invokes arn, which does not');
  });
});
