import { expect, test } from 'vitest';
import { updateClient } from '../../../registry/client-update.ts';
import { changeClient, createClient, findClient } from '../../../registry/clients.ts';
import { carryOut } from '../../../registry/declared/carry-out.ts';
import type { Declaration, DeclaredClient } from '../../../registry/declared/declaration.ts';
import { normalClient } from '../../../registry/declared/normal-form.ts';
import { planChanges } from '../../../registry/declared/plan.ts';
import { settle, withdraw } from '../../../registry/declared/settle.ts';
import type { Registry } from '../../../registry/registry.ts';
import { findResourceServer } from '../../../registry/resource-servers.ts';
import { aSecret } from '../../support/a-client.ts';
import { api, aRegistry, startedAt } from '../a-registry.ts';
import { declaredByMethod } from './clients.ts';

/** The registry becomes as declared. */

const declares = (clients: readonly DeclaredClient[], more: Partial<Declaration> = {}) => ({
  resource_servers: [],
  clients: clients.map(normalClient),
  ...more,
});

const plan = (registry: Registry, declaration: Declaration, prune = false) =>
  planChanges(registry, declaration, { prune });

test.for(declaredByMethod)(
  'a client of %s is registered, and then nothing changes',
  async ([, client]) => {
    const { registry } = await aRegistry();
    const declaration = declares([client]);
    expect((await plan(registry, declaration)).changes).toMatchObject([
      { kind: 'client', action: 'create', id: client.client_id },
    ]);
    await settle(registry, declaration);
    expect(await plan(registry, declaration)).toMatchObject({
      changes: [],
      unchanged: 1,
      problems: [],
    });
  },
);

test('a client changes its method from each to each', async () => {
  const { registry } = await aRegistry();
  const all = declaredByMethod.map(([, client]) => client);
  for (const before of all) {
    for (const after of all) {
      await settle(registry, declares([{ ...before, client_id: 'c' }]));
      const declaration = declares([{ ...after, client_id: 'c' }]);
      await settle(registry, declaration);
      expect((await plan(registry, declaration)).changes).toEqual([]);
    }
  }
});

test('what is planned says no secret and no hash', async () => {
  const { registry } = await aRegistry();
  const secret = aSecret('a secret of somebody');
  await settle(registry, declares([{ client_id: 'c', secrets: [secret] }]));
  const { changes } = await plan(registry, declares([{ client_id: 'c', client_name: 'New' }]));
  expect(changes).toMatchObject([
    { action: 'update', fields: [{ name: 'client_name', before: 'c', after: 'New' }] },
  ]);
  expect(JSON.stringify(changes)).not.toContain(secret.hash);
});

test('secrets that are there by id or hash are not added again, and others stay', async () => {
  const { registry } = await aRegistry();
  const [one, two] = [aSecret('one', { id: 'one' }), aSecret('two', { id: 'two' })];
  await settle(registry, declares([{ client_id: 'c', secrets: [one] }]));
  await settle(
    registry,
    declares([{ client_id: 'c', secrets: [{ ...one, hash: 'sha256:other' }] }]),
  );
  await settle(registry, declares([{ client_id: 'c', secrets: [{ ...one, id: 'other' }, two] }]));
  expect((await findClient(registry, 'c')).secrets).toEqual([one, two]);
});

test('a resource server is registered, changed, and found in another spelling', async () => {
  const { registry } = await aRegistry();
  const server = { resource: `${api}/`, scope: 'read' };
  const client = { client_id: 'c', grants: { 'https://api.example.com:443/': 'read' } };
  await settle(registry, declares([client], { resource_servers: [server] }));
  expect(await findResourceServer(registry, api)).toMatchObject({ scope: new Set(['read']) });
  expect((await findClient(registry, 'c')).grants).toEqual(new Map([[api, new Set(['read'])]]));
  expect(await findResourceServer(registry, `${api}/`)).toBeUndefined();
});

test('a grant at nothing, or of a scope that is not there, is told with its place', async () => {
  const { registry } = await aRegistry();
  const declaration = declares([
    { client_id: 'a', grants: { 'https://other.example.com': 'read' } },
    { client_id: 'b', grants: { [api]: 'read print' } },
    { client_id: 'c', introspection_resources: ['urn:x:y'] },
    { client_id: 'd' },
  ]);
  const { changes, problems } = await plan(registry, declaration);
  expect(changes).toMatchObject([{ id: 'd' }]);
  expect(problems.map(({ place, sentence }) => `${place} ${sentence}`)).toEqual([
    'clients.a.grants["https://other.example.com"] there is no resource server https://other.example.com',
    'clients.b.grants["https://api.example.com"] https://api.example.com has no scope print; it has read write',
    'clients.c.introspection_resources there is no resource server urn:x:y',
  ]);
  await expect(settle(registry, declaration)).rejects.toThrow('clients.a.grants');
});

