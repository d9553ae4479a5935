import { afterAll, describe, expect, test, vi } from 'vitest';
import { startTestStack } from '../support/local-stack.ts';
import { countersign, inProcess } from './command.ts';

/** `countersign doctor` on the local stack, which is as it should be. */

const stack = await startTestStack();
vi.stubEnv('COUNTERSIGN_DIRECTORY', stack.directory);
afterAll(async () => {
  vi.unstubAllEnvs();
  await stack.stop();
});

const names = [
  'issuer',
  'jwk-set',
  'jwk-set-cache',
  'token',
  'challenge',
  'api-challenge',
  'api-metadata',
  'token-cache',
  'cors',
  'clock',
  'clock',
  'revocation',
  'revocation-list',
  'revoked-token',
  'default-endpoint',
  'authorizer-cache',
  'trust-rules',
  'version',
  'key-tags',
];

test('all is well, by the real command', async () => {
  const { exitCode, stdout, stderr } = await countersign(['doctor', '--local']);
  const looking = `Looking at ${stack.issuer} ...\nA token was revoked; looking where that is known ...\n`;
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: looking });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.slice(0, -2).map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual(
    names.map((name) => ['ok', name]),
  );
  expect(lines.slice(-2)).toEqual(['', '19 ok, 0 warnings, 0 problems, 0 not checked']);
  expect(stdout).toMatch(/authorizer-cache .+ of the stack CountersignDemoApi caches no answer/);
  // The local stack lets pages of this computer read them.
  expect(stdout).toMatch(/cors .+ and no page of a stranger what the token endpoint answers\.\n/);
});

test('--json gives the issuer and each finding', async () => {
  const { exitCode, stdout, stderr } = await inProcess(['doctor', '--local', '--json']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const { issuer, findings } = JSON.parse(stdout);
  expect(issuer).toBe(stack.issuer);
  expect(findings).toHaveLength(names.length);
  expect(findings[0]).toEqual({
    check: 'issuer',
    section: 'RFC 8414 §3.3',
    status: 'ok',
    what: `Both metadata documents say ${stack.issuer}, to the byte.`,
  });
});

test('nothing stays registered', async () => {
  const { stdout } = await inProcess(['client', 'list', '--local', '--json']);
  const clients: { readonly client_id: string }[] = JSON.parse(stdout).clients;
  expect(clients.map(({ client_id }) => client_id)).toEqual(['demo']);
});

test('an issuer alone tells less, and a named client more', async () => {
  const alone = await inProcess(['doctor', '--issuer', stack.issuer]);
  expect(alone).toMatchObject({ exitCode: 0, stderr: `Looking at ${stack.issuer} ...\n` });
  expect(alone.stdout).toMatch(/not checked +token +No client is named .+\n +Name one with/);
  expect(alone.stdout).toMatch(/\n9 ok, 0 warnings, 0 problems, 6 not checked\n$/);
  const named = ['--client-id', 'demo', '--resource', stack.api, '--api', stack.api];
  const input = `${stack.demoClient.client_secret}\n`;
  const more = await inProcess(['doctor', '--issuer', stack.issuer, ...named], { input });
  expect(more.exitCode).toBe(0);
  expect(more.stdout).toMatch(/\n13 ok, 0 warnings, 0 problems, 4 not checked\n$/);
});

test('problems are the answer, and exit code 1', async () => {
  const issuer = 'http://127.0.0.1:1';
  const { exitCode, stdout, stderr } = await countersign(['doctor', '--issuer', issuer]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: `Looking at ${issuer} ...\n` });
  expect(stdout).toMatch(/^problem +issuer +GET .+ failed: nothing listens there/);
  expect(stdout).toMatch(/\n {20,}Look whether the deployment runs.+ \(RFC 8414 §3\.3\)\n/);
  expect(stdout).toMatch(/\n0 ok, 0 warnings, 2 problems, \d+ not checked\n$/);
});

