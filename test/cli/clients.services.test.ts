import { beforeAll, describe, expect, test } from 'vitest';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

const api = 'https://api.example.com';
const other = 'urn:example:other';
const { contents } = await localDeployment();

/** Runs a command that must succeed, and gives its JSON answer. */
async function done(...parameters: readonly string[]) {
  const { exitCode, stdout, stderr } = await inProcess([...parameters, '--local', '--json']);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout);
}

const create = (name: string, ...more: readonly string[]) =>
  done('client', 'create', '--name', name, '--client-id', name, ...more);

test('without a default resource server a scope has nowhere to go', async () => {
  for (const scope of [[], ['--scope', 'read']]) {
    const outcome = await inProcess(['client', 'create', '--name', 'N', ...scope, '--local']);
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^error: there is no default resource server: create one with/);
  }
  expect(await contents()).toEqual([]);
});

describe('with two resource servers', () => {
  beforeAll(async () => {
    await done('resource', 'create', api, '--scope', 'read write');
    await done('resource', 'create', other, '--scope', 'print scan');
  });

  test('--scope is the grant at the default one, --grant at any', async () => {
    const grants = ['--scope', 'read', '--grant', `${other}=print scan`];
    expect((await create('both', ...grants)).grants).toEqual({
      [api]: 'read',
      [other]: 'print scan',
    });
    expect((await create('named', '--grant', `${other}=`)).grants).toEqual({ [other]: '' });
  });

  test('a client with neither gets tokens without scope, and people are told so', async () => {
    const named = ['client', 'create', '--name', 'N', '--client-id', 'plain', '--local'];
    const { stdout, stderr } = await inProcess(named);
    expect(stdout).toMatch(/^client_id +plain\nclient_secret +countersign_[\w-]{49}\n$/);
    expect(stderr).toContain(`It has no scope: its tokens for ${api} only say who it is.`);
    expect(stderr).toContain('it is not shown again');
    expect((await done('client', 'show', 'plain')).grants).toEqual({ [api]: '' });
  });

  test('an update changes what it names and nothing else', async () => {
    await create('changed', '--scope', 'read', '--token-lifetime', '600');
    const before = await done('client', 'show', 'changed');
    const named = ['client', 'update', 'changed', '--name', 'A new name'];
    expect(await done(...named)).toEqual({
      ...before,
      client_name: 'A new name',
      updated_at: expect.any(Number),
    });
  });

  test('an update replaces a grant, adds one and takes one away', async () => {
    await create('granted', '--scope', 'read');
    const update = ['client', 'update', 'granted'];
    const added = await done(...update, '--scope', 'read write', '--grant', `${other}=scan`);
    expect(added.grants).toEqual({ [api]: 'read write', [other]: 'scan' });
    expect((await done(...update, '--remove-grant', api)).grants).toEqual({ [other]: 'scan' });
  });

  test('a lifetime and a method are set, and a lifetime unset', async () => {
    await create('lived', '--auth-method', 'client_secret_post');
    const update = ['client', 'update', 'lived'];
    const post = { token_endpoint_auth_method: 'client_secret_post' };
    const set = await done(...update, '--token-lifetime', '60');
    expect(set).toMatchObject({ ...post, access_token_lifetime: 60 });
    const unset = await done(...update, '--token-lifetime', 'default');
    expect(unset).toMatchObject(post);
    expect(unset).not.toHaveProperty('access_token_lifetime');
  });

  test('a client is disabled, enabled and deleted', async () => {
    await create('doomed');
    expect(await done('client', 'disable', 'doomed')).toMatchObject({ disabled: true });
    expect(await done('client', 'enable', 'doomed')).toMatchObject({ disabled: false });
    const times = { revoked_at: expect.any(Number), not_before: expect.any(Number) };
    const gone = { client_id: 'doomed', deleted: true, ...times, expires_at: expect.any(Number) };
    expect(await done('client', 'delete', 'doomed', '--yes')).toEqual(gone);
    const { clients } = await done('client', 'list');
    expect(clients.map((client: { client_id: string }) => client.client_id)).not.toContain(
      'doomed',
    );
  });

  test('a deletion asks at a terminal, and only yes means yes', async () => {
    await create('asked');
    const remove = (input: string) =>
      inProcess(['client', 'delete', 'asked', '--local'], { input, isTTY: true });
    const before = await contents();
    for (const reply of ['n\n', '\n', 'yesterday\n', '']) {
      const outcome = await remove(reply);
      expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
      expect(outcome.stderr).toContain('Delete the client asked (asked) and its secrets? [y/N]');
      expect(outcome.stderr).toContain('error: nothing was changed\n');
    }
    expect(await contents()).toEqual(before);
    expect(await remove('y\n')).toMatchObject({
      exitCode: 0,
      stdout: 'Deleted the client asked, and revoked its tokens.\n',
    });
    expect(await contents()).toHaveLength(before.length - 1);
  });

  test('a client may bear a name that JavaScript knows', async () => {
    expect(await create('__proto__')).toMatchObject({ client_id: '__proto__' });
    expect(await done('client', 'show', '__proto__')).toMatchObject({ client_id: '__proto__' });
  });
});
