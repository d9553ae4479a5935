import { beforeEach, describe, expect, test } from 'vitest';
import { isSecretOf } from '../../../functions/imported-secrets/verification.ts';
import { hashClientSecret, importedPrefix } from '../../../functions/oauth/client-secret.ts';
import { readImportedHash } from '../../../functions/oauth/imported-hash.ts';
import { changeClient, findClient, setClientDisabled } from '../../../registry/clients.ts';
import { carryOutAll } from '../../../registry/declared/carry-out-all.ts';
import type { Change } from '../../../registry/declared/change.ts';
import { type ImportRules, planImport } from '../../../registry/import/import-plan.ts';
import type { Reading } from '../../../registry/import/reading.ts';
import { readCognito } from '../../../registry/import/sources/cognito.ts';
import { readHydra } from '../../../registry/import/sources/hydra.ts';
import { readJson } from '../../../registry/import/sources/json.ts';
import { readKeycloak } from '../../../registry/import/sources/keycloak.ts';
import type { Registry } from '../../../registry/registry.ts';
import { findResourceServer } from '../../../registry/resource-servers.ts';
import { api, aRegistry } from '../a-registry.ts';
import { samples } from './sample.ts';

/** From what another system gives to the registry. */

let registry: Registry;
beforeEach(async () => {
  ({ registry } = await aRegistry());
});

const orders = 'https://orders.example.com';

const plan = (reading: Reading, rules: Partial<ImportRules> = {}) =>
  planImport(registry, reading, {
    issuer: 'https://issuer.example.com',
    resources: new Map(),
    takesWeak: false,
    updates: false,
    ...rules,
  });

const silently = { prepare: async (change: Change) => change, told: () => {} };

/** Imports, and gives what was planned beside what was done. */
async function imported(reading: Reading, rules: Partial<ImportRules> = {}) {
  const planned = await plan(reading, rules);
  const carried = await carryOutAll(registry, planned.changes, silently);
  expect(carried.failed).toEqual([]);
  return { ...planned, done: carried.done.map(({ action, id }) => `${action} ${id}`) };
}

const hydra = readHydra(samples('hydra-clients.json', 'hydra-secrets.json'));
const hydraWithBcrypt = readHydra(
  samples('hydra-bcrypt-clients.json', 'hydra-bcrypt-secrets.json'),
);
const keycloak = readKeycloak(samples('keycloak-export.json'));

/** Clients of our own form. */
const clients = (...records: readonly object[]) =>
  readJson([{ place: 'clients.json', value: { clients: records } }]);

const strong = 'Xv5nQ2bT8yLw3RzP7dF1mK9hJ4sG6aV0';

