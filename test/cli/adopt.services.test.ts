import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeTableCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  ScanCommand,
  TagResourceCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  GetKeyPolicyCommand,
  ListResourceTagsCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { dynamodbClients } from '../../functions/aws/dynamodb-registry.ts';
import { clientItem, resourceServerItem } from '../../functions/aws/registry-items.ts';
import type { KeySettings } from '../../functions/key-rotation/settings.ts';
import { formatBackup } from '../../registry/backup/backup-file.ts';
import { keyRotation, makeWrappingKey, roles } from '../support/key-rotation.ts';
import { allows } from '../support/policy-evaluation.ts';
import { startServices } from '../support/services.ts';
import { type TableSettings, tableSettings } from '../support/table-settings.ts';
import { aClient, aResourceServer } from '../support/token-endpoint.ts';
import { stubAwsEnvironment } from './aws-environment.ts';
import { answerOf, cloudFormation, described, type FakeStack } from './cloudformation.ts';
import { inProcess, inProcessAsItIs } from './command.ts';
import { operator, securityTokenService } from './sts.ts';

/** `countersign adopt` on tables that deployments have left, with DynamoDB, KMS and their tags. */

const clock = { now: Math.floor(Date.now() / 1000) };
const now = () => clock.now;
const services = await startServices(now);
const { dynamodb, kms } = services;
const settings = new Map<string, TableSettings>();
const account = await tableSettings(await endpointOf(dynamodb), settings);
const { endpoint: cloudformation, state } = await cloudFormation();
const sts = await securityTokenService();
const directory = await mkdtemp(join(tmpdir(), 'countersign-'));
afterAll(() => rm(directory, { recursive: true }));

async function endpointOf({ config }: { readonly config: typeof dynamodb.config }) {
  const { protocol, hostname, port } = (await config.endpoint?.()) ?? expect.fail();
  return `${protocol}//${hostname}:${port}`;
}

beforeEach(async () => {
  vi.unstubAllEnvs();
  stubAwsEnvironment({
    cloudformation,
    dynamodb: account.endpoint,
    lambda: 'http://127.0.0.1:9',
    sts: sts.endpoint,
  });
  const endpoint = `http://127.0.0.1:${(await kms.config.endpoint?.())?.port}`;
  vi.stubEnv('AWS_ENDPOINT_URL_KMS', endpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API', endpoint);
  stacks();
});

const stacks = (...present: readonly FakeStack[]) => {
  state.answer = (query) => answerOf(present, query);
};

const stackOn = (name: string, RegistryTable: string, status?: string): FakeStack => ({
  name,
  ...(status && { status }),
  outputs: described('AuthorizationServer', { Issuer: 'https://auth.example.com', RegistryTable }),
});

const es256: KeySettings = {
  alg: 'ES256',
  wrappingKey: undefined,
  tokenRole: roles.token,
  rotationInterval: 90 * 86_400,
  mixedFamilies: false,
};

const put = (TableName: string, item: Readonly<Record<string, unknown>>) =>
  dynamodb.send(
    new PutItemCommand({ TableName, Item: marshall(item, { removeUndefinedValues: true }) }),
  );

const itemsOf = async (TableName: string) =>
  (await dynamodb.send(new ScanCommand({ TableName }))).Items ?? [];

/** What a deployment leaves: a registry with a client, an API and a key, all as its stack has made them. */
async function leftTable({ isWrapped = false } = {}) {
  const name = `left-${randomBytes(4).toString('hex')}`;
  await services.createTable(name);
  settings.set(name, { backups: true, protection: true, stream: 'NEW_AND_OLD_IMAGES' });
  const wrappingKey = isWrapped ? await makeWrappingKey(services) : undefined;
  const of = { registry: name, ...(wrappingKey && { wrappingKey }) };
  const rotation = keyRotation(services, now, { settings: es256 }, of);
  await rotation.done({ command: 'tend' });
  await put(name, clientItem(aClient({ client_id: 'billing' })));
  await put(name, resourceServerItem(aResourceServer({ resource: 'https://api.example.com' })));
  const [key = expect.fail()] = (await rotation.keyRing.load()).keys;
  return { name, rotation, key };
}

/** The same as a restore from a point in time makes it: with the items, and nothing else. */
async function restored(of: string, name = `${of}-restored`): Promise<string> {
  await services.createTable(name);
  const source = `arn:aws:dynamodb:eu-central-1:000000000000:table/${of}`;
  settings.set(name, { backups: false, protection: false, source });
  for (const Item of await itemsOf(of)) {
    await dynamodb.send(new PutItemCommand({ TableName: name, Item }));
  }
  return name;
}

const run = (...parameters: readonly string[]) => inProcess(['adopt', ...parameters]);

async function adopted(...parameters: readonly string[]) {
  const { exitCode, stdout, stderr } = await run(...parameters, '--yes', '--json');
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return { ...JSON.parse(stdout), notes: stderr };
}

const tagOf = async (KeyId: string) => {
  const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId }));
  return Tags.find(({ TagKey }) => TagKey === 'countersign:registry')?.TagValue;
};

