import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { clientItem } from '../../functions/aws/registry-items.ts';
import { writeLocalStackFile } from '../../local/state/local-stack-file.ts';
import { aClient } from '../support/a-client.ts';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** A trust rule that may let in others than it is meant for is somebody's decision. */

const { contents, directory, file, registry } = await localDeployment();
const issuer = 'https://idp.example';
const glob = { issuer, subject_glob: 'organization:acme:*' };
const sentence = `it is not known who shares the issuer ${issuer}: anybody there gets in whose subject fits organization:acme:*`;
const doubt = `JWTs of ${issuer} are for ${issuer} unless somebody asks for another audience: whoever else is shown one can use it here`;
const refusal = (risk: string) => ({
  exitCode: 2,
  stdout: '',
  stderr: `error: ${risk}; whoever takes this risk confirms it with --yes\n`,
});

async function trustFile(name: string, rules: unknown): Promise<readonly string[]> {
  const path = join(directory, 'trust', name);
  await mkdir(join(directory, 'trust'), { recursive: true });
  await writeFile(path, JSON.stringify(rules));
  return ['--trust', path];
}

const risky = await trustFile('risky.json', [{ issuer, subject: 'billing' }, glob]);
const sound = await trustFile('sound.json', { issuer, subject: 'billing' });

const create = (id: string) => ['client', 'create', '--name', id, '--client-id', id, '--local'];
const update = (id: string) => ['client', 'update', id, '--local'];
const answering = (input: string) => ({ input: `${input}\n`, isTTY: true });

beforeAll(async () => {
  await inProcess(['resource', 'create', 'https://api.example', '--scope', 'read', '--local']);
  await inProcess([...create('sound'), ...sound]);
  await inProcess([...create('secret')]);
});

describe.for([
  ['create', create('new')],
  ['update of the rules', update('sound')],
  ['update to rules', update('secret')],
] as const)('B03: in a client %s', ([, command]) => {
  test.for([
    ['without a terminal', [], {}],
    ['with --json', ['--json'], {}],
    ['with --json at a terminal', ['--json'], answering('y')],
  ] as const)('a script %s is refused without --yes', async ([, more, terminal]) => {
    const before = await contents();
    expect(await inProcess([...command, ...risky, ...more], terminal)).toEqual(refusal(sentence));
    expect(await contents()).toEqual(before);
  });

  test('a person is asked, and says no', async () => {
    const before = await contents();
    const outcome = await inProcess([...command, ...risky], answering('n'));
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
    expect(outcome.stderr).toContain(`warning: ${sentence}\n`);
    expect(outcome.stderr).toContain('Take this risk? [y/N]');
    expect(outcome.stderr).toMatch(/error: nothing was changed\n$/);
    expect(await contents()).toEqual(before);
  });
});

describe('B03: the risk is taken', () => {
  test('by a script with --yes, which is warned all the same', async () => {
    const scope = ['--scope', 'read'];
    const outcome = await inProcess([...create('script'), ...scope, ...risky, '--yes', '--json']);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: `warning: ${sentence}\n` });
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      trust: [{}, glob],
      trust_warnings: [sentence],
    });
  });

  test('by a person who says yes', async () => {
    const outcome = await inProcess([...create('person'), ...risky], answering('y'));
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stdout).toContain('client_id       person');
  });

  test('in an update of a federated client', async () => {
    await inProcess([...create('changed'), ...sound]);
    const outcome = await inProcess([...update('changed'), ...risky, '--yes']);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: `warning: ${sentence}\n` });
  });

  test('each one is told', async () => {
    const both = await trustFile('both.json', { ...glob, audience: issuer });
    const outcome = await inProcess([...create('both'), ...both]);
    expect(outcome).toEqual(refusal(`${sentence}; ${doubt}`));
  });
});

test('B03: a rule without a risk is nobody asked about', async () => {
  const outcome = await inProcess([...create('quiet'), ...sound, '--github', 'octo-org/app']);
  expect(outcome).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining('warning') });
});

describe('B03: the risks of registered rules are shown', () => {
  const modal = { issuer: 'https://oidc.modal.com', subject_glob: 'modal:workspace_id:*' };
  const advice = `the rule for ${modal.issuer} names no workspace: anybody's workload would get in; expect the claim workspace_id, such as ac-12345abcd`;

  beforeAll(async () => {
    const special = { subject: undefined, audience: issuer, claims: {}, single_use: true };
    const rule = { ...modal, ...special, max_lifetime: 3600 };
    const client = aClient({ client_id: 'old', token_endpoint_auth_method: 'federated' });
    await registry.store.create(clientItem({ ...client, secrets: [], trust: [rule] }));
  });

  test('with the client', async () => {
    const { stdout } = await inProcess(['client', 'show', 'old', '--local']);
    expect(stdout).toMatch(new RegExp(`\\n +warning: ${RegExp.escape(advice)}\\n`));
    const { stdout: json } = await inProcess(['client', 'show', 'old', '--local', '--json']);
    expect(JSON.parse(json)).toMatchObject({ trust_warnings: [advice] });
  });

  test('with the list, but for a program in its records alone', async () => {
    const people = await inProcess(['client', 'list', '--local']);
    expect(people.stderr).toContain(`warning: the client old: ${advice}\n`);
    const program = await inProcess(['client', 'list', '--local', '--json']);
    expect(program.stderr).toBe('');
    const clients: readonly { readonly client_id: string; readonly trust_warnings?: unknown }[] =
      JSON.parse(program.stdout).clients;
    const warned = clients.filter(({ trust_warnings }) => trust_warnings);
    expect(warned.map(({ client_id }) => client_id)).toContain('old');
    expect(warned.map(({ client_id }) => client_id)).not.toContain('sound');
  });

  test('by doctor, which says when it cannot tell', async () => {
    await writeLocalStackFile(directory, { ...file, registryTable: 'gone' });
    const { stdout } = await inProcess(['doctor', '--local', '--json']);
    await writeLocalStackFile(directory, file);
    expect(JSON.parse(stdout).findings).toContainEqual({
      check: 'trust-rules',
      section: 'RFC 7523 §3',
      status: 'not_checked',
      what: 'The clients cannot be listed: a table of this deployment does not exist.',
      remedy: expect.any(String),
    });
  });

  test('by doctor', async () => {
    const { stdout } = await inProcess(['doctor', '--local', '--json']);
    const { findings } = JSON.parse(stdout);
    expect(findings).toContainEqual({
      check: 'trust-rules',
      section: 'RFC 7523 §3',
      status: 'warning',
      what: `The client old has a trust rule that is a risk: ${advice}.`,
      remedy: expect.stringContaining('client update --trust'),
    });
  });
});