describe('clients of Hydra', () => {
  test('keep their id and the hash of their secret; their audiences are resource servers', async () => {
    const { done, notes } = await imported(hydra);
    expect(done).toEqual([
      `create ${orders}`,
      'create api://billing',
      `update ${api}`,
      'create orders-batch',
      'create reports',
      'create signer',
    ]);
    const client = await findClient(registry, 'orders-batch');
    expect(client).toMatchObject({ access_token_lifetime: 900, client_name: 'Nightly orders' });
    expect(client.secrets).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{8}$/),
        hash: expect.stringMatching(/^imported:\$pbkdf2-sha256\$i=25000,l=32\$/),
        created_at: registry.now(),
      },
    ]);
    expect(client.grants).toEqual(new Map([[orders, new Set(['orders:read', 'orders:write'])]]));
    expect(notes.map(({ id, sentence }) => [id, sentence.slice(0, 40)])).toEqual([
      ['reports', 'the scope billing.* is a pattern in Hydr'],
      ['reports', 'the audience billing is api://billing he'],
      ['reports', 'it has grants at api://billing and https'],
    ]);
  });

  test.for([
    ['PBKDF2', hydra, 'orders-batch', 'hydraThrowAway0Xv5nQ2bT8yLw3RzP7'],
    ['bcrypt', hydraWithBcrypt, 'by-bcrypt', 'a-secret-of-bcrypt-0123456789abcdef0123'],
  ] as const)('are known by the secret that they have had there: %s', async (kind) => {
    const [, reading, client_id, client_secret] = kind;
    await imported(reading);
    const { secrets } = await findClient(registry, client_id);
    const hash = readImportedHash(secrets[0]?.hash.slice(importedPrefix.length) ?? '');
    if (typeof hash === 'string') throw new Error(hash);
    expect(await isSecretOf(hash, client_secret)).toBe(true);
    expect(await isSecretOf(hash, 'hydraThrowAway1Hc9sJ4kVb6NtE2xG')).toBe(false);
  });

  test('with no audience have their scopes at the default resource server, which keeps its own', async () => {
    await imported(hydra);
    const { grants } = await findClient(registry, 'signer');
    expect(grants).toEqual(new Map([[api, new Set(['ledger'])]]));
    expect((await findResourceServer(registry, api))?.scope).toEqual(
      new Set(['ledger', 'read', 'write']),
    );
  });

  test('are not added twice, also after a hash was replaced at first use', async () => {
    const reading = hydra;
    await imported(reading);
    expect(await imported(reading)).toMatchObject({ done: [], unchanged: 6, kept: [] });
    await changeClient(registry, 'orders-batch', (client) => ({
      ...client,
      secrets: client.secrets.map((secret) => ({ ...secret, hash: hashClientSecret(strong) })),
    }));
    for (const updates of [false, true]) {
      expect(await imported(reading, { updates })).toMatchObject({ done: [], unchanged: 6 });
    }
  });
});

test('a plain secret is hashed at once, and known again by that', async () => {
  const { done } = await imported(keycloak);
  expect(done).toContain('create orders-batch');
  const { secrets } = await findClient(registry, 'orders-batch');
  expect(secrets.map(({ hash }) => hash)).toEqual([
    hashClientSecret('kcThrowAway0Xv5nQ2bT8yLw3RzP7dF1m'),
  ]);
  expect(await imported(keycloak, { updates: true })).toMatchObject({ done: [] });
  expect((await findClient(registry, 'orders-batch')).secrets).toEqual(secrets);
});

test('a client_id outside of our grammar is refused by its rule, at its place', async () => {
  const { problems, changes } = await plan(keycloak);
  expect(problems).toContainEqual({
    place: expect.stringMatching(/^keycloak-export.json clients\[\d\]$/),
    id: 'ledger signer',
    sentence: expect.stringMatching(/^client_id: a client_id is 1 to 200 of/),
  });
  expect(changes.map(({ id }) => id)).not.toContain('ledger signer');
});

test("an audience is named as the importer says, and its scopes stay Cognito's", async () => {
  const names = ['cognito-nightly-orders.json', 'cognito-reports.json'];
  const reading = readCognito(samples(...names, 'cognito-resource-servers.json'));
  const resources = new Map([['orders', orders]]);
  expect((await imported(reading, { resources })).done.slice(0, 2)).toEqual([
    `create ${orders}`,
    'create https://billing.example.com',
  ]);
  const { grants } = await findClient(registry, '148cd67d685d4f28b3b34c6f07');
  expect(grants).toEqual(new Map([[orders, new Set(['orders/read', 'orders/write'])]]));
});

test('several audiences may be one resource server, which has the scopes of them all', async () => {
  const names = ['cognito-reports.json', 'cognito-resource-servers.json'];
  const resources = new Map([
    ['orders', orders],
    ['https://billing.example.com', orders],
  ]);
  await imported(readCognito(samples(...names)), { resources });
  expect((await findResourceServer(registry, orders))?.scope).toEqual(
    new Set(['https://billing.example.com/invoices', 'orders/read', 'orders/write']),
  );
  const { grants } = await findClient(registry, '3796c4d53a894869861b624b63');
  expect([...grants.keys()]).toEqual([orders]);
});

