import { beforeAll, describe, expect, test } from 'vitest';
import { createClient, findClients } from '../../registry/clients.ts';
import type { Registry } from '../../registry/registry.ts';
import type { RegistryStore } from '../../registry/registry-store.ts';
import { createResourceServer, findResourceServers } from '../../registry/resource-servers.ts';
import { memoryRegistryStore } from '../support/memory-registry-store.ts';

/** Lists by parts, and what is read for them. */

const memory = memoryRegistryStore();
const asked: (number | undefined)[] = [];
const store: RegistryStore = {
  ...memory,
  page: (prefix, after, most) => {
    asked.push(most);
    return memory.page(prefix, after, most);
  },
};
const registry: Registry = { store, now: () => 1_700_000_000 };
const ids = ['a', 'b', 'c', 'd', 'e'];

beforeAll(async () => {
  await createResourceServer(registry, { resource: 'urn:x', scope: new Set(['read']) });
  for (const [index, client_id] of ids.entries()) {
    await createClient(registry, { client_id, client_name: `N${9 - index}` });
  }
});

const list = async (request: Parameters<typeof findClients>[1]) => {
  asked.length = 0;
  const { records, ...rest } = await findClients(registry, request);
  return { ids: records.map(({ client_id }) => client_id), ...rest };
};

test('without a limit all come by name', async () => {
  expect(await list({})).toEqual({ ids: [...ids].reverse(), read: 5 });
});

describe('with a limit', () => {
  test.for([1, 2, 3, 4, 5, 6])('of %i the parts are all, each once', async (limit) => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const part = await list({ limit, after });
      expect(part.ids.length).toBeLessThanOrEqual(limit);
      seen.push(...part.ids);
      after = part.next;
    } while (after !== undefined);
    expect(seen.toSorted()).toEqual(ids);
  });

  test('no more is read than is given', async () => {
    expect(await list({ limit: 2 })).toMatchObject({ read: 2 });
    expect(asked.reduce((sum = 0, most = 99) => sum + most, 0)).toBeLessThanOrEqual(4);
  });

  test('and a filter, as many are read as it takes, and those behind the last come next', async () => {
    const matches = ({ client_id }: { client_id: string }) => 'bd'.includes(client_id);
    const first = await list({ limit: 1, matches });
    expect(first).toMatchObject({ ids: ['b'], read: 2 });
    expect(asked).toEqual([undefined]);
    const second = await list({ limit: 1, matches, after: first.next });
    expect(second).toMatchObject({ ids: ['d'] });
    expect(await list({ limit: 1, matches, after: second.next })).toEqual({ ids: [], read: 1 });
  });
});

test('a token goes on behind a client that is deleted meanwhile', async () => {
  const { next } = await list({ limit: 2 });
  await memory.delete({ pk: 'client#b' });
  expect((await list({ limit: 9, after: next })).ids).toEqual(['c', 'd', 'e']);
  await createClient(registry, { client_id: 'b', client_name: 'N8' });
});

test.for(['', 'x', 'Y2xpZW50', 'Y2xpZW50I2I=', 'Y2xpZW50I2I!'])(
  '%j is no token of the list',
  async (after) => {
    await expect(list({ after })).rejects.toThrow(
      '--after takes what the list before gave as next',
    );
  },
);

test('nor is that of another list', async () => {
  await createResourceServer(registry, { resource: 'urn:y', scope: new Set(['read']) });
  const { next } = await findResourceServers(registry, { limit: 1 });
  expect(next).toBeDefined();
  await expect(list({ after: next })).rejects.toThrow('--after takes');
});
