import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AssertionChange, assertionForm, signAssertion } from '../support/assertions.ts';
import { json, type Reply, raw, startDocumentServer } from '../support/document-server.ts';
import { testKey } from '../support/test-key.ts';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** `client trust test`: whether a JWT would let a client in, which nobody else is shown for it. */

const stoppedAt = 1_700_000_000;
const now = () => stoppedAt;
const { contents, directory, file } = await localDeployment(now);
const platform = await startDocumentServer();
const iss = platform.url;
// ES256: an RSA signature may be above the modulus of another key, which is then not even tried.
const [key, stranger] = await Promise.all([testKey('ES256'), testKey('ES256')]);
const path = (name: string) => join(directory, name);
const metadata = '/.well-known/openid-configuration';

const hangUp: Reply = (response) => response.socket?.end('');

const job = {
  iss,
  sub: 'repo:octo-org/app:ref:refs/heads/main',
  repository: 'octo-org/app',
  run: { attempt: 1, actor: 'a' },
};
const rules = [
  { issuer: 'https://other.example', subject: 'somebody' },
  {
    issuer: iss,
    subject_glob: 'repo:octo-org/app:*',
    claims: { repository: 'octo-org/app', run: { attempt: 1 } },
    max_lifetime: 600,
  },
];

beforeAll(async () => {
  const done = async (...words: readonly string[]) =>
    expect(await inProcess([...words, '--local'], { now })).toMatchObject({ exitCode: 0 });
  const create = (id: string) => ['client', 'create', '--name', id, '--client-id', id];
  await done('resource', 'create', 'https://api.example.com', '--scope', 'read');
  await writeFile(path('rules.json'), JSON.stringify(rules));
  await done(...create('job'), '--trust', path('rules.json'), '--yes');
  await done(...create('secret'));
});
beforeEach(() => {
  platform.replies.set(metadata, json({ issuer: iss, jwks_uri: `${iss}/keys` }));
  platform.replies.set('/keys', json({ keys: [key.jwk] }));
  platform.requests.splice(0);
});
afterAll(platform.close);

async function jwt({ claims, ...change }: AssertionChange = {}, signer = key): Promise<string> {
  const times = { aud: file.issuer, iat: stoppedAt, exp: stoppedAt + 300 };
  return signAssertion(signer, { ...change, claims: { ...times, ...job, ...claims } });
}

async function ask(text: string, ...more: readonly string[]) {
  await writeFile(path('job.jwt'), `${text}\n`);
  const words = ['client', 'trust', 'test', 'job', '--jwt', path('job.jwt'), '--local', ...more];
  return inProcess(words, { now });
}

async function record(text: string) {
  const { exitCode, stdout, stderr } = await ask(text, '--json');
  expect(stderr).toBe('');
  return { exitCode, ...JSON.parse(stdout) };
}

/** What the real token endpoint answers to it. */
async function token(client_assertion: string): Promise<number> {
  const body = assertionForm(client_assertion, { client_id: 'job' });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return (await fetch(`${file.issuer}/token`, { method: 'POST', body, headers })).status;
}

describe('B03: a JWT that fits', () => {
  test('lets in, by the rule that it names', async () => {
    const { exitCode, stdout } = await ask(await jwt());
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^let in +yes, by rule 2\nsignature +verified by a key of the issuer\n/);
    expect(stdout).toMatch(/\ncounts +once: whether it was used before is not looked at\n/);
    expect(stdout).toMatch(
      /\nrule 1, for https:\/\/other\.example: does not agree\n +iss +expected/,
    );
    expect(stdout).toMatch(/\nrule 2, for http:\S+: agrees\n +iss +agrees/);
    expect(await record(await jwt())).toMatchObject({
      exitCode: 0,
      client_id: 'job',
      let_in: true,
      rule: 2,
      signature: { verified: true },
      rules: [{ agrees: false }, { agrees: true, single_use: true }],
    });
  });

  test('is asked for its keys alone, is not used up, and changes nothing', async () => {
    const before = await contents();
    const text = await jwt();
    await ask(text);
    await ask(text);
    expect(new Set(platform.requests)).toEqual(new Set([metadata, '/keys']));
    expect(await contents()).toEqual(before);
    expect(await token(text)).toBe(200);
    expect(await token(text)).toBe(400);
  });

  test('may come from standard input', async () => {
    const words = ['client', 'trust', 'test', 'job', '--jwt', '-', '--local'];
    expect(await inProcess(words, { now, input: await jwt() })).toMatchObject({ exitCode: 0 });
  });
});