test('without a default resource server a client without audience is refused', async () => {
  ({ registry } = await aRegistry());
  const { store } = registry;
  await store.delete({ pk: 'default-resource' });
  expect((await plan(hydra)).problems).toEqual([
    {
      place: 'hydra-clients.json[3]',
      id: 'signer',
      sentence:
        'audience: it has none, and there is no default resource server; name one with --default-resource',
    },
  ]);
  expect((await plan(hydra, { defaultResource: orders })).problems).toEqual([]);
});

test('a client that is registered in another way stays so, unless it is to be updated', async () => {
  const records = [{ client_id: 'one', client_secret: strong, grants: { [api]: 'read' } }];
  await imported(clients(...records));
  await changeClient(registry, 'one', (client) => ({ ...client, access_token_lifetime: 60 }));
  await setClientDisabled(registry, 'one', true);
  const { kept, done, notes } = await imported(clients(...records));
  expect(kept).toMatchObject([{ id: 'one', fields: [{ name: 'access_token_lifetime' }] }]);
  expect({ done, notes }).toEqual({ done: [], notes: [] });
  expect((await findClient(registry, 'one')).access_token_lifetime).toBe(60);
  expect((await imported(clients(...records), { updates: true })).done).toEqual(['update one']);
  // The other system does not know that it was disabled here.
  expect(await findClient(registry, 'one')).toMatchObject({
    access_token_lifetime: undefined,
    disabled: true,
  });
});

test('a secret that changed in the other system comes beside the one that was imported', async () => {
  const one = (client_secret: string) => clients({ client_id: 'one', client_secret });
  await imported(one(strong));
  await imported(one(`${strong}x`), { updates: true });
  const { secrets } = await findClient(registry, 'one');
  expect(secrets.map(({ hash }) => hash)).toEqual([
    hashClientSecret(strong),
    hashClientSecret(`${strong}x`),
  ]);
});

test('a weak secret is refused, without a part of it, unless it is wanted', async () => {
  const reading = clients({ client_id: 'one', client_secret: 'password123', grants: {} });
  const [problem] = (await plan(reading)).problems;
  expect(problem?.sentence).toMatch(/^client_secret: it has \d\d bits at most/);
  expect(JSON.stringify(problem)).not.toContain('password');
  expect((await imported(reading, { takesWeak: true })).done).toEqual(['create one']);
});

test('a secret that no request has room for is refused before it is measured', async () => {
  const reading = clients({ client_id: 'one', client_secret: strong.repeat(60_000), grants: {} });
  const [problem] = (await plan(reading)).problems;
  expect(problem?.sentence).toBe('client_secret: it is longer than 1024');
});