test('of two operators one gets the conflict, and nothing is lost', async () => {
  const { registry } = await aRegistry();
  await settle(registry, declares([{ client_id: 'c' }]));
  const { changes } = await plan(registry, declares([{ client_id: 'c', client_name: 'Mine' }]));
  await updateClient(registry, 'c', { access_token_lifetime: 600 });
  for (const change of changes) {
    await expect(carryOut(registry, change)).rejects.toMatchObject({ about: 'busy' });
  }
  expect(await findClient(registry, 'c')).toMatchObject({
    client_name: 'c',
    access_token_lifetime: 600,
  });
});

test('who is forestalled at the write itself gets the conflict', async () => {
  const { registry } = await aRegistry();
  await settle(registry, declares([{ client_id: 'c' }]));
  const { changes } = await plan(registry, declares([{ client_id: 'c', client_name: 'Mine' }]));
  const late: Registry = {
    ...registry,
    store: {
      ...registry.store,
      change: async (before, after) => {
        await updateClient(registry, 'c', { access_token_lifetime: 600 });
        return registry.store.change(before, after);
      },
    },
  };
  for (const change of changes) {
    await expect(carryOut(late, change)).rejects.toMatchObject({ about: 'busy' });
  }
  expect(await findClient(registry, 'c')).toMatchObject({ client_name: 'c' });
});

test('what is registered meanwhile is a conflict, and settled all the same', async () => {
  const { registry } = await aRegistry();
  const declaration = declares([{ client_id: 'c', client_name: 'Mine' }], {
    resource_servers: [{ resource: 'urn:x:y', scope: 'a' }],
  });
  const { changes } = await plan(registry, declaration);
  await settle(registry, declaration);
  for (const change of changes) {
    await expect(carryOut(registry, change)).rejects.toMatchObject({ about: 'busy' });
  }
});

test('a client that is disabled loses its tokens, and gets new ones when it is enabled', async () => {
  const { registry, noted, clock } = await aRegistry();
  await settle(registry, declares([{ client_id: 'c' }]));
  await settle(registry, declares([{ client_id: 'c', disabled: true }]));
  expect(await noted()).toMatchObject([{ kind: 'client', id: 'c' }]);
  expect((await noted())[0]?.not_before).toBeGreaterThan(startedAt);
  clock.now += 10;
  await settle(registry, declares([{ client_id: 'c' }]));
  expect(await findClient(registry, 'c')).toMatchObject({ disabled: true });
  await settle(registry, declares([{ client_id: 'c', disabled: false }]));
  expect(await noted()).toMatchObject([{ id: 'c', not_before: clock.now + 1 }]);
  expect(await findClient(registry, 'c')).toMatchObject({
    disabled: false,
    tokens_not_before: clock.now + 1,
  });
});

test.for([true, false])(
  'what broke off between the record and its tokens is done by the next run (%s)',
  async (disabled) => {
    const { registry, noted } = await aRegistry();
    await settle(registry, declares([{ client_id: 'c', disabled: !disabled }]));
    const before = await noted();
    const broken = { ...registry.revocations, note: refuse, lift: refuse };
    const declaration = declares([{ client_id: 'c', disabled }]);
    await expect(settle({ ...registry, revocations: broken }, declaration)).rejects.toMatchObject({
      about: 'half-done',
    });
    expect(await findClient(registry, 'c')).toMatchObject({ disabled });
    expect((await plan(registry, declaration)).changes).toMatchObject([
      { action: 'update', fields: [{ name: 'tokens' }] },
    ]);
    await settle(registry, declaration);
    expect((await plan(registry, declaration)).changes).toEqual([]);
    if (disabled) expect(await noted()).not.toEqual(before);
  },
);

const refuse = () => Promise.reject(new Error('the table is gone'));

test('what is not declared is deleted if that is asked for, and its tokens are revoked', async () => {
  const { registry, noted } = await aRegistry();
  await createClient(registry, { client_id: 'old', client_name: 'Old' });
  const declaration = declares([{ client_id: 'c' }]);
  expect((await plan(registry, declaration)).changes).toMatchObject([{ id: 'c' }]);
  const { changes } = await plan(registry, declaration, true);
  expect(changes).toMatchObject([
    { id: 'c', action: 'create' },
    { id: 'old', kind: 'client', action: 'delete' },
    { id: api, kind: 'resource_server', action: 'delete', isDefault: true },
  ]);
  for (const change of changes) await carryOut(registry, change);
  expect(await noted()).toMatchObject([
    { kind: 'client', id: 'old' },
    { kind: 'resource', id: api },
  ]);
  expect(await plan(registry, declaration, true)).toMatchObject({ changes: [], unchanged: 1 });
});

test('a deletion that broke off half-way is done by the next run', async () => {
  const { registry, noted } = await aRegistry();
  await createClient(registry, { client_id: 'old', client_name: 'Old' });
  const declaration = declares([], { resource_servers: [{ resource: api, scope: 'read write' }] });
  const { changes } = await plan(registry, declaration, true);
  const broken = { ...registry, revocations: { ...registry.revocations, note: refuse } };
  for (const change of changes) {
    await expect(carryOut(broken, change)).rejects.toMatchObject({ about: 'half-done' });
  }
  expect(await findClient(registry, 'old')).toMatchObject({ disabled: true });
  for (const change of (await plan(registry, declaration, true)).changes) {
    await carryOut(registry, change);
  }
  expect(await noted()).toMatchObject([{ kind: 'client', id: 'old' }]);
  expect((await plan(registry, declaration, true)).changes).toEqual([]);
});

