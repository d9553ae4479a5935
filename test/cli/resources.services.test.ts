import { describe, expect, test } from 'vitest';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

const { contents } = await localDeployment();

const run = (...parameters: readonly string[]) => inProcess([...parameters, '--local', '--json']);

async function done(...parameters: readonly string[]) {
  const { exitCode, stdout, stderr } = await run(...parameters);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout);
}

async function defaults(): Promise<readonly string[]> {
  const list = await done('resource', 'list');
  const servers: { resource: string; default: boolean }[] = list.resource_servers;
  return servers.filter((server) => server.default).map(({ resource }) => resource);
}

const register = (uri: string, ...more: readonly string[]) =>
  done('resource', 'create', uri, '--scope', 'read write', ...more);

describe('F05 an identifier is brought into one form when it is registered', () => {
  test.for([
    ['HTTPS://API.Example.com/Orders', 'https://api.example.com/Orders'],
    ['https://one.example:443', 'https://one.example'],
    ['https://two.example:443/', 'https://two.example/'],
    ['http://three.example:80/a', 'http://three.example/a'],
    ['https://four.example:80/A%2fb', 'https://four.example:80/A%2fb'],
    ['URN:Example:Five', 'urn:Example:Five'],
    ['api://SIX/Path', 'api://six/Path'],
  ] as const)('%s is registered as %s, and that is said', async ([given, resource]) => {
    const outcome = await run('resource', 'create', given, '--scope', 'read');
    const { exitCode, stdout, stderr } = outcome;
    expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({ exitCode: 0, resource });
    const told = `It is registered as ${resource}, the aud of its tokens.\n`;
    expect(stderr).toBe(given === resource ? '' : told);
  });

  test.for(['https://x.example/', 'https://y.example', 'http://127.0.0.1:3001', 'spiffe://x/A'])(
    '%s stays as it is',
    async (uri) => {
      const { stdout, stderr } = await run('resource', 'create', uri, '--scope', 'read');
      expect({ ...JSON.parse(stdout), stderr }).toMatchObject({ resource: uri, stderr: '' });
    },
  );
});

test('a resource server that may not be the default is none, even as the first', async () => {
  expect(await register('urn:third', '--no-default')).toMatchObject({ default: false });
  await done('resource', 'delete', (await defaults())[0] ?? '', '--force', '--yes');
  expect(await register('urn:fourth', '--no-default')).toMatchObject({ default: false });
  expect(await defaults()).toEqual([]);
  expect(await register('https://api.example.com/Orders')).toMatchObject({ default: true });
});

test('the first resource server is the default until another is made it', async () => {
  expect(await defaults()).toEqual(['https://api.example.com/Orders']);
  expect(await register('urn:second', '--default')).toMatchObject({ default: true });
  expect(await defaults()).toEqual(['urn:second']);
  expect(await done('resource', 'update', 'urn:Example:Five', '--default')).toMatchObject({
    default: true,
    scope: 'read',
  });
  expect(await defaults()).toEqual(['urn:Example:Five']);
});

test('an update changes scope and lifetime, and tells who loses what', async () => {
  await register('urn:shrinking', '--token-lifetime', '600');
  for (const [id, scope] of [
    ['reader', 'read'],
    ['writer', 'read write'],
  ]) {
    const grant = ['--grant', `urn:shrinking=${scope}`];
    await done('client', 'create', '--name', 'N', '--client-id', String(id), ...grant);
  }
  const update = ['resource', 'update', 'urn:shrinking'];
  const { stdout, stderr } = await run(...update, '--scope', 'read scan');
  expect(JSON.parse(stdout)).toMatchObject({ scope: 'read scan', access_token_lifetime: 600 });
  const told =
    'The client writer loses write there, within the time of clientCache (30 s by default).\n';
  expect(stderr).toBe(told);
  const people = await inProcess([...update, '--scope', 'read scan', '--local']);
  expect(people.stderr).toBe(
    `${told}Tokens that are out keep what they say until they expire; \`countersign resource revoke-tokens urn:shrinking --local\` takes them back.\n`,
  );
  expect(await done(...update, '--token-lifetime', 'default')).not.toHaveProperty(
    'access_token_lifetime',
  );
});

test('a resource server that clients need goes by force, and their grants with it', async () => {
  await register('urn:needed');
  const grants = ['--grant', 'urn:needed=read', '--grant', 'urn:second=read'];
  await done('client', 'create', '--name', 'N', '--client-id', 'needy', ...grants);
  const before = await contents();
  const refused = await run('resource', 'delete', 'urn:needed', '--yes');
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  expect(refused.stderr).toMatch(/clients have grants for urn:needed, .*: needy\n$/);
  expect(await contents()).toEqual(before);

  const asked = await inProcess(['resource', 'delete', 'urn:needed', '--force', '--local'], {
    input: 'y\n',
    isTTY: true,
  });
  expect(asked).toMatchObject({
    exitCode: 0,
    stdout: 'Deleted urn:needed, and revoked the tokens for it.\n',
  });
  expect(asked.stderr).toContain('These clients lose their grants for it: needy. [y/N]');
  expect((await done('client', 'show', 'needy')).grants).toEqual({ 'urn:second': 'read' });
  await register('urn:needed');
  expect((await done('client', 'show', 'needy')).grants).toEqual({ 'urn:second': 'read' });
});

test('the default resource server goes by force, and leaves none', async () => {
  const [standard = ''] = await defaults();
  const refused = await run('resource', 'delete', standard, '--yes');
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  expect(refused.stderr).toMatch(/is the default resource server: make another one the default/);
  await done('resource', 'delete', standard, '--yes', '--force');
  expect(await defaults()).toEqual([]);
  expect(await register('urn:heir')).toMatchObject({ default: true });
});

test('people see resource servers in a table', async () => {
  const { stdout } = await inProcess(['resource', 'list', '--local']);
  expect(stdout).toMatch(/^RESOURCE +SCOPE +DEFAULT +TOKEN LIFETIME +CREATED\n/);
  expect(stdout).toMatch(/\nurn:heir +read write +yes +default +\d{4}-\d\d-\d\dT[\d:]{8}Z\n/);
});
