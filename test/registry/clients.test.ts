import { beforeAll, expect, test } from 'vitest';
import { newSecret, withSecret } from '../../registry/client-secrets.ts';
import { updateClient } from '../../registry/client-update.ts';
import {
  changeClient,
  createClient,
  deleteClient,
  findClient,
  setClientDisabled,
} from '../../registry/clients.ts';
import type { Registry } from '../../registry/registry.ts';
import { createResourceServer } from '../../registry/resource-servers.ts';
import { memoryRegistryStore } from '../support/memory-registry-store.ts';

/** Administrators at work at the same time. */

const registry: Registry = { store: memoryRegistryStore(), now: () => 1_700_000_000 };
const resource = 'https://api.example.com';

const create = (client_id: string) => createClient(registry, { client_id, client_name: client_id });

beforeAll(async () => {
  await createResourceServer(registry, { resource, scope: new Set(['read', 'write']) });
});

test('of changes made at once none is lost', async () => {
  await create('shared');
  await Promise.all([
    ...['a', 'b', 'c', 'd'].map(() => {
      const { client_secret: _, ...secret } = newSecret(registry.now());
      return changeClient(registry, 'shared', (client) =>
        withSecret(client, secret, registry.now()),
      );
    }),
    updateClient(registry, 'shared', { client_name: 'A new name' }),
    updateClient(registry, 'shared', { scope: new Set(['write']) }),
  ]);
  const client = await findClient(registry, 'shared');
  expect(client.secrets).toHaveLength(5);
  expect(client.client_name).toBe('A new name');
  expect(client.grants).toEqual(new Map([[resource, new Set(['write'])]]));
});

test('of two registrations at once one is refused', async () => {
  const outcomes = await Promise.allSettled([create('twin'), create('twin')]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

/** The registry of an administrator whom somebody forestalls at each write. */
function forestalled(act: () => Promise<unknown>): Registry {
  const { store } = registry;
  const change: typeof store.change = async (before, after) => {
    await act();
    return store.change(before, after);
  };
  return { ...registry, store: { ...store, change } };
}

test('a client that is deleted while it is changed stays deleted', async () => {
  await create('fading');
  const late = forestalled(() => deleteClient(registry, 'fading'));
  await expect(updateClient(late, 'fading', { client_name: 'N' })).rejects.toThrow(
    'there is no client fading',
  );
  expect(await registry.store.read({ pk: 'client#fading' })).toBeUndefined();
});

test('who is always forestalled is told so, and changes nothing', async () => {
  await create('contested');
  const late = forestalled(() => setClientDisabled(registry, 'contested', true));
  await expect(updateClient(late, 'contested', { client_name: 'N' })).rejects.toThrow(
    'somebody else is changing the same item; nothing was changed, try again',
  );
  expect(await findClient(registry, 'contested')).toMatchObject({
    client_name: 'contested',
    disabled: true,
  });
});

test('who changes a method that somebody else changes is told so', async () => {
  await create('moving');
  const from = 'client_secret_basic' as const;
  const post = { from, to: 'client_secret_post', given: {} } as const;
  const late = forestalled(() => updateClient(registry, 'moving', { authentication: post }));
  const keys = { from, to: 'private_key_jwt', given: { jwks: { keys: [] } } } as const;
  await expect(updateClient(late, 'moving', { authentication: keys })).rejects.toThrow(
    'somebody else is changing the same item; nothing was changed, try again',
  );
  expect(await findClient(registry, 'moving')).toMatchObject({
    token_endpoint_auth_method: 'client_secret_post',
    secrets: [expect.anything()],
    jwks: undefined,
  });
});

test('a method that was changed though no answer came is changed once', async () => {
  await create('moved');
  const [from, to] = ['client_secret_basic', 'private_key_jwt'] as const;
  const authentication = { from, to, given: { jwks_uri: 'https://client.example/jwks' } };
  let answered = false;
  const late = forestalled(async () => {
    if (!answered) await updateClient(registry, 'moved', { authentication });
    answered = true;
  });
  expect(await updateClient(late, 'moved', { authentication })).toMatchObject({
    token_endpoint_auth_method: to,
    secrets: [],
    ...authentication.given,
  });
});

test('a secret that was added though no answer came is not added twice', async () => {
  await create('unsure');
  const { client_secret: _, ...secret } = newSecret(registry.now());
  const add = (to: Registry) =>
    changeClient(to, 'unsure', (client) => withSecret(client, secret, registry.now()));
  let answered = false;
  const late = forestalled(async () => {
    if (!answered) await add(registry);
    answered = true;
  });
  expect((await add(late)).secrets.map(({ id }) => id).filter((id) => id === secret.id)).toEqual([
    secret.id,
  ]);
});

test('an item that another version wrote keeps what this one does not know', async () => {
  await create('newer');
  const key = { pk: 'client#newer' };
  const { revision: _, ...item } = (await registry.store.read(key)) ?? {};
  await registry.store.replace({ ...item, to_come: 'https://client.example/a' });
  await updateClient(registry, 'newer', { client_name: 'A new name' });
  expect(await registry.store.read(key)).toMatchObject({
    to_come: 'https://client.example/a',
    client_name: 'A new name',
    revision: 1,
  });
});
