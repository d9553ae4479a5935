import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { inProcess, inProcessAsItIs } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** Clients and resource servers as a file says. */

const { directory, contents } = await localDeployment();
const api = 'https://api.example.com';
const server = { resource: api, scope: 'read write' };
const billing = { client_id: 'billing', client_name: 'Billing', grants: { [api]: 'read' } };

let written = 0;
async function fileOf(text: string): Promise<string> {
  written += 1;
  const path = join(directory, `${written}.yaml`);
  await writeFile(path, text);
  return path;
}

async function apply(value: object | string, ...options: readonly string[]) {
  const path = await fileOf(typeof value === 'string' ? value : stringify(value));
  return inProcess(['apply', path, ...options, '--local']);
}

async function applied(value: object, ...options: readonly string[]) {
  const outcome = await apply(value, '--yes', '--json', ...options);
  expect(outcome).toMatchObject({ exitCode: 0 });
  return JSON.parse(outcome.stdout);
}

const show = async (id: string) =>
  JSON.parse((await inProcess(['client', 'show', id, '--local', '--json'])).stdout);

beforeEach(async () => {
  await applied({ resource_servers: [server] }, '--prune');
});

test('a file is applied once, and then nothing changes', async () => {
  const file = { resource_servers: [server], clients: [billing] };
  const before = await contents();
  const dry = await apply(file, '--dry-run');
  expect(dry).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no secret yet') });
  expect(dry.stdout).toBe(`+ client billing
    client_id: "billing"
    client_name: "Billing"
    token_endpoint_auth_method: "client_secret_basic"
    grants: {"${api}":"read"}
1 to create, 0 to change, 0 to delete, 1 as declared.
`);
  expect(await contents()).toEqual(before);
  expect(await apply(file, '--yes')).toEqual({
    exitCode: 0,
    stdout: dry.stdout,
    stderr: `1 of 1 changes are done.
The client billing has no secret yet; \`countersign client secret add billing --local\` makes one.
`,
  });
  const after = await contents();
  expect(await apply(file, '--dry-run')).toMatchObject({
    exitCode: 0,
    stdout: '0 to create, 0 to change, 0 to delete, 2 as declared.\n',
  });
  expect(await apply(file)).toMatchObject({ exitCode: 0 });
  expect(await contents()).toEqual(after);
});

test('what changes is shown member by member, and asked for', async () => {
  await applied({ clients: [billing] });
  const file = { clients: [{ ...billing, client_name: 'New', grants: { [api]: 'read write' } }] };
  const path = await fileOf(stringify(file));
  const asked = await inProcessAsItIs(['apply', path, '--local'], { isTTY: true, input: 'n\n' });
  expect(asked).toMatchObject({
    exitCode: 1,
    stdout: `~ client billing
    client_name: "Billing" -> "New"
    grants ${api}: "read" -> "read write"
0 to create, 1 to change, 0 to delete, 0 as declared.
`,
  });
  expect(asked.stderr).toMatch(/Apply this to http:\S+\? \[y\/N\] .*nothing was changed/s);
  expect(await show('billing')).toMatchObject({ client_name: 'Billing' });
  const agreed = await inProcessAsItIs(['apply', path, '--local'], { isTTY: true, input: 'y\n' });
  expect(agreed).toMatchObject({ exitCode: 0 });
  expect(await show('billing')).toMatchObject({
    client_name: 'New',
    grants: { [api]: 'read write' },
  });
});

test.for([[], ['--json']])('where nobody is there to ask, --yes says it (%s)', async (options) => {
  const outcome = await apply({ clients: [billing] }, ...options);
  expect(outcome).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('confirm with --yes'),
  });
});

