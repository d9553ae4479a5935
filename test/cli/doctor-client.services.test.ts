import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, expect, test } from 'vitest';
import { throwAwayClient } from '../../cli/doctor/throw-away-client.ts';
import { dynamodbRegistryStore } from '../../functions/aws/dynamodb-registry-store.ts';
import { deleteClient, findClient } from '../../registry/clients.ts';
import { createResourceServer } from '../../registry/resource-servers.ts';
import { anActor } from '../support/an-actor.ts';
import { testAccount } from '../support/test-account.ts';
import { localDeployment } from './local-deployment.ts';

/** The client that `countersign doctor` registers for itself. */

const { contents, registry } = await localDeployment();
const scope = new Set(['read']);
await createResourceServer(registry, { resource: 'urn:example:api', scope });
const before = await contents();

const nowhere = new DynamoDBClient({
  ...testAccount,
  endpoint: 'http://127.0.0.1:1',
  maxAttempts: 1,
});
afterAll(() => nowhere.destroy());
const unreachable = dynamodbRegistryStore(nowhere, 'registry', anActor);

test('has no scope, a name of its own, and goes again', async () => {
  const client = throwAwayClient(registry);
  const { client_id } = await client.credentials();
  expect(client_id).toMatch(/^doctor-[0-9a-f]{8}$/);
  expect((await contents()).join()).toContain(client_id);
  expect(await client.credentials()).toMatchObject({ client_id });
  expect(await client.remove()).toEqual([]);
  expect(await contents()).toEqual(before);
});

test('is no matter when somebody else has deleted it', async () => {
  const client = throwAwayClient(registry);
  await deleteClient(registry, (await client.credentials()).client_id);
  expect(await client.remove()).toEqual([]);
});

test('is a warning when it cannot be deleted', async () => {
  const moving = { ...registry };
  const client = throwAwayClient(moving);
  const { client_id } = await client.credentials();
  moving.store = unreachable;
  const [finding, ...others] = await client.remove();
  moving.store = registry.store;
  await client.remove();
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ check: 'token', status: 'warning' });
  expect(finding?.what).toMatch(
    /^The client doctor-\w{8} of this examination is still registered: /,
  );
  expect(finding?.remedy).toContain(`countersign client delete ${client_id}`);
});

test('is not there when the registry is not', async () => {
  const client = throwAwayClient({ ...registry, store: unreachable });
  await expect(client.credentials()).rejects.toMatchObject({
    verdict: {
      status: 'problem',
      what: expect.stringMatching(/^No client could be registered .+: the service cannot be reac/),
      remedy: expect.stringMatching(/delete doctor-\w{8} if `countersign client list` shows it\.$/),
    },
  });
  expect(await client.remove()).toEqual([]);
});

test('is not registered before it is wanted, nor after its end', async () => {
  const client = throwAwayClient(registry);
  expect(await client.remove()).toEqual([]);
  await expect(client.credentials()).rejects.toMatchObject({ message: 'The examination is over.' });
  expect(await contents()).toEqual(before);
});

test('goes again though it is only being registered', async () => {
  const client = throwAwayClient(registry);
  const wanted = client.credentials();
  expect(await client.remove()).toEqual([]);
  expect((await wanted).client_id).toMatch(/^doctor-/);
  expect(await contents()).toEqual(before);
});

test('gets a grant at the resource server that is named, if it is registered', async () => {
  await createResourceServer(registry, { resource: 'urn:example:other', scope });
  const client = throwAwayClient(registry, 'urn:example:other');
  const { client_id, resource } = await client.credentials();
  expect(resource).toBe('urn:example:other');
  expect([...(await findClient(registry, client_id)).grants.keys()]).toEqual([resource]);
  await client.remove();
  await expect(throwAwayClient(registry, 'urn:no').credentials()).rejects.toMatchObject({
    verdict: {
      status: 'problem',
      what: expect.stringMatching(/there is no resource server urn:no/),
      remedy: expect.stringMatching(/--resource/),
    },
  });
});
