import { createServer, type RequestListener } from 'node:http';
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { close, listen } from '../../local/io/http-server.ts';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

const { file } = await localDeployment();
const api = 'https://api.example.com';
let client_secret = '';

const run = (parameters: readonly string[], options = {}) =>
  inProcess(['token', '--client-id', 'billing', ...parameters], options);

beforeAll(async () => {
  for (const uri of [api, 'urn:other']) {
    await inProcess(['resource', 'create', uri, '--scope', 'read write', '--local']);
  }
  const named = ['--name', 'Billing', '--client-id', 'billing', '--scope', 'read write'];
  const created = await inProcess(['client', 'create', ...named, '--local', '--json']);
  client_secret = JSON.parse(created.stdout).client_secret;
});

test('a token without scope is shown as one, and its answer as it is', async () => {
  const named = ['--name', 'Bare', '--client-id', 'bare', '--local', '--json'];
  const created = await inProcess(['client', 'create', ...named]);
  const input = JSON.parse(created.stdout).client_secret;
  const ask = ['token', '--client-id', 'bare', '--local'];
  expect((await inProcess(ask, { input })).stdout).toMatch(/^scope +\(no scope\)$/m);
  const shown = JSON.parse((await inProcess([...ask, '--json'], { input })).stdout);
  expect(shown).not.toHaveProperty('scope');
  expect(shown.claims).not.toHaveProperty('scope');
});

describe('the secret comes from', () => {
  const local = ['--local', '--json'];
  const good = { exitCode: 0, stderr: '' };

  test('the option', async () => {
    expect(await run([...local, '--client-secret', client_secret])).toMatchObject(good);
  });

  test('COUNTERSIGN_CLIENT_SECRET', async () => {
    vi.stubEnv('COUNTERSIGN_CLIENT_SECRET', client_secret);
    const outcome = await run(local);
    vi.stubEnv('COUNTERSIGN_CLIENT_SECRET', undefined);
    expect(outcome).toMatchObject(good);
  });

  test.for(['', '\n', '\r\n'])('standard input, with %j behind it', async (end) => {
    expect(await run(local, { input: client_secret + end })).toMatchObject(good);
  });

  test('a person, who sees for whom it is, and does not appear on the screen', async () => {
    const outcome = await run(local, { input: `${client_secret}\n`, isTTY: true });
    expect(outcome).toMatchObject({ exitCode: 0, stderr: `client secret for ${file.issuer}/: \n` });
    expect(outcome.stdout).not.toContain(client_secret);
  });
});

test('--scope and --resource go to the token endpoint as they are', async () => {
  const asked = ['--scope', 'read', '--resource', api];
  const outcome = await run(['--local', '--json', ...asked], { input: client_secret });
  expect(JSON.parse(outcome.stdout)).toMatchObject({ scope: 'read', claims: { aud: api } });
});

test('--issuer asks a token endpoint without a deployment at hand', async () => {
  const outcome = await run(['--issuer', file.issuer, '--json'], { input: client_secret });
  expect(JSON.parse(outcome.stdout)).toMatchObject({ claims: { iss: file.issuer } });
});

test.for([
  ['a wrong secret', [], 'wrong', /^error: invalid_client: .+\n$/],
  ['a scope that it may not', ['--scope', 'delete'], undefined, /^error: invalid_scope: .+\n$/],
  ['an API that it may not', ['--resource', 'urn:other'], undefined, /^error: invalid_target: /],
] as const)('%s is refused in the words of the server', async ([, more, secret, sentence]) => {
  const outcome = await run(['--local', '--json', ...more], { input: secret ?? client_secret });
  expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
  expect(outcome.stderr).toMatch(sentence);
});

