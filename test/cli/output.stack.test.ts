import { execFile, spawn } from 'node:child_process';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { countersign, inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

const { contents, directory, file } = await localDeployment();
const api = 'https://api.example.com';
const run = (parameters: readonly string[]) => inProcess([...parameters, '--local']);
let client_secret = '';

beforeAll(async () => {
  await run(['resource', 'create', api, '--scope', 'read']);
  const create = ['client', 'create', '--name', 'Billing', '--client-id', 'billing', '--json'];
  client_secret = JSON.parse((await run(create)).stdout).client_secret;
});

const readings = [
  ['client', 'list'],
  ['client', 'show', 'billing'],
  ['client', 'secret', 'list', 'billing'],
  ['client', 'update', 'billing', '--name', 'Billing'],
  ['client', 'disable', 'billing'],
  ['client', 'enable', 'billing'],
  ['resource', 'list'],
  ['resource', 'show', api],
  ['key', 'list'],
];

describe.for(readings)('countersign %s %s %s', (...parameters) => {
  const command = parameters.flat().filter((word) => typeof word === 'string');

  test('--json, before the command or behind it, prints one JSON value and nothing else', async () => {
    const behind = await run([...command, '--json']);
    expect(behind).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.stringify(JSON.parse(behind.stdout), undefined, 2)).toBe(behind.stdout.trimEnd());
    const before = await run(['--json', ...command]);
    expect(JSON.parse(before.stdout)).toBeTypeOf('object');
  });

  test('never shows a secret or a hash', async () => {
    const [, hash = ''] = /sha256:([\w-]{43})/.exec((await contents()).join()) ?? [];
    expect(hash).not.toBe('');
    for (const more of [[], ['--json']]) {
      const { stdout, stderr } = await run([...command, ...more]);
      for (const hidden of [client_secret, hash, 'sha256', 'hash']) {
        expect(stdout + stderr).not.toContain(hidden);
      }
    }
  });
});

test('JSON carries the names of RFC 7591 and NumericDates', async () => {
  const { stdout } = await run(['client', 'show', 'billing', '--json']);
  expect(JSON.parse(stdout)).toEqual({
    client_id: 'billing',
    client_name: 'Billing',
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['client_credentials'],
    grants: { [api]: '' },
    secrets: [
      { secret_id: expect.stringMatching(/^[0-9a-f]{8}$/), created_at: expect.any(Number) },
    ],
    dpop_bound_access_tokens: false,
    tls_client_certificate_bound_access_tokens: false,
    introspection_resources: [],
    // It was disabled, and enabled again.
    tokens_not_before: expect.any(Number),
    claims: {},
    disabled: false,
    created_at: expect.any(Number),
    updated_at: expect.any(Number),
  });
});

test('people see clients in a table, times as dates', async () => {
  const { stdout } = await run(['client', 'list']);
  expect(stdout).toMatch(/^CLIENT_ID +NAME +STATUS +AUTHENTICATION +GRANTS +CREATED\n/);
  const row =
    /\nbilling +Billing +enabled +client_secret_basic +https:\/\/api\.example\.com: \(no scope\) +\d{4}-\d\d-\d\dT[\d:]{8}Z\n/;
  expect(stdout).toMatch(row);
});

describe('help', () => {
  test.for([
    ['client', 'create'],
    ['client', 'list'],
    ['client', 'show'],
    ['client', 'update'],
    ['client', 'disable'],
    ['client', 'enable'],
    ['client', 'delete'],
    ['client', 'revoke-tokens'],
    ['client', 'secret', 'add'],
    ['client', 'secret', 'list'],
    ['client', 'secret', 'revoke'],
    ['resource', 'create'],
    ['resource', 'list'],
    ['resource', 'show'],
    ['resource', 'update'],
    ['resource', 'delete'],
    ['resource', 'revoke-tokens'],
    ['token', 'revoke'],
    ['revocation', 'list'],
    ['keypair'],
    ['key', 'list'],
    ['key', 'rotate'],
    ['key', 'revoke'],
    ['token'],
    ['cost'],
    ['doctor'],
    ['completion'],
  ])('of %s %s %s has an example and the global options', async (command) => {
    const { exitCode, stdout, stderr } = await inProcess([...command, '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`  $ countersign ${command.join(' ')}`);
    expect(stdout).toContain('--local');
  });

  test('no command at all is wrong usage and shows the help', async () => {
    const outcome = await inProcess([]);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toContain('Usage: countersign [options] [command]');
  });

  test('--version is the version of package.json', async () => {
    const version = { exitCode: 0, stdout: `${manifest.version}\n`, stderr: '' };
    expect(await countersign(['--version'])).toEqual(version);
  });
});

test('npx finds the command in the checkout', { timeout: 60_000 }, async () => {
  const { stdout } = await promisify(execFile)('npx', ['countersign', '--help']);
  expect(stdout).toContain('Usage: countersign [options] [command]');
});

test('a reader that goes away early is no failure', async () => {
  const bin = join(import.meta.dirname, '../../cli/countersign.ts');
  const child = spawn('sh', ['-c', '"$0" client list --local | true', bin]);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  expect(stderr).toBe('');
});

describe('without a local stack', () => {
  test.for([
    ['client', 'list'],
    ['resource', 'create', 'urn:x', '--scope', 'read'],
    ['key', 'list'],
    ['token', '--client-id', 'billing', '--client-secret', 'x'],
  ])('%s %s says how to start it', async (command) => {
    const path = join(directory, 'local.json');
    await rename(path, `${path}.away`);
    const outcome = await run(command);
    await rename(`${path}.away`, path);
    expect(outcome).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'error: the local stack is not running; start it with npm start in a checkout of Countersign\n',
    });
    expect(file.pid).toBe(process.pid);
  });
});
