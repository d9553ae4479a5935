import { expect, test } from 'vitest';
import { dynamodbRegistryStore } from '../../../functions/aws/dynamodb-registry-store.ts';
import { registryKey } from '../../../functions/aws/registry-items.ts';
import { hashClientSecret } from '../../../functions/oauth/client-secret.ts';
import { findClient, listClients } from '../../../registry/clients.ts';
import { anActor } from '../../support/an-actor.ts';
import { startServices } from '../../support/services.ts';
import { anAdministration } from './administration.ts';
import { cloudFormation, type Wanted } from './cloud-formation.ts';

/** Deployments that run at the same moment, on DynamoDB: each of their requests meets those of the other. */

const services = await startServices();
let made = 0;

async function aCloud() {
  made += 1;
  const table = `registry-${made}`;
  await services.createTable(table);
  const store = dynamodbRegistryStore(services.dynamodb, table, anActor);
  const moments: (() => Promise<unknown>)[] = [];
  const administration = await anAdministration({
    ...store,
    delete: async (...given) => {
      await moments.pop()?.();
      return store.delete(...given);
    },
  });
  return {
    administration,
    cloud: cloudFormation(administration),
    /** Has something happen right before the next deletion of a record. */
    beforeDeletion: (act: () => Promise<unknown>) => moments.push(act),
  };
}

type Cloud = Awaited<ReturnType<typeof aCloud>>;

const billing: Wanted = {
  client_id: 'billing',
  name: 'Billing',
  scope: 'read',
  hasSecret: true,
  takeOver: true,
};

/** What each stack asks for; no two of them the same. */
const stackNames = ['A', 'B', 'C'];
const templateOf = (name: string) => ({ Billing: { ...billing, name } });

/** The client is one stack's, whole: its name, its owner, and its secret. */
async function expectOneOwner({ administration, cloud }: Cloud): Promise<string> {
  const client = await findClient(administration.registry, billing.client_id);
  const item = await administration.registry.store.read(registryKey.client(billing.client_id));
  const { client_name: name } = client;
  const stack = cloud.stacks.get(name);
  expect(item?.managed_by).toBe(`${stack?.id}/Billing`);
  expect(client.disabled).toBe(false);
  const { client_secret } = await administration.secretIn(String(stack?.secrets.get('Billing')));
  expect(client.secrets.map(({ hash }) => hash)).toContain(hashClientSecret(String(client_secret)));
  return name;
}

test('of stacks that take the same client at once, one has it, and the others may go', async () => {
  const own = await aCloud();
  const { administration, cloud } = own;
  await Promise.all(stackNames.map((name) => cloud.deploy(name, templateOf(name))));
  const owner = await expectOneOwner(own);
  const others = stackNames.filter((name) => name !== owner);
  const gone = await Promise.all(others.map((name) => cloud.deploy(name, {})));
  expect(gone).toEqual([undefined, undefined]);
  expect(await expectOneOwner(own)).toBe(owner);
  const { secrets } = await findClient(administration.registry, billing.client_id);
  expect(secrets).toHaveLength(1);
});

test('of stacks that make the same client at once without takeOver, one has it', async () => {
  const own = await aCloud();
  const reasons = await Promise.all(
    stackNames.map((name) =>
      own.cloud.deploy(name, { Billing: { ...billing, name, takeOver: false } }),
    ),
  );
  const owner = await expectOneOwner(own);
  expect(reasons.map((reason) => reason === undefined)).toEqual(
    stackNames.map((name) => name === owner),
  );
  const { secrets } = await findClient(own.administration.registry, billing.client_id);
  expect(secrets).toHaveLength(1);
});

test('a stack that takes a client while its owner removes it has it, or made it anew', async () => {
  const own = await aCloud();
  await own.cloud.deploy('A', templateOf('A'));
  const reasons = await Promise.all([
    own.cloud.deploy('A', {}),
    own.cloud.deploy('B', templateOf('B')),
  ]);
  expect(reasons).toEqual([undefined, undefined]);
  expect(await expectOneOwner(own)).toBe('B');
  const { secrets } = await findClient(own.administration.registry, billing.client_id);
  expect(secrets).toHaveLength(1);
});

test('a stack that takes a client at the last moment of its removal has it without the secret of before', async () => {
  const own = await aCloud();
  await own.cloud.deploy('A', templateOf('A'));
  own.beforeDeletion(() => own.cloud.deploy('B', templateOf('B')));
  expect(await own.cloud.deploy('A', {})).toBeUndefined();
  expect(await expectOneOwner(own)).toBe('B');
  const { secrets } = await findClient(own.administration.registry, billing.client_id);
  expect(secrets).toHaveLength(1);
});

test('clients of several stacks do not get into each other’s way', async () => {
  const { administration, cloud } = await aCloud();
  const templates = stackNames.map((name) => ({
    One: { ...billing, client_id: `${name}-one`, name },
    Two: { ...billing, client_id: `${name}-two`, name },
  }));
  const reasons = await Promise.all(
    stackNames.map((name, index) => cloud.deploy(name, templates[index] ?? {})),
  );
  expect(reasons).toEqual([undefined, undefined, undefined]);
  expect((await listClients(administration.registry)).map(({ client_id }) => client_id)).toEqual(
    expect.arrayContaining(stackNames.flatMap((name) => [`${name}-one`, `${name}-two`])),
  );
});
