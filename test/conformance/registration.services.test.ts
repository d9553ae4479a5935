import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { inProcess } from '../cli/command.ts';
import { localDeployment } from '../cli/local-deployment.ts';
import type { CountersignCommand } from './registered-client.ts';
import { register } from './registration.ts';
import { type ClientName, planOf } from './throw-away.ts';

const api = 'https://api.example.com';
const { contents, file } = await localDeployment();

/** The real command on a real registry. */
const command: CountersignCommand = async (parameters) => {
  const { exitCode, stdout, stderr } = await inProcess([...parameters, '--local', '--json']);
  if (exitCode === 0) return JSON.parse(stdout);
  throw new Error(stderr.trim().replace(/^error: /, ''));
};

/** The same, but for the commands that begin so. */
const failing =
  (...start: readonly string[]): CountersignCommand =>
  async (parameters) => {
    if (start.every((word, index) => parameters[index] === word)) throw new Error('no network');
    return await command(parameters);
  };

const newRun = (): string => randomBytes(4).toString('hex');
const everyClient: readonly ClientName[] = [
  ...(['basic', 'post', 'several', 'bare', 'brief', 'bookkeeper'] as const),
  ...(['disabled', 'revoked', 'guessed', 'caller', 'onlooker', 'signer'] as const),
];

await command(['resource', 'create', api, '--scope', 'read write']);
const before = await contents();

test('every client is registered as planned, and everything is taken away again', async () => {
  const run = newRun();
  const plan = { run, api, names: everyClient };
  const { clients, trouble, resources, remove } = await register(command, plan);
  expect([...trouble]).toEqual([]);
  expect([...clients.keys()].sort()).toEqual([...everyClient].sort());
  const uris = { api, ...Object.fromEntries(resources) };
  for (const [name, { client_id }] of clients) {
    const { authMethod = 'client_secret_basic', tokenLifetime, grants } = planOf(name);
    const planned = Object.entries(grants).map(([key, scope]) => [
      uris[key as keyof typeof uris],
      scope === '*' ? 'read write' : scope,
    ]);
    expect(await command(['client', 'show', client_id])).toMatchObject({
      client_id: `conformance-${run}-${name}`,
      token_endpoint_auth_method: authMethod,
      ...(tokenLifetime && { access_token_lifetime: tokenLifetime }),
      disabled: name === 'disabled',
      grants: Object.fromEntries(planned),
    });
  }
  expect(await remove()).toEqual([]);
  expect(await contents()).toEqual(before);
});

test('the secret that is known gets tokens, unless the client is disabled or it is revoked', async () => {
  const names = ['basic', 'disabled', 'revoked'] as const;
  const { clients, remove } = await register(command, { run: newRun(), api, names });
  const statuses = await Promise.all(names.map((name) => statusOfToken(clients.get(name))));
  expect(statuses).toEqual([200, 401, 401]);
  expect(await remove()).toEqual([]);
});

test('a client that cannot be registered leaves its trouble, and the others are there', async () => {
  const run = newRun();
  const names = ['basic', 'post', 'bare'] as const;
  await command(['client', 'create', '--name', 'taken', '--client-id', `conformance-${run}-post`]);
  const { clients, trouble, remove } = await register(command, { run, api, names });
  expect([...clients.keys()].sort()).toEqual(['bare', 'basic']);
  expect([...trouble]).toEqual([['post', expect.stringMatching(/conformance-\w+-post/)]]);
  expect(await remove()).toEqual([]);
  expect(await contents()).toEqual(before);
});

test('a client for an API that is not registered leaves its trouble', async () => {
  const names = ['basic', 'caller'] as const;
  const plan = { run: newRun(), names, api: 'https://unknown.example' };
  const { clients, trouble, remove } = await register(command, plan);
  expect([...clients.keys()]).toEqual(['basic']);
  expect(trouble.get('caller')).toMatch(/unknown\.example/);
  expect(await remove()).toEqual([]);
  expect(await contents()).toEqual(before);
});

test('without its resource servers no client is registered', async () => {
  const names = ['basic', 'post'] as const;
  const broken = failing('resource', 'create');
  const { clients, trouble, remove } = await register(broken, { run: newRun(), api, names });
  expect([...clients]).toEqual([]);
  expect([...trouble]).toEqual(names.map((name) => [name, 'no network']));
  expect(await remove()).toEqual([]);
  expect(await contents()).toEqual(before);
});

test('a client that is only half made is taken away as well', async () => {
  const broken = failing('client', 'disable');
  const plan = { run: newRun(), api, names: ['disabled'] } as const;
  const { clients, trouble, remove } = await register(broken, plan);
  expect([[...clients], [...trouble]]).toEqual([[], [['disabled', 'no network']]]);
  expect(await remove()).toEqual([]);
  expect(await contents()).toEqual(before);
});

test('what cannot be taken away is told as the commands that do it', async () => {
  const run = newRun();
  const broken = failing('client', 'delete');
  const { remove } = await register(broken, { run, api, names: ['basic', 'post'] });
  const left = await remove();
  expect([...left].sort()).toEqual([
    `client delete conformance-${run}-basic --yes`,
    `client delete conformance-${run}-post --yes`,
  ]);
  for (const parameters of left) await command(parameters.split(' '));
  expect(await contents()).toEqual(before);
});

test('nothing is registered for no clients', async () => {
  const { clients, remove } = await register(failing(), { run: newRun(), api, names: [] });
  expect([...clients]).toEqual([]);
  expect(await remove()).toEqual([]);
});

async function statusOfToken(client: { client_id: string; client_secret: string } | undefined) {
  const credentials = `${client?.client_id}:${client?.client_secret}`;
  const answer = await fetch(`${file.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return answer.status;
}