test('of two operators one gets the conflict, and nothing is lost', async () => {
  await applied({ clients: [billing, { client_id: 'other' }] });
  const mine = [
    { ...billing, client_name: 'Mine' },
    { client_id: 'other', client_name: 'Mine' },
  ];
  const path = await fileOf(stringify({ clients: mine }));
  const parameters = ['apply', path, '--local'];
  const outcome = await inProcessAsItIs(parameters, { isTTY: true, input: meanwhile() });
  expect(outcome).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining(
      'warning: client billing: somebody else has changed billing meanwhile; nothing was done to it, try again\n' +
        '1 of 2 changes are done. 1 is not: the same command again does the rest.\n',
    ),
  });
  expect(await show('billing')).toMatchObject({ client_name: 'Theirs' });
  expect(await show('other')).toMatchObject({ client_name: 'Mine' });
});

/** Before this operator says yes, another one has applied something else. */
async function* meanwhile() {
  await applied({ clients: [{ ...billing, client_name: 'Theirs' }] });
  yield 'y\n';
}

describe('--prune', () => {
  test('says of the demo of a local stack that it is among what is deleted', async () => {
    await applied({ clients: [{ client_id: 'demo' }] });
    const dry = await apply({ resource_servers: [server] }, '--prune', '--dry-run');
    expect(dry.stderr).toContain('The demo of the local stack is among what is deleted');
    const other = await apply({ clients: [{ client_id: 'demo' }] }, '--prune', '--dry-run');
    expect(other.stderr).not.toContain('The demo');
  });

  test('deletes what is not in the file, and says so', async () => {
    await applied({ clients: [billing] });
    const dry = await apply({}, '--prune', '--dry-run');
    expect(dry).toMatchObject({
      exitCode: 2,
      stdout: `- client billing, with its secrets; its tokens are revoked
- resource server ${api}, with the grants for it; the tokens for it are revoked; it is the default one, and there is none then
0 to create, 0 to change, 2 to delete, 0 as declared.
`,
    });
    const path = await fileOf(stringify({ resource_servers: [server] }));
    const parameters = ['apply', path, '--prune', '--local'];
    const asked = await inProcessAsItIs(parameters, { isTTY: true, input: 'y\n' });
    expect(asked.stderr).toContain(', and delete 1 of what is registered? [y/N]');
    expect(await inProcess(['client', 'show', 'billing', '--local'])).toMatchObject({
      exitCode: 1,
    });
    const revoked = await inProcess(['revocation', 'list', '--local', '--json']);
    expect(revoked.stdout).toContain('"billing"');
  });

  test('deletes nothing while something in the file is wrong', async () => {
    await applied({ clients: [billing] });
    const outcome = await apply({ clients: [{ client_id: 'a b' }] }, '--prune', '--yes');
    expect(outcome).toMatchObject({ exitCode: 1, stderr: '' });
    expect(await show('billing')).toMatchObject({ client_id: 'billing' });
    const both = await apply({}, '--prune', '--keep-going', '--yes');
    expect(both).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

describe('what is wrong is told with its line and its place', () => {
  const file = `# clients
clients:
  - client_id: good
  - client_id: bad one
  - client_id: lonely
    grants:
      https://other.example.com: read
  - client_id: odd
    granst: {}
`;
  const told = `! line 4, clients[1].client_id: a client_id is 1 to 200 of A-Z a-z 0-9 . _ ~ : / @ - and does not begin with a hyphen
! line 7, clients.lonely.grants["https://other.example.com"]: there is no resource server https://other.example.com
! line 9, clients[3].granst: is no member that is known: is grants meant?
`;

  test.for([[], ['--dry-run'], ['--yes']])('and nothing is changed (%s)', async (options) => {
    const before = await contents();
    const outcome = await apply(file, ...options);
    expect(outcome).toMatchObject({ exitCode: 1, stdout: expect.stringContaining(told) });
    expect(await contents()).toEqual(before);
  });

  test('with --keep-going the others are applied', async () => {
    const outcome = await apply(file, '--keep-going', '--yes', '--json');
    expect(outcome).toMatchObject({ exitCode: 1 });
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      changes: [{ kind: 'client', action: 'create', id: 'good' }],
      done: [{ kind: 'client', id: 'good' }],
      problems: [{ line: 4 }, { line: 7 }, { line: 9 }],
      without_secret: ['good'],
    });
    expect(await apply(file, '--keep-going', '--yes')).toMatchObject({ exitCode: 1 });
  });

  test.for([
    ['clients: [', /^error: line 1 of the file is no YAML: /],
    ['clients: []\nclients: []', /^error: line 2 of the file is no YAML: Map keys must be unique/],
    ['clients: *nothing', /^error: the file has too many aliases, or one of nothing/],
    ['clients: [{client_id: a, trust: &t [{x: *t}]}]', /^error: the file is nested too deeply/],
    ['clients: !!js/function x', /^error: line 1 of the file is no YAML: Unresolved tag/],
    ['{"clients": [}', /^error: line 1 of the file is no YAML/],
  ] as const)('%j', async ([text, expected]) => {
    expect(await apply(text)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(expected),
    });
  });
});

test('with --dry-run 2 says that something would change, and nothing else', async () => {
  for (const wrong of [
    ['no-such-file'],
    ['a', '--no-such-option'],
    [],
    ['a', '--prune', '--keep-going'],
  ]) {
    const outcome = await inProcess(['apply', ...wrong, '--dry-run', '--local']);
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
  }
  expect(await inProcess(['apply', 'no-such-file', '--local'])).toMatchObject({ exitCode: 2 });
});

test('JSON is read, and so is standard input', async () => {
  const input = JSON.stringify({ clients: [billing] });
  const outcome = await inProcessAsItIs(['apply', '-', '--yes', '--local'], { input });
  expect(outcome).toMatchObject({ exitCode: 0 });
  expect(await show('billing')).toMatchObject(billing);
});

test('of many clients without a secret some are named', async () => {
  const clients = Array.from({ length: 12 }, (_, index) => ({ client_id: `c${index}` }));
  const { stderr } = await apply({ clients }, '--yes');
  expect(stderr).toContain('c8, c9 and 2 more have no secret yet; `countersign client secret add');
});

test('risks of trust rules are told, and taken by --yes', async () => {
  const rule = { issuer: 'https://idp.example', subject_glob: 'organization:acme:*' };
  const risky = { client_id: 'risky', token_endpoint_auth_method: 'federated', trust: [rule] };
  const refused = await apply({ clients: [risky] });
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('risky: ') });
  const taken = await apply({ clients: [risky] }, '--yes');
  expect(taken).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('warning: risky: ') });
});