const keyState = async (KeyId: string) =>
  (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;

/** The key rotation of a new deployment on a table, whose roles are others. */
const newDeployment = (registry: string) =>
  keyRotation(
    services,
    now,
    { settings: { ...es256, tokenRole: 'arn:aws:iam::111122223333:role/new-token' } },
    { registry },
  );

const policyOf = async (KeyId: string) =>
  JSON.parse((await kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy ?? '');

describe('a table that a removed deployment has left', () => {
  test('is as it should be, and its name and its keys are told to deploy with', async () => {
    const { name, key } = await leftTable();
    const { steps, settings: told, ...rest } = await adopted(name);
    expect(steps).toEqual([]);
    expect(told).toEqual({
      registryTableStreamArn: expect.stringContaining(`:table/${name}/stream/`),
      adoptedKeys: [key.key_id],
    });
    expect(rest).toEqual({
      table: name,
      clients: 1,
      resource_servers: 1,
      keys: [
        {
          kid: key.kid,
          key_id: key.key_id,
          alg: 'ES256',
          state: 'active',
          standing: 'usable',
        },
      ],
      done: true,
      notes: '',
    });
  });

  test('people are told the settings to paste', async () => {
    const { name, key } = await leftTable();
    const { stdout } = await inProcessAsItIs(['adopt', name]);
    expect(stdout).toContain(`${key.kid}  active  usable`);
    expect(stdout).toContain('Nothing has to be done: a deployment can work on it.');
    expect(stdout).toContain(`"adoptedKeys": [\n    "${key.key_id}"\n  ]`);
  });

  test('a new deployment signs with the key of before, whose policy names its roles from then on', async () => {
    const { name, key } = await leftTable();
    await adopted(name);
    const deployment = newDeployment(name);
    await deployment.done({ command: 'tend' });
    expect(await deployment.keyRing.load()).toMatchObject({
      keys: [{ kid: key.kid, state: 'active', token_role: expect.stringMatching(/new-token$/) }],
    });
    const policy = await policyOf(key.key_id);
    const signs = (role: string) =>
      allows(policy, {
        role,
        action: 'kms:Sign',
        context: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256', 'kms:MessageType': 'DIGEST' },
        iam: ['kms:Sign'],
      });
    expect(signs('arn:aws:iam::111122223333:role/new-token')).toBe(true);
    expect(signs(roles.token)).toBe(false);
    const billing = await dynamodbClients(dynamodb, name)('billing', 'strong');
    expect(billing).toEqual(aClient({ client_id: 'billing' }));
  });

  test('E11: the policy of before lets another role put a new one if IAM does, which adoptedKeys are for', async () => {
    const { key } = await leftTable();
    const policy = await policyOf(key.key_id);
    const role = 'arn:aws:iam::111122223333:role/new-rotation';
    const request = { role, action: 'kms:PutKeyPolicy' };
    expect(allows(policy, { ...request, iam: [] })).toBe(false);
    expect(allows(policy, { ...request, iam: ['kms:PutKeyPolicy'] })).toBe(true);
  });
});

describe('a table that was restored from a point in time', () => {
  test('gets what it has lost, and the keys its tag', async () => {
    const { name, key } = await leftTable();
    const table = await restored(name);
    const { steps, settings: told } = await adopted(table);
    expect(steps).toEqual([
      'protect the table from deletion',
      'turn on the stream of the table',
      'turn on point-in-time recovery',
      `tag the key ${key.kid} as one of ${table}, no longer of ${name}`,
    ]);
    expect(settings.get(table)).toMatchObject({
      backups: true,
      protection: true,
      stream: 'NEW_AND_OLD_IMAGES',
    });
    expect(await tagOf(key.key_id)).toBe(table);
    expect(told.registryTableStreamArn).toContain(`:table/${table}/stream/`);
    await newDeployment(table).done({ command: 'tend' });
    expect(await newDeployment(table).strangers()).toEqual([]);
    expect((await newDeployment(table).keyRing.load()).keys).toMatchObject([
      { kid: key.kid, state: 'active' },
    ]);
  });

  test('a second run finds nothing to do', async () => {
    const table = await restored((await leftTable()).name);
    const first = await adopted(table);
    account.changes.length = 0;
    const second = await adopted(table);
    expect(second.steps).toEqual([]);
    expect(second.settings).toEqual(first.settings);
    expect(account.changes).toEqual([]);
  });

  test('--dry-run changes nothing', async () => {
    const { name, key } = await leftTable();
    const table = await restored(name);
    account.changes.length = 0;
    const { stdout } = await run(table, '--dry-run');
    expect(stdout).toContain('To be done:\n- protect the table from deletion\n');
    expect(stdout).not.toContain('registryTableStreamArn');
    expect(account.changes).toEqual([]);
    expect(await tagOf(key.key_id)).toBe(name);
  });

  test('asks before it changes anything', async () => {
    const table = await restored((await leftTable()).name);
    account.changes.length = 0;
    const declined = await inProcess(['adopt', table], { input: 'n\n', isTTY: true });
    expect(declined.exitCode).toBe(1);
    expect(declined.stderr).toContain(`Prepare ${table} for a deployment: protect the table`);
    expect(await run(table, '--json')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('confirm with --yes'),
    });
    expect(account.changes).toEqual([]);
  });

  test('gets the tags of the table that it was restored from, but for those of AWS', async () => {
    const { name } = await leftTable();
    const arnOf = async (TableName: string) =>
      (await dynamodb.send(new DescribeTableCommand({ TableName }))).Table?.TableArn;
    const source = await arnOf(name);
    const Tags = [{ Key: 'team', Value: 'identity' }];
    await dynamodb.send(new TagResourceCommand({ ResourceArn: source, Tags }));
    const table = await restored(name);
    settings.set(table, { backups: true, protection: true, stream: 'NEW_AND_OLD_IMAGES', source });
    const { steps } = await adopted(table);
    expect(steps).toContain('give the table the tags of the one that it was restored from');
    const command = new ListTagsOfResourceCommand({ ResourceArn: await arnOf(table) });
    expect((await dynamodb.send(command)).Tags).toEqual(Tags);
    expect((await adopted(table)).steps).toEqual([]);
  });

  test('names the keys that were made after it, which no ring has', async () => {
    const { name, rotation } = await leftTable();
    const table = await restored(name);
    await rotation.done({ command: 'rotate', now: true });
    const [younger] = (await rotation.keyRing.load()).keys.filter(
      ({ state }) => state === 'active',
    );
    const { notes } = await adopted(table);
    expect(notes).toContain(
      `The KMS key ${younger?.key_id} was made later than what the table has, and is in no key ring`,
    );
  });
});

describe('keys that cannot sign', () => {
  test('one that KMS is to delete is told, and kept if that is asked for', async () => {
    const { name, key } = await leftTable();
    const command = new ScheduleKeyDeletionCommand({ KeyId: key.key_id, PendingWindowInDays: 7 });
    await kms.send(command);
    const told = await adopted(name);
    expect(told.notes).toContain(`KMS deletes the key of ${key.kid} (active) at `);
    expect(told.settings.adoptedKeys).toBeUndefined();
    expect(await keyState(key.key_id)).toBe('PendingDeletion');
    const kept = await adopted(name, '--cancel-deletion');
    expect(kept.steps).toEqual([`have KMS keep the key ${key.kid}, which it is to delete`]);
    expect(kept.settings.adoptedKeys).toEqual([key.key_id]);
    expect(await keyState(key.key_id)).toBe('Enabled');
  });

  test('one that is gone is told, and the next run of the key rotation makes another', async () => {
    const { name, key } = await leftTable();
    const command = new ScheduleKeyDeletionCommand({ KeyId: key.key_id, PendingWindowInDays: 7 });
    await kms.send(command);
    clock.now += 8 * 86_400;
    const { notes, keys } = await adopted(name);
    expect(keys).toMatchObject([{ standing: 'gone' }]);
    expect(notes).toContain(`KMS has no key for ${key.kid} (active)`);
    await newDeployment(name).done({ command: 'tend' });
    const ring = await newDeployment(name).keyRing.load();
    expect(ring.keys.find(({ state }) => state === 'active')?.kid).not.toBe(key.kid);
  });

  test('one that is disabled is told', async () => {
    const { name, key } = await leftTable();
    await kms.send(new DisableKeyCommand({ KeyId: key.key_id }));
    const { notes, settings: told } = await adopted(name);
    expect(notes).toContain(`The KMS key ${key.key_id} of ${key.kid} (active) is disabled`);
    expect(told.adoptedKeys).toBeUndefined();
  });

  test('a wrapped one is told, and a rotation at once has another sign', async () => {
    const { name, key } = await leftTable({ isWrapped: true });
    const { notes, keys } = await adopted(name);
    expect(keys).toMatchObject([{ kid: key.kid, standing: 'wrapped' }]);
    expect(notes).toContain('`countersign key rotate --now`');
    const of = { registry: name, wrappingKey: await makeWrappingKey(services) };
    const deployment = keyRotation(services, now, { settings: es256 }, of);
    await deployment.done({ command: 'tend' });
    await deployment.done({ command: 'rotate', now: true });
    const active = (await deployment.keyRing.load()).keys.find(({ state }) => state === 'active');
    expect(active).toMatchObject({ key_id: of.wrappingKey, custody: 'kms-wrapped' });
  });
});

describe('a table that names keys of others is refused', () => {
  test.for([
    ['that nobody has tagged as ours', [], 'has no tag of Countersign'],
    ['that has our tag', ['countersign:registry'], 'has another public key'],
  ] as const)('one %s', async ([, tags, why]) => {
    const { name, rotation, key } = await leftTable();
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({
        KeySpec: 'ECC_NIST_P256',
        KeyUsage: 'SIGN_VERIFY',
        Tags: tags.map((TagKey) => ({ TagKey, TagValue: name })),
      }),
    );
    const { revision } = await rotation.keyRing.load();
    const keys = [{ ...key, key_id: String(KeyMetadata?.KeyId) }];
    await rotation.keyRing.store({ keys, revision: revision + 1 });
    expect(await run(name, '--yes')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`that key ${why}: somebody has changed the table`),
    });
  });
});