describe('an issuer of somebody else', () => {
  const metadata = (token_endpoint: string, issuer: string) =>
    JSON.stringify({ issuer, token_endpoint, response_types_supported: [] });
  const wellKnown = '/.well-known/oauth-authorization-server';

  /** An issuer whose metadata is right and whose token endpoint says this. */
  const tokenEndpoint =
    (status: number, body: string): RequestListener =>
    ({ url, headers }, response) => {
      const issuer = `http://${headers.host}`;
      response.setHeader('content-type', 'application/json');
      if (url === wellKnown) return void response.end(metadata(`${issuer}/token`, issuer));
      response.writeHead(status).end(body);
    };

  test.for<[string, RequestListener, RegExp]>([
    ['no metadata', (_, response) => void response.writeHead(404).end(), /does not answer as an/],
    [
      'another issuer',
      (_, response) => {
        response.setHeader('content-type', 'application/json');
        response.end(metadata('https://a.example/token', 'https://a.example'));
      },
      /does not answer as an issuer/,
    ],
    [
      'a token endpoint abroad over plain HTTP',
      ({ headers }, response) => {
        response.setHeader('content-type', 'application/json');
        response.end(metadata('http://192.0.2.1/token', `http://${headers.host}`));
      },
      /does not answer as an issuer: only requests to HTTPS are allowed/,
    ],
    ['HTML', tokenEndpoint(502, '<html>'), /answered 502 and neither a token nor an error/],
    [
      'a throttle before the token endpoint',
      tokenEndpoint(429, '{"message":"Too Many Requests"}'),
      /^error: the token endpoint answers 429: it gets more requests than its throttle lets through; try again in a moment\n$/,
    ],
    [
      'a throttle that answers in HTML',
      tokenEndpoint(429, '<html>'),
      /^error: the token endpoint answers 429: it gets more requests/,
    ],
    [
      'a throttle before the metadata',
      (_, response) => void response.writeHead(429).end('{"message":"Too Many Requests"}'),
      /^error: the metadata of http:\S+ answers 429: it gets more requests/,
    ],
    [
      'a client that is locked out',
      tokenEndpoint(429, '{"error":"temporarily_unavailable","error_description":"wait"}'),
      /^error: temporarily_unavailable: wait\n$/,
    ],
    ['null', tokenEndpoint(200, 'null'), /answered 200 and neither a token nor an error/],
    ['no JWT', tokenEndpoint(200, '{"access_token":"opaque"}'), /the access token is no JWT/],
    [
      'a terminal escape',
      tokenEndpoint(400, '{"error":"invalid_scope","error_description":"a\\u001b[2Jb"}'),
      /^error: invalid_scope: a\\u001b\[2Jb\n$/,
    ],
    [
      'a busy server',
      tokenEndpoint(503, '{"error":"temporarily_unavailable"}'),
      /^error: temporarily_unavailable\n$/,
    ],
  ])('%s is one sentence', async ([, listener, sentence]) => {
    const server = createServer(listener);
    const issuer = `http://127.0.0.1:${await listen(server)}`;
    const outcome = await run(['--issuer', issuer], { input: client_secret });
    await close(server);
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^error: [^\n]+\n$/);
    expect(outcome.stderr).toMatch(sentence);
  });

  test.for([
    ['leaves scope out of its answer', { scope: 'read' }, {}, 'read'],
    ['leaves scope out of its tokens', {}, { scope: 'read' }, 'read'],
    ['has the empty scope in both', { scope: '' }, { scope: '' }, '(no scope)'],
  ] as const)('the scope of a token is shown where it %s', async ([, claims, more, shown]) => {
    const access_token = new UnsecuredJWT(claims).encode();
    const server = createServer(tokenEndpoint(200, JSON.stringify({ access_token, ...more })));
    const issuer = `http://127.0.0.1:${await listen(server)}`;
    const { stdout } = await run(['--issuer', issuer], { input: client_secret });
    await close(server);
    expect(stdout).toMatch(new RegExp(`^scope +${RegExp.escape(shown)}$`, 'm'));
  });

  test('nobody there is one sentence', async () => {
    const issuer = 'http://127.0.0.1:1';
    expect(await run(['--issuer', issuer], { input: client_secret })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: the issuer ${issuer}/ cannot be reached\n`,
    });
  });
});

afterAll(() => vi.unstubAllEnvs());
