import { expect, test } from 'vitest';
import { hashClientSecret } from '../../../functions/oauth/client-secret.ts';
import {
  changeClient,
  deleteClient,
  findClient,
  listClients,
  setClientDisabled,
} from '../../../registry/clients.ts';
import type { Registry } from '../../../registry/registry.ts';
import { anAdministration, issuer, orders } from './administration.ts';
import { cloudFormation, type Wanted } from './cloud-formation.ts';

const billing: Wanted = {
  client_id: 'billing',
  name: 'Billing',
  scope: 'read',
  hasSecret: true,
  takeOver: false,
};

const withoutSecrets = (registry: Registry, id: string) =>
  changeClient(registry, id, (client) => ({ ...client, secrets: [] }));

const aCloud = async () => {
  const administration = await anAdministration();
  return { administration, cloud: cloudFormation(administration) };
};

test('a client of a stack has a secret that is in Secrets Manager, and nowhere else', async () => {
  const { administration, cloud } = await aCloud();
  expect(await cloud.deploy('Shop', { Billing: billing })).toBeUndefined();
  const arn = String(cloud.stacks.get('Shop')?.secrets.get('Billing'));
  const value = await administration.secretIn(arn);
  expect(value).toEqual({
    client_id: 'billing',
    client_secret: expect.stringMatching(/^countersign_/),
    token_endpoint: `${issuer}/token`,
    scope: 'read',
    resource: orders,
  });
  const client = await findClient(administration.registry, 'billing');
  expect(client.secrets.map(({ hash }) => hash)).toEqual([
    hashClientSecret(String(value.client_secret)),
  ]);
  const told = JSON.stringify([administration.received, administration.audited]);
  expect(told).not.toContain(value.client_secret);
  expect(administration.received.at(-1)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: 'billing',
  });
});

test.each([
  ['was revoked', withoutSecrets],
  ['went with its client', deleteClient],
])('a secret that %s does not come back with the next deployment', async (_, take) => {
  const { administration, cloud } = await aCloud();
  const { registry } = administration;
  await cloud.deploy('Shop', { Billing: billing });
  const arn = String(cloud.stacks.get('Shop')?.secrets.get('Billing'));
  const leaked = await administration.secretIn(arn);
  for (const name of ['First', 'Second']) {
    await take(registry, 'billing');
    expect(await cloud.deploy('Shop', { Billing: { ...billing, name } })).toBeUndefined();
    const { client_secret } = await administration.secretIn(arn);
    expect(client_secret).not.toBe(leaked.client_secret);
    const { secrets } = await findClient(registry, 'billing');
    expect(secrets.map(({ hash }) => hash)).toEqual([hashClientSecret(String(client_secret))]);
  }
});

test('its removal disables and deletes it', async () => {
  const { administration, cloud } = await aCloud();
  await cloud.deploy('Shop', { Billing: billing });
  expect(await cloud.deploy('Shop', {})).toBeUndefined();
  expect(await listClients(administration.registry)).toEqual([]);
  const noted = [];
  for await (const page of administration.registry.revocations?.since(0) ?? []) noted.push(...page);
  expect(noted).toMatchObject([{ kind: 'client', id: 'billing' }]);
});

test('who was disabled by hand stays so through an update, and a new construct lets it in', async () => {
  const { administration, cloud } = await aCloud();
  const { registry } = administration;
  await cloud.deploy('Shop', { Billing: billing });
  await setClientDisabled(registry, 'billing', true);
  await cloud.deploy('Shop', { Billing: { ...billing, name: 'Another' } });
  expect(await findClient(registry, 'billing')).toMatchObject({
    client_name: 'Another',
    disabled: true,
  });
  await cloud.deploy('Shop', { Renamed: billing });
  expect(await findClient(registry, 'billing')).toMatchObject({ disabled: false });
});

test('what breaks a rule is refused with the field and the rule, and no secret is made', async () => {
  const { administration, cloud } = await aCloud();
  const wrong = { ...billing, scope: 'a  b' };
  expect(await cloud.deploy('Shop', { Billing: wrong })).toMatch(/grants.*a scope is words/);
  expect(administration.double.calls.map(({ operation }) => operation)).toEqual([
    'CreateSecret',
    'DeleteSecret',
  ]);
});