test('a client that somebody changes while it is deleted stays, disabled', async () => {
  const { registry } = await aRegistry();
  await createClient(registry, { client_id: 'old', client_name: 'Old' });
  const { changes } = await plan(registry, declares([]), true);
  const late: Registry = {
    ...registry,
    revocations: {
      ...registry.revocations,
      note: async () => void (await updateClient(registry, 'old', { client_name: 'New' })),
    },
  };
  const [deletion] = changes;
  expect(deletion).toMatchObject({ id: 'old' });
  if (deletion) await expect(carryOut(late, deletion)).rejects.toMatchObject({ about: 'busy' });
  expect(await findClient(registry, 'old')).toMatchObject({ client_name: 'New', disabled: true });
});

test('nothing is deleted while something declared cannot be had', async () => {
  const { registry } = await aRegistry();
  await createClient(registry, { client_id: 'old', client_name: 'Old' });
  const { changes } = await plan(
    registry,
    declares([{ client_id: 'c', grants: { 'urn:x:y': '' } }]),
    true,
  );
  expect(changes).toEqual([]);
});

test('an owner keeps what is his', async () => {
  const { registry } = await aRegistry();
  const declaration = declares([{ client_id: 'c', grants: { [api]: 'read' } }]);
  const changed = declares([{ client_id: 'c', client_name: 'Changed' }]);
  const options = { owner: 'stack/A' };
  await settle(registry, declaration, options);
  await settle(registry, declaration, options);
  await settle(registry, declaration);
  await expect(settle(registry, changed)).rejects.toThrow('clients.c: is managed by stack/A');
  await expect(settle(registry, changed, { owner: 'stack/B' })).rejects.toThrow(
    'managed by stack/A',
  );
  expect(await plan(registry, declares([]), true)).toMatchObject({
    changes: [],
    kept: [
      { kind: 'client', id: 'c', why: 'it is managed by stack/A' },
      { kind: 'resource_server', id: api, why: 'the client c needs it' },
    ],
  });
  const mayTakeFrom = (owner: string | undefined) => owner?.startsWith('stack/') ?? false;
  await settle(registry, changed, { owner: 'stack/B', mayTakeFrom });
  expect(await withdraw(registry, { kind: 'client', id: 'c', owner: 'stack/A' })).toBe(false);
  expect(await withdraw(registry, { kind: 'client', id: 'c', owner: 'stack/B' })).toBe(true);
  expect(await withdraw(registry, { kind: 'client', id: 'c', owner: 'stack/B' })).toBe(false);
});

test('what nobody in particular made is not taken by an owner, unless he says so', async () => {
  const { registry } = await aRegistry();
  const server = { resource: api, scope: 'read write' };
  const declaration = declares([], { resource_servers: [server] });
  const owner = 'stack/A';
  await expect(settle(registry, declaration, { owner })).rejects.toThrow('is registered already');
  await settle(registry, declaration, { owner, mayTakeFrom: () => true });
  expect(await registry.store.read({ pk: `resource#${api}` })).toMatchObject({ managed_by: owner });
  expect(await withdraw(registry, { kind: 'resource_server', id: api, owner })).toBe(true);
  await settle(registry, declaration, { owner });
  expect(await registry.store.read({ pk: `resource#${api}` })).toMatchObject({ managed_by: owner });
});

test('one who is forestalled ten times is told so', async () => {
  const { registry } = await aRegistry();
  await settle(registry, declares([{ client_id: 'c' }]));
  let written = 0;
  const read: Registry['store']['read'] = async (key) => {
    if (key.pk === 'client#c') {
      written += 1;
      await changeClient(registry, 'c', (client) => ({ ...client, client_name: `${written}` }));
    }
    return registry.store.read(key);
  };
  const late = { ...registry, store: { ...registry.store, read } };
  await expect(settle(late, declares([{ client_id: 'c' }]))).rejects.toMatchObject({
    about: 'busy',
  });
  expect(written).toBe(20);
});

test('more records than are read one by one are read at once', async () => {
  const { registry } = await aRegistry();
  const ids = Array.from({ length: 30 }, (_, index) => `client-${index}`);
  const declaration = declares(ids.map((client_id) => ({ client_id, grants: { [api]: 'read' } })));
  await settle(registry, declaration);
  let reads = 0;
  const store: Registry['store'] = {
    ...registry.store,
    read: (key) => {
      reads += 1;
      return registry.store.read(key);
    },
  };
  expect(await plan({ ...registry, store }, declaration)).toMatchObject({
    changes: [],
    unchanged: 30,
  });
  expect(reads).toBe(1);
});
