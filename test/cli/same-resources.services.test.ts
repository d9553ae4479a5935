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

const register = (uri: string) => done('resource', 'create', uri, '--scope', 'read write');

describe('F05 identifiers that are the same name one resource server', () => {
  test.for([
    ['https://seven.example/', 'https://seven.example'],
    ['https://eight.example/%7Ea', 'HTTPS://EIGHT.example:443/b/../~a'],
    ['api://nine', 'API://Nine/'],
  ] as const)('%s is registered, and %s refused by its name', async ([first, second]) => {
    await register(first);
    const before = await contents();
    const { exitCode, stdout, stderr } = await run('resource', 'create', second, '--scope', 'read');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/is registered already, as /);
    expect(stderr).toContain(`as ${first}, which is the same by RFC 3986`);
    expect(await contents()).toEqual(before);
  });

  test('each command finds it, and calls it as it is registered', async () => {
    const resource = 'https://ten.example/Mcp';
    const other = 'HTTPS://TEN.example:443/x/../Mcp';
    await register(resource);
    await register('urn:eleven');
    expect(await done('resource', 'show', other)).toMatchObject({ resource });
    expect(await done('resource', 'update', other, '--scope', 'read', '--default')).toMatchObject({
      resource,
      scope: 'read',
      default: true,
    });
    const grant = ['--grant', `${other}=read`, '--grant', 'urn:eleven=read'];
    const client = await done('client', 'create', '--name', 'N', '--client-id', 'ten', ...grant);
    expect(client.grants).toEqual({ [resource]: 'read', 'urn:eleven': 'read' });
    const update = ['client', 'update', 'ten'];
    expect((await done(...update, '--grant', `${other}=`)).grants).toMatchObject({
      [resource]: '',
    });
    expect((await done(...update, '--remove-grant', other)).grants).toEqual({
      'urn:eleven': 'read',
    });
    expect(await done('resource', 'delete', other, '--yes', '--force')).toMatchObject({ resource });
    expect((await run('resource', 'show', resource)).exitCode).toBe(1);
  });

  test('one is not granted twice, nor granted and removed', async () => {
    const twice = [
      '--grant',
      'https://seven.example=read',
      '--grant',
      'https://SEVEN.example/=read',
    ];
    const before = await contents();
    const created = await run('client', 'create', '--name', 'N', ...twice);
    expect(created).toMatchObject({ exitCode: 1, stdout: '' });
    expect(created.stderr).toContain('there are two grants for https://seven.example/');
    const [, first = '', , other = ''] = twice;
    const removal = ['--remove-grant', other.replace('=read', '')];
    const updated = await run('client', 'update', 'ten', '--grant', first, ...removal);
    expect(updated).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await contents()).toEqual(before);
  });

  test('a slash behind a path makes another one', async () => {
    await register('https://ten.example/mcp');
    expect(await register('https://ten.example/mcp/')).toMatchObject({ default: false });
  });
});