test('a client of another stack is refused, and is its own only with takeOver', async () => {
  const { administration, cloud } = await aCloud();
  await cloud.deploy('Shop', { Billing: billing });
  const renamed = { ...billing, name: 'Another' };
  expect(await cloud.deploy('Other', { Billing: renamed })).toMatch(
    /^billing is managed by arn:aws:cloudformation.*stack\/Shop\/.*with takeOver/,
  );
  expect(await findClient(administration.registry, 'billing')).toMatchObject({
    client_name: 'Billing',
  });
  const taking = { ...renamed, takeOver: true };
  expect(await cloud.deploy('Other', { Billing: taking })).toBeUndefined();
  expect(await cloud.deploy('Shop', {})).toBeUndefined();
  const client = await findClient(administration.registry, 'billing');
  expect(client).toMatchObject({ client_name: 'Another', disabled: false });
  // The secret of the stack that is gone has gone with it.
  expect(client.secrets).toHaveLength(1);
});

test('a client that was taken over is what it was when that is rolled back', async () => {
  const { administration, cloud } = await aCloud();
  await cloud.deploy('Shop', { Billing: billing });
  const before = await findClient(administration.registry, 'billing');
  const taking = { ...billing, name: 'Another', takeOver: true };
  const misfortune = { deaths: [], twice: false, failsAfter: 0 };
  await cloud.deploy('Other', { Billing: taking }, misfortune);
  expect(await findClient(administration.registry, 'billing')).toEqual(before);
  expect(await cloud.deploy('Shop', { Billing: { ...billing, name: 'Mine' } })).toBeUndefined();
});

test('an answer that was given is given again, and nothing is done once more', async () => {
  const { administration, cloud } = await aCloud();
  await cloud.deploy('Shop', { Billing: { ...billing, hasSecret: false } });
  const again = { deaths: [], twice: true };
  await cloud.deploy('Shop', { Billing: { ...billing, hasSecret: false, name: 'New' } }, again);
  const answers = administration.received.slice(1);
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers).toHaveLength(3);
});

test('CloudFormation is answered though Secrets Manager refuses, with a reason without what was sent', async () => {
  const { administration, cloud } = await aCloud();
  administration.double.trouble = (operation) =>
    operation === 'PutSecretValue' ? { error: 'AccessDeniedException' } : undefined;
  expect(await cloud.deploy('Shop', { Billing: billing })).toBe(
    'AccessDeniedException: in trouble',
  );
  expect(await listClients(administration.registry)).toEqual([]);
  expect(administration.clock.now).toBeGreaterThanOrEqual(1_700_000_040);
});

test('CloudFormation is answered when it takes too long, and what is done late is removed', async () => {
  const { administration, cloud } = await aCloud();
  const late = [Promise.resolve()];
  administration.late = () => late.pop() ?? new Promise<void>(() => undefined);
  expect(await cloud.deploy('Shop', { Billing: billing })).toMatch(/takes too long/);
  expect(administration.received.map(({ Status }) => Status)).toEqual(['FAILED', 'SUCCESS']);
  expect(await listClients(administration.registry)).toEqual([]);
});

test('a value that is none of ours is replaced, and other members that somebody added stay', async () => {
  const { administration, cloud } = await aCloud();
  await cloud.deploy('Shop', { Billing: billing });
  const arn = String(cloud.stacks.get('Shop')?.secrets.get('Billing'));
  const before = await administration.secretIn(arn);
  await administration.write(arn, { ...before, note: 'mine' });
  await cloud.deploy('Shop', { Billing: { ...billing, scope: 'write' } });
  expect(await administration.secretIn(arn)).toEqual({ ...before, scope: 'write', note: 'mine' });
  await administration.write(arn, { ...before, client_secret: 'password' });
  await cloud.deploy('Shop', { Billing: { ...billing, name: 'Another' } });
  const after = await administration.secretIn(arn);
  expect(after.client_secret).toMatch(/^countersign_/);
  const { secrets } = await findClient(administration.registry, 'billing');
  expect(secrets.map(({ hash }) => hash)).toContain(hashClientSecret(String(after.client_secret)));
});

test('an event that nobody knows is refused', async () => {
  const { administration } = await aCloud();
  await expect(administration.invoke({ what: 'else' })).rejects.toThrow(/of no kind/);
});
