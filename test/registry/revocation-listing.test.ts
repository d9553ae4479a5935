import { expect, test } from 'vitest';
import type { Revocation } from '../../functions/oauth/revocation.ts';
import { listRevocations } from '../../registry/revocation-listing.ts';
import { aRegistry, startedAt } from './a-registry.ts';

const token = (id: string, revoked_at: number): Revocation => ({
  kind: 'token',
  id,
  revoked_at,
  expires_at: startedAt + 600,
});

/** Seven revocations, five of them in one second. */
async function withSeven() {
  const deployment = await aRegistry();
  const { registry } = deployment;
  for (const id of ['e', 'b', 'd', 'a', 'c']) {
    await registry.revocations.note(token(id, startedAt + 5));
  }
  await registry.revocations.note(token('last', startedAt + 9));
  const client = { kind: 'client', id: 'billing', not_before: startedAt + 302 } as const;
  await registry.revocations.note({
    ...token('', startedAt + 1),
    ...client,
    expires_at: startedAt + 700,
  });
  return deployment;
}

const ids = (records: readonly Revocation[]) => records.map(({ id }) => id);
const order = ['billing', 'a', 'b', 'c', 'd', 'e', 'last'];

test('what is taken back comes in the order in which that was done', async () => {
  const { registry } = await withSeven();
  const { records, read, next } = await listRevocations(registry, {});
  expect({ ids: ids(records), read, next }).toEqual({ ids: order, read: 7, next: undefined });
});

test.for([1, 2, 3, 7, 8])('in parts of %i each comes once, in the same order', async (limit) => {
  const { registry } = await withSeven();
  const parts: string[] = [];
  let after: string | undefined;
  do {
    const { records, next } = await listRevocations(registry, { limit, after });
    expect(records.length).toBeLessThanOrEqual(limit);
    parts.push(...ids(records));
    after = next;
  } while (after !== undefined);
  expect(parts).toEqual(order);
});

test('one kind alone, and what was done since', async () => {
  const { registry } = await withSeven();
  const clients = await listRevocations(registry, { kind: 'client' });
  expect({ ids: ids(clients.records), read: clients.read }).toEqual({ ids: ['billing'], read: 7 });
  const { records, read } = await listRevocations(registry, { since: (now) => now + 6 });
  expect({ ids: ids(records), read }).toEqual({ ids: ['last'], read: 1 });
});

test('what nobody lets in any more is left out, though it is stored yet', async () => {
  const { registry } = await withSeven();
  const stored = registry.revocations.since;
  const all: (readonly Revocation[])[] = [];
  for await (const page of stored(0)) all.push(page);
  async function* since() {
    yield* all;
  }
  const time = async () => startedAt + 600;
  const late = { ...registry, revocations: { ...registry.revocations, since, time } };
  expect(ids((await listRevocations(late, {})).records)).toEqual(['billing']);
});

test.for(['', 'a', 'bm9uZQ', btoa('[]'), btoa('["a","token#a"]'), btoa('[1,"key"]')])(
  'to go on after %o is refused',
  async (after) => {
    const { registry } = await aRegistry();
    await expect(listRevocations(registry, { after })).rejects.toThrow(
      '--after takes what the list before gave as next, to the letter',
    );
  },
);