test.for([
  ['$sha256$$', 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg', /^sha256:n4bQgYhMfWWaL-qgxVrQ/],
  ['$sha256$c2FsdHNhbHQ$', 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg', /^imported:\$sha256\$/],
] as const)('a hash %s is kept as ours, or as imported', async ([begin, digest, kept]) => {
  const reading = clients({ client_id: 'one', client_secret_hash: begin + digest });
  await imported(reading);
  const { secrets } = await findClient(registry, 'one');
  expect(secrets).toEqual([expect.objectContaining({ hash: expect.stringMatching(kept) })]);
  expect((await imported(reading, { updates: true })).done).toEqual([]);
});

test('a hash that is none, or too costly, is refused without a part of it', async () => {
  const reading = clients(
    { client_id: 'one', client_secret_hash: '$2b$31$abcdefghijklmnopqrstuu' },
    {
      client_id: 'two',
      client_secret_hash: `$pbkdf2-sha256$i=99999999,l=32$c2FsdA$${'A'.repeat(43)}`,
    },
  );
  const { problems } = await plan(reading);
  expect(problems.map(({ id }) => id)).toEqual(['one', 'two']);
  for (const { sentence } of problems) {
    expect(sentence).toMatch(/^client_secret_hash: /);
    expect(sentence).not.toMatch(/abcdef|AAAA|c2FsdA/);
  }
});

test('a name and a lifetime that do not fit are made to, with a note', async () => {
  const reading = clients({
    client_id: 'one',
    client_name: ` ${'x'.repeat(201)}\u0007`,
    access_token_lifetime: 100_000,
    client_secret: strong,
    grants: { [api]: 'read' },
  });
  const { notes } = await imported(reading);
  expect(notes.map(({ sentence }) => sentence)).toEqual([
    'its name is kept as far as names go here: 200 printable characters',
    'its tokens live 86400 seconds, the longest here, not 100000',
  ]);
  expect(await findClient(registry, 'one')).toMatchObject({
    client_name: 'x'.repeat(200),
    access_token_lifetime: 86_400,
  });
});

test('of two records of one client_id the second is refused, and names the first', async () => {
  const one = { client_id: 'one', client_secret: strong };
  expect((await plan(clients(one, one))).problems).toEqual([
    {
      place: 'clients.json clients[1]',
      id: 'one',
      sentence: 'client_id: it is there already, at clients.json clients[0]',
    },
  ]);
});

test('a bad scope of one client spoils neither the others nor their resource server', async () => {
  const { done, problems } = await imported(
    clients(
      { client_id: 'bad', client_secret: strong, grants: { [orders]: 'a"b' } },
      { client_id: 'good', client_secret: strong, grants: { [orders]: 'read' } },
    ),
  );
  expect(done).toEqual([`create ${orders}`, 'create good']);
  expect(problems).toMatchObject([
    { place: 'clients.json clients[0]', id: 'bad', sentence: expect.stringMatching(/^grants: /) },
  ]);
});

test('after an import that was broken off another does the rest', async () => {
  const reading = clients(
    ...Array.from({ length: 40 }, (_, index) => ({
      client_id: `c${index}`,
      client_secret: `${strong}${index}`,
      grants: { [api]: 'read' },
    })),
  );
  const { changes } = await plan(reading);
  let writes = 0;
  const dying: Registry = {
    ...registry,
    store: {
      ...registry.store,
      create: async (item) => {
        writes += 1;
        if (writes > 10) throw new Error('the network is down');
        return registry.store.create(item);
      },
    },
  };
  const { left } = await carryOutAll(dying, changes, silently);
  expect(left.length).toBeGreaterThan(0);
  const { done, unchanged } = await imported(reading);
  expect({ done: done.length, unchanged }).toEqual({ done: 30, unchanged: 11 });
});

test('a client that somebody registers at the same time is a problem of its own', async () => {
  const one = (client_name: string) =>
    clients({ client_id: 'one', client_name, client_secret: strong });
  const { changes } = await plan(one('Mine'));
  await imported(one('Theirs'));
  const { done, failed } = await carryOutAll(registry, changes, silently);
  expect(done).toEqual([]);
  expect(failed).toMatchObject([{ change: { id: 'one' }, error: { name: 'RegistryError' } }]);
  expect((await findClient(registry, 'one')).client_name).toBe('Theirs');
});

test('a secret goes with a method that uses one, and a client without is told', async () => {
  const reading = clients(
    { client_id: 'none', grants: { [api]: 'read' } },
    {
      client_id: 'keys',
      client_secret: strong,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: 'https://keys.example.com/jwks.json',
    },
  );
  const { changes, problems, notes } = await plan(reading);
  expect(changes.map(({ id }) => id)).toEqual(['none']);
  expect(notes.map(({ sentence }) => sentence)).toEqual([
    'it has no secret, and gets no token until it has one',
  ]);
  expect(problems).toMatchObject([
    { id: 'keys', sentence: 'client_secret: a client of private_key_jwt has none' },
  ]);
});
