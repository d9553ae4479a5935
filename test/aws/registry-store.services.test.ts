import { DeleteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { dynamodbRegistryStore } from '../../functions/aws/dynamodb-registry-store.ts';
import type { ItemKey, RegistryStore, StoredItem } from '../../registry/registry-store.ts';
import { anActor } from '../support/an-actor.ts';
import { memoryRegistryStore } from '../support/memory-registry-store.ts';
import { startServices, tables } from '../support/services.ts';

/** What the registry's rules may rely on, of the table as of the twin that tests work with. */

const { dynamodb } = await startServices();
const stores: readonly (readonly [string, RegistryStore])[] = [
  ['DynamoDB', dynamodbRegistryStore(dynamodb, tables.registry, anActor)],
  ['memory', memoryRegistryStore()],
];

describe.each(stores)('the registry store in %s', (_, store) => {
  const stored = async (item: ItemKey) => {
    await store.create(item);
    return (await store.read(item)) ?? {};
  };

  test('reads nothing where nothing was written', async () => {
    expect(await store.read({ pk: 'none' })).toBeUndefined();
  });

  test('gives back what was created, but for members that are undefined', async () => {
    const values = { text: 'a', number: 1, yes: true, list: [1, { of: 'any' }], empty: {} };
    const written = { pk: 'values', ...values, left: undefined, within: { left: undefined } };
    expect(await store.create(written)).toBe(true);
    expect(await store.read({ pk: 'values' })).toStrictEqual({
      pk: 'values',
      ...values,
      within: {},
      revision: 1,
    });
  });

  test('takes members that are named like those of each object', async () => {
    const claims = { constructor: 'a', toString: 'b', hasOwnProperty: ['c'], valueOf: { of: 'd' } };
    expect(await stored({ pk: 'names', ...{ claims } })).toMatchObject({ claims });
  });

  test('gives what is nobody else’s: who changes it changes nothing that is stored', async () => {
    const list = ['a'];
    const read = await stored({ pk: 'own', ...{ list } });
    list.push('b');
    (read.list as string[]).push('c');
    expect(await store.read({ pk: 'own' })).toMatchObject({ list: ['a'] });
  });

  test('creates an item once, of two at the same time, too', async () => {
    const create = (by: string) => store.create({ pk: 'once', by });
    const both = await Promise.all([create('one'), create('another')]);
    expect(both.toSorted()).toEqual([false, true]);
    expect(await create('late')).toBe(false);
    expect((await store.read({ pk: 'once' }))?.by).not.toBe('late');
  });

  test('changes an item that nobody else has changed, of two at the same time one', async () => {
    const before = await stored({ pk: 'changed' });
    const change = (by: string) => store.change(before, { ...before, by });
    const both = await Promise.all([change('one'), change('another')]);
    expect(both.toSorted()).toEqual([false, true]);
    expect(await change('late')).toBe(false);
    const after = (await store.read({ pk: 'changed' })) ?? {};
    expect(after).toMatchObject({ by: both[0] ? 'one' : 'another', revision: 2 });
    expect(await store.change(after, { ...after, by: 'next' })).toBe(true);
  });

  test('changes no item that is gone', async () => {
    const before = await stored({ pk: 'gone' });
    await store.delete({ pk: 'gone' });
    expect(await store.change(before, { ...before, by: 'late' })).toBe(false);
    expect(await store.read({ pk: 'gone' })).toBeUndefined();
  });

  test('replaces whatever is there, and changes that, too', async () => {
    const created = await stored({ pk: 'replaced', ...{ old: true } });
    await store.replace({ pk: 'replaced', by: 'force' });
    const replaced = (await store.read({ pk: 'replaced' })) ?? {};
    expect(replaced).toStrictEqual({ pk: 'replaced', by: 'force' });
    expect(await store.change(created, { ...created, by: 'late' })).toBe(false);
    expect(await store.change(replaced, { ...replaced, by: 'next' })).toBe(true);
    expect(await store.change(replaced, { ...replaced, by: 'late' })).toBe(false);
    expect(await store.read({ pk: 'replaced' })).toMatchObject({ by: 'next', revision: 1 });
    await store.replace({ pk: 'anew' });
    expect(await store.read({ pk: 'anew' })).toStrictEqual({ pk: 'anew' });
  });

  test('deletes what is there, and only while it holds what it must', async () => {
    await store.create({ pk: 'doomed', resource: 'a', other: 'b' });
    expect(await store.delete({ pk: 'doomed' }, { resource: 'z' })).toBe(false);
    expect(await store.delete({ pk: 'doomed' }, { resource: 'a', other: 'z' })).toBe(false);
    expect(await store.delete({ pk: 'doomed' }, { absent: 'a' })).toBe(false);
    expect(await store.read({ pk: 'doomed' })).toBeDefined();
    expect(await store.delete({ pk: 'doomed' }, { resource: 'a', other: 'b' })).toBe(true);
    expect(await store.delete({ pk: 'doomed' })).toBe(false);
    expect(await store.delete({ pk: 'never' }, { resource: 'a' })).toBe(false);
  });

  const allOf = async (prefix: string, most?: number, from?: string) => {
    const pages: (readonly StoredItem[])[] = [];
    let after = from;
    do {
      const { items, next } = await store.page(prefix, after, most);
      pages.push(items);
      after = next;
    } while (after !== undefined);
    return pages;
  };
  const keysOf = (pages: readonly (readonly StoredItem[])[]) => pages.flat().map(({ pk }) => pk);

  test('pages through the items of a prefix, no others', async () => {
    const keys = ['scan#a', 'scan#b', 'scanner#c', 'Scan#d', 'a-scan#e'];
    for (const pk of keys) await store.create({ pk });
    expect(keysOf(await allOf('scan#')).toSorted()).toEqual(['scan#a', 'scan#b']);
    expect(keysOf(await allOf('nothing#'))).toEqual([]);
  });

  test('pages through all of them, beyond the megabyte of one answer', async () => {
    const padding = 'x'.repeat(300_000);
    const keys = Array.from({ length: 12 }, (_, n) => `large#${n}`);
    for (const pk of keys) await store.replace({ pk, padding });
    expect(keysOf(await allOf('large#')).toSorted()).toEqual(keys.toSorted());
  });

  describe('pages', () => {
    const keys = Array.from({ length: 5 }, (_, n) => `page#${n}`);

    beforeAll(async () => {
      for (const pk of keys) await store.replace({ pk });
    });

    test.for([[1], [2], [100], [undefined]])(
      'of %s items read are all of the prefix',
      async ([most]) => {
        const pages = await allOf('page#', most);
        expect(
          pages
            .flat()
            .map(({ pk }) => pk)
            .toSorted(),
        ).toEqual(keys);
        expect(pages.every((page) => page.length <= (most ?? 100))).toBe(true);
      },
    );

    test('have the same order each time', async () => {
      expect(await allOf('page#', 2)).toEqual(await allOf('page#', 2));
    });

    test('go on behind any item, one that is deleted meanwhile too', async () => {
      const order = keysOf(await allOf('page#')).map(String);
      const [first = '', second = '', ...rest] = order;
      await store.delete({ pk: second });
      const later = keysOf(await allOf('page#', undefined, second));
      await store.replace({ pk: second });
      expect([first, second, ...later]).toEqual([first, second, ...rest]);
    });
  });
});

describe('who makes a change', () => {
  const who = { identity: 'arn:aws:iam::111122223333:user/alice', tool: 'client update' };
  const store = dynamodbRegistryStore(dynamodb, tables.registry, async () => who);
  const stampOf = async (pk: string) => {
    const Key = marshall({ pk });
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: tables.registry, Key }));
    return Item && unmarshall(Item).changed_by;
  };

  test('is in the item, anew with each write, and in nothing that is read', async () => {
    await store.create({ pk: 'stamped' });
    const first = await stampOf('stamped');
    expect(first).toEqual({ ...who, change: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    const read = (await store.read({ pk: 'stamped' })) ?? {};
    expect(read).toStrictEqual({ pk: 'stamped', revision: 1 });
    await store.change(read, { ...read, by: 'me' });
    const second = await stampOf('stamped');
    expect(second).toEqual({ ...who, change: expect.any(String) });
    await store.replace({ pk: 'stamped' });
    const third = await stampOf('stamped');
    expect(new Set([first.change, second.change, third.change]).size).toBe(3);
    // The first pages may have none of the prefix.
    const found: StoredItem[] = [];
    let after: string | undefined;
    do {
      const { items, next } = await store.page('stamped', after, undefined);
      found.push(...items);
      after = next;
    } while (after !== undefined);
    expect(found).toStrictEqual([{ pk: 'stamped' }]);
  });

  /** Sends DynamoDB all but deletions; a deletion calls `before` first. */
  const beforeDeletion = (before: () => Promise<unknown>): typeof dynamodb =>
    Object.assign(Object.create(dynamodb), {
      send: async (command: object) => {
        if (command instanceof DeleteItemCommand) await before();
        return dynamodb.send(command as never);
      },
    });

  test('is in the item before it is deleted', async () => {
    await store.create({ pk: 'announced' });
    const dying = Promise.reject(new Error('died'));
    dying.catch(() => {});
    const mortal = dynamodbRegistryStore(
      beforeDeletion(() => dying),
      tables.registry,
      async () => who,
    );
    await expect(mortal.delete({ pk: 'announced' })).rejects.toThrow('died');
    const stamp = { ...who, change: expect.any(String), deletes: true };
    expect(await stampOf('announced')).toEqual(stamp);
  });

  test('is told of what somebody else writes in between, too', async () => {
    await store.create({ pk: 'raced' });
    let times = 0;
    const raced = dynamodbRegistryStore(
      beforeDeletion(async () => {
        times += 1;
        if (times === 1) await store.replace({ pk: 'raced', by: 'another' });
        expect(await stampOf('raced')).toMatchObject(times === 1 ? {} : { deletes: true });
      }),
      tables.registry,
      async () => who,
    );
    expect(await raced.delete({ pk: 'raced' })).toBe(true);
    expect(times).toBe(2);
    expect(await store.read({ pk: 'raced' })).toBeUndefined();
  });

  test('gives up on an item that somebody else writes each time, and has not deleted it', async () => {
    await store.create({ pk: 'busy' });
    const busy = dynamodbRegistryStore(
      beforeDeletion(() => store.replace({ pk: 'busy' })),
      tables.registry,
      async () => who,
    );
    await expect(busy.delete({ pk: 'busy' })).rejects.toThrow(/^somebody else is changing busy;/);
    expect(await store.read({ pk: 'busy' })).toEqual({ pk: 'busy' });
  });

  test('is not known: then nothing is written', async () => {
    await store.create({ pk: 'kept' });
    const untold = dynamodbRegistryStore(dynamodb, tables.registry, () =>
      Promise.reject(new Error('nobody')),
    );
    const before = (await untold.read({ pk: 'kept' })) ?? {};
    for (const write of [
      () => untold.create({ pk: 'untold' }),
      () => untold.replace({ pk: 'kept' }),
      () => untold.change(before, before),
      () => untold.delete({ pk: 'kept' }),
    ]) {
      await expect(write()).rejects.toThrow('nobody');
    }
    expect(await store.read({ pk: 'kept' })).toEqual(before);
    expect(await store.read({ pk: 'untold' })).toBeUndefined();
  });
});