describe('a deployment that is there', () => {
  test.for([[undefined], ['DELETE_IN_PROGRESS'], ['UPDATE_ROLLBACK_FAILED']])(
    'on the same table, %s: it is refused',
    async ([status]) => {
      const { name } = await leftTable();
      stacks(stackOn('Countersign', name, status));
      expect(await run(name, '--yes')).toMatchObject({
        exitCode: 1,
        stdout: '',
        stderr: expect.stringContaining(`the stack Countersign uses the table ${name}`),
      });
    },
  );

  test('with the same keys on its own table: it is refused, unless it is to get this one', async () => {
    const { name, key } = await leftTable();
    const table = await restored(name);
    stacks(stackOn('Other', 'another'), stackOn('Countersign', name));
    expect(await run(table, '--yes')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('--in-place-of Countersign'),
    });
    expect(await tagOf(key.key_id)).toBe(name);
    expect(await run(table, '--yes', '--in-place-of', 'Other')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('the stack Other does not use the keys'),
    });
    await adopted(table, '--in-place-of', 'Countersign');
    expect(await tagOf(key.key_id)).toBe(table);
  });
});

describe('what is no registry', () => {
  const refusals: readonly (readonly [string, () => Promise<string>, string])[] = [
    ['no table', async () => 'nowhere', 'there is no table nowhere here'],
    [
      'a table of something else',
      async () => {
        const name = `other-${randomBytes(4).toString('hex')}`;
        await services.createRevocations(name);
        return name;
      },
      'is no registry: a registry has the one key pk',
    ],
    [
      'an empty table',
      async () => {
        const name = `empty-${randomBytes(4).toString('hex')}`;
        await services.createTable(name);
        return name;
      },
      'it has no key ring',
    ],
    [
      'a table with another stream',
      async () => {
        const { name } = await leftTable();
        settings.set(name, { backups: true, protection: true, stream: 'KEYS_ONLY' });
        return name;
      },
      'has KEYS_ONLY and not NEW_AND_OLD_IMAGES',
    ],
  ];

  test.for(refusals)('%s', async ([, make, why]) => {
    const table = await make();
    expect(await run(table, '--yes')).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining(why),
    });
  });

  test('an item that no function could read is told, without what is in it', async () => {
    const { name } = await leftTable();
    await put(name, { pk: 'client#broken', secrets: 'sha256:secret' });
    await put(name, { pk: 'session#1' });
    const { notes, clients } = await adopted(name);
    expect(clients).toBe(1);
    expect(notes).toContain('No function can read this: registry item client#broken: missing');
    expect(notes).toContain('registry item session#1: this version knows no such item');
    expect(notes).not.toContain('sha256');
  });

  test.for(['arn:aws:dynamodb:eu-central-1:111122223333:table/registry', 'ab', 'a b c'])(
    'the name %s',
    async (name) => {
      expect(await run(name)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('the name of a table is 3 to 255'),
      });
    },
  );

  test.for(['--local', '--stack=Countersign'])('a deployment: %s', async (option) => {
    expect(await run('registry', option)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('leave --local and --stack out'),
    });
  });
});