test('a client whose secret is wrong is a problem of the token', async () => {
  const parameters = ['doctor', '--local', '--json', '--client-id', 'demo'];
  const { exitCode, stdout, stderr } = await inProcess(parameters, { input: 'wrong' });
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  const { findings } = JSON.parse(stdout);
  expect(findings.find(({ check }: { check: string }) => check === 'token')).toMatchObject({
    status: 'problem',
    what: expect.stringMatching(/401 and no token to a registered client \(invalid_client: /),
    remedy: expect.stringMatching(/client show/),
  });
});

test('--resource is for the client that is registered for the examination too', async () => {
  const parameters = ['doctor', '--local', '--json', '--resource'];
  const known = await inProcess([...parameters, stack.api]);
  expect(known).toMatchObject({ exitCode: 0, stderr: '' });
  const unknown = await inProcess([...parameters, 'urn:example:unknown']);
  expect(unknown).toMatchObject({ exitCode: 1, stderr: '' });
  expect(unknown.stdout).toContain('there is no resource server urn:example:unknown');
});

test('I13: the API of the local stack refuses a revoked token within its ten seconds', async () => {
  const parameters = ['doctor', '--local', '--json', '--refuse-revoked-within', '10'];
  const { exitCode, stdout } = await inProcess(parameters);
  const findings: { readonly check: string; readonly what: string }[] = JSON.parse(stdout).findings;
  expect(exitCode).toBe(0);
  expect(findings.filter(({ check }) => check === 'revoked-token').map(({ what }) => what)).toEqual(
    [
      expect.stringMatching(/^A revoked token is in the revocation list \d\.\d s later\.$/),
      expect.stringMatching(/ refuses a revoked token \d\.\d s later\.$/),
    ],
  );
});

test('a secret in the environment alone is no wrong usage', async () => {
  vi.stubEnv('COUNTERSIGN_CLIENT_SECRET', 'of another command');
  const { exitCode } = await inProcess(['doctor', '--local', '--json']);
  vi.stubEnv('COUNTERSIGN_CLIENT_SECRET', undefined);
  expect(exitCode).toBe(0);
});

describe('wrong usage is one sentence and exit code 2:', () => {
  test.for<[string, readonly string[], RegExp]>([
    ['an issuer and --local', ['--issuer', 'https://a.example', '--local'], /^error: --issuer can/],
    ['an issuer and --stack', ['--issuer', 'https://a.example', '--stack', 'A'], /--issuer cannot/],
    [
      'a local stack in AWS',
      ['--local', '--api-stack', 'A'],
      /^error: --api-stack is for stacks in/,
    ],
    ['plain HTTP abroad', ['--issuer', 'http://a.example'], /^error: an issuer is an https URL/],
    ['an issuer with a query', ['--issuer', 'https://a.example?b'], /^error: an issuer is/],
    ['an API that is no URL', ['--local', '--api', 'orders'], /^error: an API is an https URL/],
    [
      'an API on plain HTTP',
      ['--local', '--api', 'http://a.example'],
      /^error: an API is an https/,
    ],
    [
      'a password in the URL of an API',
      ['--local', '--api', 'https://user:PW@a.example'],
      /^error: an API is an https URL without user and password/,
    ],
    ['an issuer with a blank', ['--issuer', `${stack.issuer} `], /^error: an issuer .+ blanks/],
    [
      'a secret of nobody',
      ['--local', '--client-secret', 'x'],
      /^error: --client-secret needs --cl/,
    ],
    [
      'a resource server for nobody',
      ['--issuer', 'https://a.example', '--resource', 'urn:a'],
      /^error: --resource needs --client-id/,
    ],
    ['a resource that is no URI', ['--local', '--resource', 'a'], /^error: a resource must be an/],
    ['an impossible stack', ['--api-stack', 'a b'], /^error: a stack name is/],
    ['a mistyped option', ['--locale'], /^error: unknown option '--locale' \(Did you mean --local/],
    [
      'no time at all',
      ['--local', '--refuse-revoked-within', '0'],
      /^error: it is 1 to 3600 seconds/,
    ],
    ['an argument', ['now'], /^error: too many arguments/],
    ['no secret', ['--local', '--client-id', 'demo'], /^error: no client secret was given/],
  ])('%s', async ([, parameters, sentence]) => {
    const { exitCode, stdout, stderr } = await inProcess(['doctor', ...parameters]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
  });
});

test('the help has examples, the exit codes and the global options', async () => {
  const { exitCode, stdout, stderr } = await inProcess(['doctor', '--help']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  for (const part of [
    '  $ countersign doctor --local',
    'Exit codes: 0',
    '--region',
    '--api-stack',
  ]) {
    expect(stdout).toContain(part);
  }
});