describe('B03: a JWT that does not', () => {
  test.for<[string, Record<string, unknown>, string, string, string]>([
    [
      'sub',
      { sub: 'repo:octo-org/b:ref:a' },
      'sub',
      'repo:octo-org/app:*',
      'repo:octo-org/b:ref:a',
    ],
    [
      'aud',
      { aud: 'https://github.com/octo-org' },
      'aud',
      file.issuer,
      'https://github.com/octo-org',
    ],
    ['two audiences', { aud: [file.issuer, 'b'] }, 'aud', file.issuer, `["${file.issuer}","b"]`],
    [
      'exp',
      { exp: stoppedAt + 901 },
      'exp',
      'at most 600 seconds after iat',
      '901 seconds after iat',
    ],
    ['a claim', { repository: 'somebody/app' }, 'repository', 'octo-org/app', 'somebody/app'],
    ['no claim', { repository: undefined }, 'repository', 'octo-org/app', 'nothing'],
    ['a member', { run: { attempt: 2 } }, 'run', '{"attempt":1}', '{"attempt":2}'],
  ])('%s: tells what was expected, and what it had', async ([, claims, name, expected, had]) => {
    const text = await jwt({ claims });
    const { exitCode, stdout } = await ask(text);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^let in +no\nbecause +(?:no trust rule agrees: \w+|.*(?:assertion is not|lives for) .*)\nsignature +verified/,
    );
    const lines = stdout.split('\n');
    const at = lines.findLastIndex((line) => line.startsWith(`  ${name} `));
    expect(lines.slice(at, at + 2).map((line) => line.trim().replaceAll(/ +/g, ' '))).toEqual([
      `${name} expected ${expected}`,
      `had ${had}`,
    ]);
    expect(await token(text)).toBe(400);
  });

  test('of an issuer that no rule has is asked for no keys', async () => {
    const outcome = await record(await jwt({ claims: { iss: 'https://unknown.example' } }));
    expect(outcome).toMatchObject({
      exitCode: 1,
      let_in: false,
      signature: { verified: null, reason: expect.stringMatching('no trust rule has this issuer') },
      rules: [{ claims: [{ claim: 'iss' }] }, { claims: [{ claim: 'iss', agrees: false }] }],
    });
    expect(platform.requests).toEqual([]);
  });

  test('is signed by somebody else', async () => {
    const outcome = await record(await jwt({ header: { kid: key.kid } }, stranger));
    expect(outcome).toMatchObject({
      exitCode: 1,
      let_in: false,
      signature: { verified: false, reason: 'signature verification failed' },
      rules: [{}, { agrees: true }],
    });
  });

  test.for<[string, AssertionChange, RegExp]>([
    ['has expired', { claims: { iat: stoppedAt - 600, exp: stoppedAt - 300 } }, /exp/],
    ['does not count yet', { claims: { nbf: stoppedAt + 300, exp: stoppedAt + 400 } }, /nbf/],
    ['has no jti, and would count once', { claims: { jti: undefined } }, /no jti/],
  ])('%s, and its signature is right all the same', async ([, change, why]) => {
    const outcome = await record(await jwt(change));
    expect(outcome).toMatchObject({ exitCode: 1, let_in: false, signature: { verified: true } });
    expect(outcome.reason).toMatch(why);
  });

  test('has an nbf that is no time', async () => {
    expect(await record(await jwt({ claims: { nbf: 'x' } }))).toMatchObject({
      exitCode: 1,
      let_in: false,
      reason: 'nbf of the assertion is of a wrong type',
      signature: { verified: true },
    });
  });

  test('is of another type', async () => {
    const outcome = await record(await jwt({ header: { typ: 'at+jwt' } }));
    expect(outcome).toMatchObject({ exitCode: 1, let_in: false, signature: { verified: false } });
    expect(outcome.reason).toMatch('another type');
  });

  test('is for a client that is disabled', async () => {
    await inProcess(['client', 'disable', 'job', '--local'], { now });
    const outcome = await record(await jwt());
    await inProcess(['client', 'enable', 'job', '--local'], { now });
    expect(outcome).toMatchObject({ exitCode: 1, reason: 'the client is disabled' });
  });
});