describe('--from', () => {
  async function backupOf(name: string, change = (text: string) => text): Promise<string> {
    const file = join(directory, `${name}.jsonl`);
    const items = await itemsOf(name);
    await writeFile(file, change(formatBackup({ table: name, exported_at: clock.now, items })));
    return file;
  }

  const byKey = (items: readonly object[]) =>
    items.map((item) => JSON.stringify({ ...item, changed_by: undefined })).toSorted();

  test('makes the table, writes what the backup has, and adopts its keys', async () => {
    const { name, key } = await leftTable();
    const table = `${name}-new`;
    const { steps, settings: told, clients } = await adopted(table, '--from', await backupOf(name));
    expect(clients).toBe(1);
    expect(steps).toEqual([
      `make the table ${table}`,
      'protect the table from deletion',
      'turn on the stream of the table',
      'turn on point-in-time recovery',
      'write 3 items of the backup into it',
      `tag the key ${key.kid} as one of ${table}, no longer of ${name}`,
    ]);
    expect(byKey(await itemsOf(table))).toEqual(byKey(await itemsOf(name)));
    expect(told.adoptedKeys).toEqual([key.key_id]);
  });

  test('each item that it writes tells who wrote it, but for the key ring', async () => {
    const { name } = await leftTable();
    await adopted(`${name}-stamped`, '--from', await backupOf(name));
    const stamps = (await itemsOf(`${name}-stamped`)).map((item) => unmarshall(item).changed_by);
    expect(stamps).toHaveLength(3);
    const told = stamps.filter(({ tool }) => tool !== 'key-rotation');
    expect(told).toEqual(
      Array(2).fill({ identity: operator, tool: 'adopt', change: expect.any(String) }),
    );
    expect(new Set(told.map(({ change }) => change)).size).toBe(2);
  });

  test('nothing is written where AWS does not say who writes it', async () => {
    const { name } = await leftTable();
    sts.state.refusal = { status: 403, body: '' };
    onTestFinished(() => {
      sts.state.refusal = undefined;
    });
    expect(await run(`${name}-untold`, '--from', await backupOf(name), '--yes')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('AWS STS did not say who you are'),
    });
    expect(await itemsOf(`${name}-untold`)).toEqual([]);
  });

  test('goes on where an earlier try has ended', async () => {
    const { name } = await leftTable();
    const table = `${name}-half`;
    await services.createTable(table);
    const [Item] = await itemsOf(name);
    await dynamodb.send(new PutItemCommand({ TableName: table, Item }));
    const file = await backupOf(name);
    const { steps } = await adopted(table, '--from', file);
    expect(steps).toContain('write 2 items of the backup into it');
    expect(byKey(await itemsOf(table))).toEqual(byKey(await itemsOf(name)));
    expect((await adopted(table, '--from', file)).steps).toEqual([]);
  });

  test.for([
    ['another item', { pk: 'client#other' }],
    ['another version of an item', { pk: 'client#billing' }],
  ] as const)('leaves a table alone that has %s', async ([, item]) => {
    const { name } = await leftTable();
    const table = `${name}-used`;
    await services.createTable(table);
    await put(table, item);
    expect(await run(table, '--from', await backupOf(name), '--yes')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('a backup is restored into a table that is new or empty'),
    });
    expect(await itemsOf(table)).toHaveLength(1);
  });

  test.for([
    ['was cut off', (text: string) => text.slice(0, -20), 'was cut off or changed'],
    ['was changed', (text: string) => text.replace('billing', 'Billing'), 'was cut off or changed'],
    ['is something else', () => '{"clients":[]}\n', 'is no backup that countersign export --all'],
    ['is empty', () => '', 'is no backup that countersign export --all'],
  ] as const)('refuses a file that %s', async ([, change, why]) => {
    const { name } = await leftTable();
    const table = `${name}-none`;
    expect(await run(table, '--from', await backupOf(name, change), '--yes')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(why),
    });
    const describing = dynamodb.send(new DescribeTableCommand({ TableName: table }));
    await expect(describing).rejects.toThrow('not found');
  });

  test('a file that is not there is told', async () => {
    expect(await run('registry-new', '--from', '/nowhere/backup.jsonl')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('there is no such file'),
    });
  });
});
