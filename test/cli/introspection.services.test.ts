import { beforeAll, describe, expect, test } from 'vitest';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** Who may introspect tokens, as an operator registers and sees it. */

await localDeployment();
const api = 'https://api.example.com';
const run = (...parameters: readonly string[]) => inProcess([...parameters, '--local']);

async function done(...parameters: readonly string[]) {
  const { exitCode, stdout, stderr } = await run(...parameters, '--json');
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout);
}

beforeAll(async () => {
  await done('resource', 'create', 'urn:first', '--scope', 'read');
});

describe('K01 resource create --introspection', () => {
  test('makes a client that may introspect its tokens and gets none, and tells its secret once', async () => {
    const create = ['resource', 'create', api, '--scope', 'read', '--introspection'];
    const { stdout, stderr } = await run(...create);
    const [, client_id = ''] =
      /\nclient_id +(\S+)\nclient_secret +countersign_\S{49}\n$/.exec(stdout) ?? [];
    expect(stdout).toMatch(/^resource +https:\/\/api\.example\.com\n/);
    expect(stderr).toBe('Keep the secret now: it is not shown again.\n');
    expect(await done('client', 'show', client_id)).toMatchObject({
      client_name: `Introspection for ${api}`,
      grants: {},
      introspection_resources: [api],
    });
  });

  test('the same for a program, and for an identifier that is longer than a name', async () => {
    const uri = `https://b.example/${'a'.repeat(400)}`;
    const json = await done('resource', 'create', uri, '--scope', 'read', '--introspection');
    expect(json).toMatchObject({
      resource: uri,
      client_id: expect.any(String),
      client_secret: expect.stringMatching(/^countersign_/),
      client_secret_expires_at: 0,
    });
    const client = await done('client', 'show', json.client_id);
    expect(client.client_name).toHaveLength(200);
    const { stderr } = await run('resource', 'delete', uri, '--yes');
    expect(stderr).toContain(
      `These clients can introspect nothing there any more: ${json.client_id}.\n`,
    );
    expect(await done('client', 'show', json.client_id)).toMatchObject({
      introspection_resources: [],
    });
  });
});

describe('K01 client create and client update --introspection', () => {
  const create = (id: string, ...more: readonly string[]) =>
    done('client', 'create', '--name', id, '--client-id', id, ...more);

  test('for any method; without a scope or a grant it gets no token', async () => {
    const both = [
      '--introspection',
      'urn:first',
      '--introspection',
      'HTTPS://api.example.com:443/',
    ];
    const tls = ['--tls-subject-dn', 'CN=gateway'];
    expect(await create('gateway', ...both, ...tls)).toMatchObject({
      token_endpoint_auth_method: 'tls_client_auth',
      grants: {},
      introspection_resources: ['urn:first', api],
    });
    expect(await create('caller', ...both, '--scope', 'read')).toMatchObject({
      grants: { 'urn:first': 'read' },
      introspection_resources: ['urn:first', api],
    });
    const named = ['client', 'create', '--name', 'N', '--introspection', api];
    expect((await run(...named)).stderr).toContain('It has no grant: it gets no token');
  });

  test('an update says all of them, or none, and leaves them where it does not speak of them', async () => {
    await create('changing', '--introspection', 'urn:first');
    const update = ['client', 'update', 'changing'];
    expect(await done(...update, '--introspection', api)).toMatchObject({
      introspection_resources: [api],
    });
    expect(await done(...update, '--name', 'N')).toMatchObject({ introspection_resources: [api] });
    const last = ['--no-introspection', '--introspection', 'urn:first'];
    expect(await done(...update, ...last)).toMatchObject({
      introspection_resources: ['urn:first'],
    });
    expect(await done(...update, '--no-introspection')).toMatchObject({
      introspection_resources: [],
    });
  });

  test('people see it', async () => {
    await create('seen', '--introspection', api);
    expect((await run('client', 'show', 'seen')).stdout).toMatch(
      /\ngrants +none: it gets no token\nintrospection +https:\/\/api\.example\.com\n/,
    );
    expect((await run('client', 'list')).stdout).toMatch(
      /\nseen +seen +enabled +client_secret_basic +https:\/\/api\.example\.com: introspection +\d/,
    );
    await create('unseen', '--scope', 'read');
    expect((await run('client', 'show', 'unseen')).stdout).not.toContain('introspection');
  });

  test.for([
    ['urn:nobody', 1, /there is no resource server urn:nobody/],
    ['api', 2, /a resource must be an absolute URI/],
    ['https://a.example#x', 2, /a resource must not have a fragment/],
  ] as const)('%s is refused', async ([uri, exitCode, sentence]) => {
    const outcome = await run('client', 'create', '--name', 'N', '--introspection', uri);
    expect(outcome).toMatchObject({ exitCode, stdout: '' });
    expect(outcome.stderr).toMatch(sentence);
  });
});
