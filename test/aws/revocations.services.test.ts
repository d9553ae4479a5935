import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answerDate } from '../../functions/aws/answer-date.ts';
import {
  dynamodbRevocationLog,
  dynamodbRevocationStore,
} from '../../functions/aws/dynamodb-revocations.ts';
import {
  dynamodbNumberBlocks,
  dynamodbNumberCount,
} from '../../functions/aws/dynamodb-token-numbers.ts';
import type { Revocation, RevocationLog } from '../../functions/oauth/revocation.ts';
import { api, client_id, issuer } from '../support/a-client.ts';
import { memoryRevocations } from '../support/memory/memory-revocations.ts';
import { noteAll } from '../support/note-all.ts';
import { startServices, tables } from '../support/services.ts';
import { type Trouble, troubledService } from '../support/troubled-service.ts';

const start = 1_700_000_000;
const services = await startServices(() => start);

/** The table of revocations, empty, in DynamoDB. */
async function inDynamodb(name: string, now: () => number) {
  const { dynamodb } = await services.via(async (endpoint) => endpoint);
  const table = `revocations-${name.replaceAll(/\W+/g, '-')}`;
  await services.createRevocations(table);
  return {
    ...dynamodbRevocationStore(dynamodb, table),
    ...dynamodbRevocationLog(dynamodb, table, now),
    ...dynamodbNumberBlocks(dynamodb, table),
    ...dynamodbNumberCount(dynamodb, table),
  };
}

async function inMemory(_name: string, now: () => number) {
  return memoryRevocations(now);
}

/** All that a log tells since a time, the newest last. */
async function since(log: RevocationLog, revoked_at: number): Promise<readonly Revocation[]> {
  const pages = await pagesSince(log, revoked_at);
  return pages.flat().map((revocation) => JSON.parse(JSON.stringify(revocation)));
}

async function pagesSince(log: RevocationLog, revoked_at: number) {
  const pages: (readonly Revocation[])[] = [];
  for await (const page of log.since(revoked_at)) pages.push(page);
  return pages;
}

const times = { revoked_at: start, expires_at: start + 100 };
const token: Revocation = {
  kind: 'token',
  id: 'a-jti',
  status: { uri: `${issuer}/status-lists/3`, idx: 77 },
  client_id,
  iat: start - 5,
  ...times,
};
const ofClient = (not_before: number, revoked_at = start): Revocation => ({
  kind: 'client',
  id: client_id,
  not_before,
  revoked_at,
  expires_at: not_before + 100,
});

describe.for([
  ['in memory', inMemory],
  ['in DynamoDB', inDynamodb],
] as const)('J05: revocations %s', ([, make]) => {
  test('are told as they were noted, each kind of them', async ({ task }) => {
    const store = await make(task.name, () => start);
    const all: readonly Revocation[] = [
      token,
      { kind: 'token', id: 'without-a-place', ...times, revoked_at: start + 1 },
      { ...ofClient(start + 301), revoked_at: start + 2 },
      { kind: 'resource', id: api, not_before: start, ...times, revoked_at: start + 3 },
      { kind: 'key', id: 'a-kid', ...times, revoked_at: start + 4 },
    ];
    expect(await since(store, 0)).toEqual([]);
    for (const revocation of all.toReversed()) await store.note(revocation);
    expect(await since(store, 0)).toEqual(all);
    expect(await since(store, start + 2)).toEqual(all.slice(2));
    expect(await since(store, start + 5)).toEqual([]);
  });

  test.for(['token', 'key'] as const)(
    'of a %s stay as they were noted first',
    async (kind, { task }) => {
      const store = await make(task.name, () => start);
      const first = { ...token, kind };
      await store.note(first);
      await store.note({ ...first, revoked_at: start + 50, expires_at: start + 500 });
      expect(await since(store, 0)).toEqual([first]);
    },
  );

  test('of a token get its place, if it was noted by its jti alone', async ({ task }) => {
    const store = await make(task.name, () => start);
    const { status, ...byJti } = token;
    await store.note(byJti);
    const placed = { ...token, revoked_at: start + 5 };
    await store.note(placed);
    await store.note({ ...byJti, revoked_at: start + 9 });
    expect(await since(store, 0)).toEqual([placed]);
  });

  test.for(['client', 'resource'] as const)(
    'of a %s refuse more tokens by each later one, and never fewer',
    async (kind, { task }) => {
      const store = await make(task.name, () => start);
      const until = (not_before: number, revoked_at: number) => ({
        ...ofClient(not_before, revoked_at),
        kind,
      });
      await store.note(until(start + 301, start));
      await store.note(until(start + 2, start + 1));
      await store.note(until(start + 301, start + 2));
      expect(await since(store, 0)).toEqual([until(start + 301, start)]);
      await store.note(until(start + 400, start + 99));
      expect(await since(store, start + 99)).toEqual([until(start + 400, start + 99)]);
    },
  );

  test('of a client are lifted to an earlier time, and never to a later one', async ({ task }) => {
    const store = await make(task.name, () => start);
    expect(await store.lift(ofClient(start + 1))).toBe(false);
    expect(await since(store, 0)).toEqual([]);
    await store.note(ofClient(start + 301));
    expect(await store.lift(ofClient(start + 11, start + 10))).toBe(true);
    expect(await store.lift(ofClient(start + 21, start + 20))).toBe(true);
    expect(await since(store, start + 10)).toEqual([ofClient(start + 11, start + 10)]);
    expect(await since(store, 0)).toHaveLength(1);
  });

  test('of the same client that come at once leave the one that refuses most', async ({ task }) => {
    const store = await make(task.name, () => start);
    await Promise.all([3, 9, 1, 7, 5].map((more) => store.note(ofClient(start + more))));
    expect(await since(store, 0)).toEqual([ofClient(start + 9)]);
  });

  test('are forgotten when they have expired, whether or not the table has deleted them', async ({
    task,
  }) => {
    const clock = { now: start };
    const store = await make(task.name, () => clock.now);
    await store.note(token);
    clock.now = start + 99;
    expect(await since(store, 0)).toHaveLength(1);
    clock.now = start + 100;
    expect(await since(store, 0)).toEqual([]);
  });

  test('are told in pages, to the end', async ({ task }) => {
    const store = await make(task.name, () => start);
    // A page of DynamoDB ends at a megabyte, with keys of at most one KiB.
    const long = Array.from({ length: 1100 }, (_, number) => ({
      ...token,
      id: `${number}-`.padEnd(900, 'x'),
    }));
    await noteAll(store, long);
    const pages = await pagesSince(store, 0);
    expect(pages.length).toBeGreaterThan(1);
    expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(1100);
  });

  test('token numbers come in blocks that nobody else gets', async ({ task }) => {
    const store = await make(task.name, () => start);
    expect(await store.taken()).toBe(0);
    const firsts = await Promise.all([1, 2, 3, 4].map(() => store.take(1024)));
    expect(firsts.toSorted((a, b) => a - b)).toEqual([0, 1024, 2048, 3072]);
    expect(await store.taken()).toBe(4096);
  });
});

