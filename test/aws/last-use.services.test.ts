import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { dynamodbUses, readUses } from '../../functions/aws/dynamodb-last-use.ts';
import { startServices, tables } from '../support/services.ts';

const { dynamodb } = await startServices();
const clock = { now: 1_700_000_000 };
const hour = 3600;

/** An instance of a function, which has no memory of the others. */
const instance = () => dynamodbUses(dynamodb, tables.ephemera, () => clock.now);

const send = vi.spyOn(dynamodb, 'send');
const written = async (): Promise<void> => {
  await Promise.allSettled(send.mock.results.map(({ value }) => value));
};
const writes = (): number =>
  send.mock.calls.filter(([command]) => command.constructor.name === 'UpdateItemCommand').length;
const used = async (id: string) => (await readUses(dynamodb, tables.ephemera, [id])).get(id);

beforeEach(() => {
  send.mockClear();
  clock.now += 10 * hour;
});

describe('the last use of a client and of a secret', () => {
  test('is written once an hour by an instance, and read back', async () => {
    const note = instance();
    for (let count = 0; count < 10; count += 1) note('billing', 'first');
    note('billing', 'second');
    await written();
    expect(writes()).toBe(2);
    const at = clock.now;
    expect(await used('billing')).toEqual({
      last_used_at: at,
      secrets: new Map([
        ['first', at],
        ['second', at],
      ]),
    });
    clock.now += hour;
    note('billing', 'second');
    await written();
    expect(writes()).toBe(3);
    expect(await used('billing')).toEqual({
      last_used_at: at + hour,
      secrets: new Map([
        ['first', at],
        ['second', at + hour],
      ]),
    });
  });

  test('is changed once an hour by all instances', async () => {
    for (let count = 0; count < 3; count += 1) {
      instance()('shared', 'first');
      await written();
      clock.now += hour / 4;
    }
    const first = clock.now - (3 * hour) / 4;
    expect(await used('shared')).toEqual({
      last_used_at: first,
      secrets: new Map([['first', first]]),
    });
  });

  test('is that of a client without a secret, too', async () => {
    instance()('secretless', undefined);
    await written();
    expect(await used('secretless')).toEqual({ last_used_at: clock.now, secrets: new Map() });
  });

  test('is forgotten after more than a year', async () => {
    instance()('expires', undefined);
    await written();
    const Key = { pk: { S: 'used-at#expires' } };
    const { Item = {} } = await dynamodb.send(
      new GetItemCommand({ TableName: tables.ephemera, Key }),
    );
    expect(unmarshall(Item)).toEqual({
      pk: 'used-at#expires',
      last_used_at: clock.now,
      expires_at: clock.now + 400 * 86_400,
    });
  });

  test('is read of more clients than one call reads, and of none that is unknown', async () => {
    const note = instance();
    const ids = Array.from({ length: 130 }, (_, index) => `many-${index}`);
    for (const id of ids) note(id, undefined);
    await written();
    const uses = await readUses(dynamodb, tables.ephemera, [...ids, 'nobody']);
    expect([...uses.keys()].sort()).toEqual(ids.sort());
    expect(await readUses(dynamodb, tables.ephemera, [])).toEqual(new Map());
  });
});
