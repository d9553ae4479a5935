import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, expect, test } from 'vitest';
import { localAccount } from '../../local/local-account.ts';
import { newSecret, withSecret } from '../../registry/client-secrets.ts';
import { updateClient } from '../../registry/client-update.ts';
import {
  changeClient,
  createClient,
  deleteClient,
  findClient,
  listClients,
  setClientDisabled,
} from '../../registry/clients.ts';
import { type Registry, readItem } from '../../registry/registry.ts';
import { createResourceServer } from '../../registry/resource-servers.ts';
import { localDeployment } from './local-deployment.ts';

/** Administrators at work at the same time, and a registry that is not small. */

const { file, registry } = await localDeployment();
const resource = 'https://api.example.com';

const create = (client_id: string) => createClient(registry, { client_id, client_name: client_id });

async function put(item: Record<string, unknown>): Promise<void> {
  const Item = marshall(item, { removeUndefinedValues: true });
  await registry.dynamodb.send(new PutItemCommand({ TableName: registry.table, Item }));
}

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
  const dynamodb = new DynamoDBClient({ ...localAccount, endpoint: file.dynamodbEndpoint });
  dynamodb.middlewareStack.add(
    (next, { commandName }) =>
      async (call) => {
        if (commandName === 'PutItemCommand') await act();
        return next(call);
      },
    { step: 'initialize' },
  );
  return { ...registry, dynamodb };
}

test('a client that is deleted while it is changed stays deleted', async () => {
  await create('fading');
  const late = forestalled(() => deleteClient(registry, 'fading'));
  await expect(updateClient(late, 'fading', { client_name: 'N' })).rejects.toThrow(
    'there is no client fading',
  );
  expect(await readItem(registry, { pk: 'client#fading' })).toBeUndefined();
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
  const late = forestalled(() => updateClient(registry, 'moving', { proof: post }));
  const keys = { from, to: 'private_key_jwt', given: { jwks: { keys: [] } } } as const;
  await expect(updateClient(late, 'moving', { proof: keys })).rejects.toThrow(
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
  const proof = { from, to, given: { jwks_uri: 'https://client.example/jwks' } };
  let answered = false;
  const late = forestalled(async () => {
    if (!answered) await updateClient(registry, 'moved', { proof });
    answered = true;
  });
  expect(await updateClient(late, 'moved', { proof })).toMatchObject({
    token_endpoint_auth_method: to,
    secrets: [],
    ...proof.given,
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
  const { revision: _, ...item } = (await readItem(registry, key)) ?? {};
  await put({ ...item, to_come: 'https://client.example/a' });
  await updateClient(registry, 'newer', { client_name: 'A new name' });
  expect(await readItem(registry, key)).toMatchObject({
    to_come: 'https://client.example/a',
    client_name: 'A new name',
    revision: 1,
  });
});

test('a list is whole beyond the megabyte of one answer', async () => {
  await create('template');
  const item = (await readItem(registry, { pk: 'client#template' })) ?? {};
  const padding = 'x'.repeat(300_000);
  const ids = Array.from({ length: 12 }, (_, n) => `large-${n}`);
  for (const id of ids) await put({ ...item, pk: `client#${id}`, client_id: id, padding });
  const listed = (await listClients(registry)).map(({ client_id }) => client_id);
  expect(listed).toEqual(expect.arrayContaining(ids));
});