/** A store behind a service that can be in trouble, on the table that all such tests share. */
const { troubles, via } = troubledService();
const { dynamodb } = await services.via(via);
const store = dynamodbRevocationStore(dynamodb, tables.revocations);
const log = dynamodbRevocationLog(dynamodb, tables.revocations, () => start);
const blocks = dynamodbNumberBlocks(dynamodb, tables.revocations);
const count = dynamodbNumberCount(dynamodb, tables.revocations);

function trouble(operation: string, what: Trouble): void {
  troubles.set(operation, what);
  onTestFinished(() => void troubles.delete(operation));
}

const throttled: Trouble = {
  status: 400,
  body: JSON.stringify({
    __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException',
    message: 'throttled',
  }),
};

describe('J05: a table of revocations', () => {
  test('tells the time by its own clock', async () => {
    const before = Math.floor(Date.now() / 1000);
    const time = await store.time();
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now() / 1000);
  });

  test.for([
    [{ date: 'Tue, 14 Nov 2023 22:13:20 GMT' }, start],
    [{ date: 'Tuesday, 14-Nov-23 22:13:20 GMT' }, undefined],
    [{ date: 'Tue, 99 Nov 2023 22:13:20 GMT' }, undefined],
    [{ date: '2023-11-14T22:13:20Z' }, undefined],
    [{ date: '' }, undefined],
  ] as const)('which says %o, is believed if it is a date of HTTP', async ([headers, time]) => {
    trouble('GetItem', { status: 200, body: '{}', headers });
    const told = store.time();
    if (time === undefined) await expect(told).rejects.toMatchObject({ status: 503 });
    else expect(await told).toBe(time);
  });

  test('without a Date in its answer has told no time', () => {
    expect(() => answerDate({})).toThrow('no Date in an answer');
  });

  test.for<[string, () => Promise<unknown>]>([
    ['PutItem', () => store.note(token)],
    ['PutItem', () => store.lift(ofClient(start))],
    ['GetItem', () => store.time()],
    ['Query', () => since(log, 0)],
    ['Query', () => count.taken()],
    ['UpdateItem', () => blocks.take(1024)],
  ])('whose %s is throttled is 503', async ([operation, call]) => {
    trouble(operation, throttled);
    await expect(call()).rejects.toMatchObject({ name: 'RetryLater', status: 503 });
  });

  test.for<[string, object]>([
    ['malformed kind', { kind: 'user' }],
    ['missing id', { id: undefined }],
    ['malformed idx', { idx: 2 ** 20 }],
    ['malformed idx', { idx: -1 }],
    ['malformed idx', { idx: undefined }],
    ['malformed revoked_at', { revoked_at: 1.5 }],
    ['malformed not_before', { kind: 'token', not_before: start }],
    ['malformed not_before', { kind: 'client' }],
    ['missing expires_at', { expires_at: undefined }],
  ])('that has an item with a %s is not read in part', async ([problem, special], { task }) => {
    const table = `malformed-${task.id}`;
    await services.createRevocations(table);
    const { status, ...rest } = token;
    const item = { pk: 'revoked', sk: 'token#a-jti', ...rest, ...status, ...special };
    const Item = marshall(item, { removeUndefinedValues: true });
    await services.dynamodb.send(new PutItemCommand({ TableName: table, Item }));
    const read = since(
      dynamodbRevocationLog(services.dynamodb, table, () => start),
      0,
    );
    await expect(read).rejects.toMatchObject({
      status: 503,
      cause: { message: `revocation token#a-jti: ${problem}` },
    });
  });
});