describe('A24: keys that cannot be had', () => {
  test.for([
    ['a status', raw(503, {}, ''), 'the server answers 503'],
    ['another type', raw(200, { 'content-type': 'image/png' }, ''), 'the server answers with some'],
    ['no object', json(null), 'the server answers no object'],
    ['a connection that ends', hangUp, 'socket hang up'],
  ] as const)('are told of in words for people: %s', async ([, reply, sentence]) => {
    platform.replies.set('/keys', reply);
    const { stdout } = await ask(await jwt());
    expect(stdout).toMatch(`\nbecause    ${sentence}`);
    expect(stdout).toMatch(`\nsignature  NOT CHECKED: ${sentence}`);
  });

  test('leave it open whether a JWT that fits is let in', async () => {
    platform.replies.set('/keys', raw(503, {}, ''));
    const { exitCode, stdout } = await ask(await jwt());
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^let in +not known\nbecause +the server answers 503\n/);
    expect(stdout).toMatch(/\nsignature +NOT CHECKED: the server answers 503\n/);
    expect(stdout).toMatch(/\nrule 2, for http:\S+: agrees\n/);
    expect(await record(await jwt())).toMatchObject({
      let_in: null,
      signature: { verified: null },
    });
  });

  test('let in nothing that no rule fits', async () => {
    platform.replies.set('/keys', raw(503, {}, ''));
    const outcome = await record(await jwt({ claims: { repository: 'somebody/app' } }));
    expect(outcome).toMatchObject({
      exitCode: 1,
      let_in: false,
      reason: 'no trust rule agrees: repository',
      signature: { verified: null, reason: 'the server answers 503' },
    });
  });
});

test('what others have written is shown as it is, on its line', async () => {
  const repository = 'octo-org/\u001b[2K\u202eapp\nrule 3';
  const { stdout } = await ask(await jwt({ claims: { repository, sub: 'a'.repeat(300) } }));
  expect(stdout).toContain('octo-org/\\u001b[2K\\u202eapp\\u000arule 3');
  expect(stdout).toContain(`${'a'.repeat(200)}...\n`);
  expect(stdout).not.toMatch(/^rule 3/m);
});

test.for<[string, readonly string[], string, number, RegExp]>([
  ['a client with a secret', ['secret'], 'a.b.c', 1, /by client_secret_basic, and has no trust ru/],
  ['no such client', ['nobody'], 'a.b.c', 1, /^error: there is no client nobody/],
  ['no JWT', ['job'], 'a.b.c', 2, /^error: standard input holds no signed JWT\n$/],
  ['nothing', ['job'], '', 2, /^error: standard input holds no signed JWT\n$/],
])('%s: one sentence', async ([, words, input, exitCode, sentence]) => {
  const given = ['client', 'trust', 'test', ...words, '--jwt', '-', '--local'];
  const outcome = await inProcess(given, { now, input });
  expect(outcome).toMatchObject({ exitCode, stdout: '' });
  expect(outcome.stderr).toMatch(sentence);
});