test('a secret for Secrets Manager is refused where there is none', async () => {
  const secret = { secrets_manager: 'billing' };
  const outcome = await apply({ clients: [{ ...billing, secret }] }, '--yes');
  expect(outcome).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('no Secrets Manager'),
  });
  expect(await inProcess(['client', 'show', 'billing', '--local'])).toMatchObject({ exitCode: 1 });
});

test('export writes what apply reads, in two formats', async () => {
  await applied({ clients: [{ client_id: 'other', disabled: true }, billing] });
  const yaml = await inProcess(['export', '--local']);
  expect(yaml).toMatchObject({
    exitCode: 0,
    stdout: `# yaml-language-server: $schema=./node_modules/countersign/dist/clients.schema.json
resource_servers:
  - resource: ${api}
    scope: read write
clients:
  - client_id: billing
    client_name: Billing
    token_endpoint_auth_method: client_secret_basic
    grants:
      ${api}: read
  - client_id: other
    client_name: other
    token_endpoint_auth_method: client_secret_basic
    disabled: true
`,
  });
  const json = await inProcess(['export', '--local', '--format', 'json']);
  expect(await inProcess(['export', '--local', '--json'])).toEqual(json);
  for (const { stdout: input } of [yaml, json]) {
    const again = await inProcessAsItIs(['apply', '-', '--prune', '--dry-run', '--local'], {
      input,
    });
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('3 as declared') });
  }
});
