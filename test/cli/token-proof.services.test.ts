import { createPublicKey } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { assertionAlgorithms, signAssertion } from '../support/assertions.ts';
import { json, startDocumentServer } from '../support/document-server.ts';
import { testKey } from '../support/test-key.ts';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';
import { unusableKeys } from './unusable-keys.ts';

const { directory, file } = await localDeployment();
const platform = await startDocumentServer();
const platformKey = await testKey('RS256');
const path = (name: string) => join(directory, name);

/** Runs a command that is to succeed, and reads its answer. */
async function answer(parameters: readonly string[], input = '') {
  const outcome = await inProcess([...parameters, '--json'], { input });
  expect(outcome).toMatchObject({ exitCode: 0 });
  return { ...JSON.parse(outcome.stdout), stderr: outcome.stderr };
}

const create = (client_id: string, ...method: readonly string[]) =>
  answer(['client', 'create', '--name', client_id, '--client-id', client_id, ...method, '--local']);

const token = (client_id: string, ...parameters: readonly string[]) =>
  inProcess(['token', '--client-id', client_id, '--local', '--json', ...parameters]);

/** Makes a key pair and registers a client with it. */
async function keyClient(client_id: string, alg: string): Promise<string> {
  const { stdout } = await inProcess(['keypair', '--alg', alg, '--out', path(`${client_id}.pem`)]);
  await writeFile(path(`${client_id}.json`), stdout);
  await create(client_id, '--jwks', path(`${client_id}.json`));
  return path(`${client_id}.pem`);
}

/** A JWT as a pod finds it in its file, where it is good for an hour. */
async function podToken(name: string, change = {}): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: platform.url,
    sub: 'system:serviceaccount:shop:billing',
    aud: [file.issuer],
    iat,
    exp: iat + 3600,
    ...change,
  };
  await writeFile(path(name), `${await signAssertion(platformKey, { claims })}\n`);
  return path(name);
}

beforeAll(async () => {
  const jwks_uri = `${platform.url}/keys`;
  const metadata = { issuer: platform.url, jwks_uri };
  platform.replies.set('/.well-known/openid-configuration', json(metadata));
  platform.replies.set('/keys', json({ keys: [platformKey.jwk] }));
  await inProcess(['resource', 'create', 'https://api.example.com', '--scope', 'read', '--local']);
});

afterAll(async () => {
  await platform.close();
  vi.unstubAllEnvs();
});

describe('--private-key', () => {
  test.for(assertionAlgorithms)('B03: a key pair for %s is a way in', async (alg) => {
    const key = await keyClient(alg, alg);
    const outcome = await token(alg, '--private-key', key, '--alg', alg);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toMatchObject({ claims: { client_id: alg } });
  });

  test('needs no --alg where the key has one algorithm alone', async () => {
    const key = await keyClient('one', 'ES384');
    expect(await token('one', '--private-key', key)).toMatchObject({ exitCode: 0 });
  });

  test('--kid names a key that was registered under a name of its own', async () => {
    const key = await keyClient('before', 'ES256');
    const { keys } = JSON.parse(await readFile(path('before.json'), 'utf8'));
    await writeFile(path('named.json'), JSON.stringify({ keys: [{ ...keys[0], kid: 'mine' }] }));
    await create('named', '--jwks', path('named.json'));
    expect(await token('named', '--private-key', key)).toMatchObject({ exitCode: 1 });
    const outcome = await token('named', '--private-key', key, '--kid', 'mine');
    expect(outcome).toMatchObject({ exitCode: 0 });
  });

  test('B09: a key that was registered in PEM is a way in, by any kid and without --alg', async () => {
    const key = path('pem.pem');
    await inProcess(['keypair', '--alg', 'RS512', '--out', key]);
    const publicKey = createPublicKey(await readFile(key)).export({ format: 'pem', type: 'spki' });
    await writeFile(path('pem.pub'), publicKey);
    await create('pem', '--jwks', path('pem.pub'));
    for (const more of [[], ['--alg', 'PS384'], ['--kid', 'my-key-1']]) {
      expect(await token('pem', '--private-key', key, ...more)).toMatchObject({ exitCode: 0 });
    }
  });

  test('is a note when others can read the file', async () => {
    const key = await keyClient('open', 'ES256');
    await chmod(key, 0o640);
    const { exitCode, stderr } = await token('open', '--private-key', key);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: `others can read or change ${key}, which holds a private key: chmod 600 ${key}\n`,
    });
  });

  test('a secret in the environment is not used', async () => {
    const key = await keyClient('both', 'ES256');
    vi.stubEnv('COUNTERSIGN_CLIENT_SECRET', 'of-another-client');
    const outcome = await token('both', '--private-key', key);
    vi.stubEnv('COUNTERSIGN_CLIENT_SECRET', undefined);
    expect(outcome).toMatchObject({ exitCode: 0 });
  });

  test("another client's key is refused in the words of the server", async () => {
    await keyClient('mine', 'ES256');
    const other = await keyClient('other', 'ES256');
    const outcome = await token('mine', '--private-key', other);
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^error: invalid_client: [^\n]+\n$/);
  });

  test.for(unusableKeys)('of %s is wrong usage', async ([, content, sentence]) => {
    await writeFile(path('bad.pem'), content, { mode: 0o600 });
    const outcome = await token('anyone', '--private-key', path('bad.pem'));
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toMatch(/^error: [^\n]+\n$/);
    expect(outcome.stderr).toMatch(sentence);
  });

  test('with an algorithm that does not fit is wrong usage', async () => {
    const key = await keyClient('unfit', 'ES256');
    const outcome = await token('unfit', '--private-key', key, '--alg', 'RS256');
    expect(outcome).toMatchObject({
      exitCode: 2,
      stderr: `error: the key in ${key} signs with ES256, not RS256\n`,
    });
  });
});

describe('a refusal says why to whoever has the right key', () => {
  test('of a client that signs: that it is disabled', async () => {
    const key = await keyClient('closed', 'ES256');
    await answer(['client', 'disable', 'closed', '--local']);
    const { exitCode, stderr } = await token('closed', '--private-key', key);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining(
        'invalid_client: client authentication failed: the client is disabled\n',
      ),
    });
    const other = await keyClient('outsider', 'ES256');
    const strange = await token('closed', '--private-key', other);
    expect(strange.stderr).toContain('invalid_client: client authentication failed\n');
  });
});

describe('--assertion', () => {
  beforeAll(async () => {
    await create('pod', '--kubernetes', `${platform.url}:shop:billing`);
  });

  test('B03: the JWT of a pod is a way in, more than once, with a line break behind it', async () => {
    const assertion = await podToken('pod.jwt');
    const first = await token('pod', '--assertion', assertion);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await token('pod', '--assertion', assertion)).toMatchObject({ exitCode: 0 });
  });

  test('- is standard input', async () => {
    const input = await readFile(await podToken('stdin.jwt'), 'utf8');
    const parameters = ['token', '--client-id', 'pod', '--local', '--assertion', '-'];
    expect(await inProcess(parameters, { input })).toMatchObject({ exitCode: 0 });
  });

  test.for([
    ['another pod', { sub: 'system:serviceaccount:shop:orders' }, /failed\n$/],
    [
      'another server',
      { aud: ['https://kubernetes.default.svc'] },
      /failed: aud of the assertion is not http.*; aud is \[https:\/\/kubernetes.default.svc\]\n$/,
    ],
    [
      'a week',
      { exp: Math.floor(Date.now() / 1000) + 604_800 },
      /failed: the assertion lives for 604\d{3} seconds, and may for 172800 \(exp\)\n$/,
    ],
  ] as const)(
    'B03: one for %s is refused, and the right pod is told why',
    async ([, change, why]) => {
      const outcome = await token('pod', '--assertion', await podToken('bad.jwt', change));
      expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
      expect(outcome.stderr).toMatch(/^error: invalid_client: client authentication /);
      expect(outcome.stderr).toMatch(why);
    },
  );

  test.for(['', 'ey', 'ey.ey', 'a b.c.d', 'a.b.c.d', '{"iss":"a"}'])(
    'of a file with %j is wrong usage',
    async (content) => {
      await writeFile(path('bad.jwt'), content);
      const outcome = await token('pod', '--assertion', path('bad.jwt'));
      const stderr = `error: ${path('bad.jwt')} holds no signed JWT\n`;
      expect(outcome).toEqual({ exitCode: 2, stdout: '', stderr });
    },
  );

  test('B08: --trust makes a rule by which a JWT counts once', async () => {
    const rule = { platform: 'oidc', issuer: platform.url, subject: 'job' };
    await writeFile(path('rule.json'), JSON.stringify(rule));
    await create('job', '--trust', path('rule.json'));
    const assertion = await podToken('job.jwt', { sub: 'job' });
    expect(decodeJwt(await readFile(assertion, 'utf8'))).toHaveProperty('jti');
    expect(await token('job', '--assertion', assertion)).toMatchObject({ exitCode: 0 });
    expect(await token('job', '--assertion', assertion)).toMatchObject({ exitCode: 1 });
  });
});

describe('--svid', () => {
  test('B03: the JWT-SVID of a workload is a way in, by its SPIFFE ID as client_id', async () => {
    const sub = 'spiffe://example.org/billing';
    const bundle = { keys: [{ ...platformKey.jwk, use: 'jwt-svid' }], spiffe_refresh_hint: 300 };
    platform.replies.set('/bundle.json', json(bundle));
    const by = ['--spiffe-id', sub, '--spiffe-bundle-endpoint', `${platform.url}/bundle.json`];
    await answer(['client', 'create', '--name', 'Svid', ...by, '--local']);
    const svid = await podToken('svid.jwt', { iss: undefined, jti: undefined, sub });
    for (const _ of [1, 2]) expect(await token(sub, '--svid', svid)).toMatchObject({ exitCode: 0 });
    expect(await token(sub, '--assertion', svid)).toMatchObject({ exitCode: 1 });
  });
});

describe('--secret-in-body', () => {
  test('A10: a client_secret_post client may send its secret by Basic or in the body', async () => {
    const { client_secret } = await create('post', '--auth-method', 'client_secret_post');
    const secret = ['--client-secret', client_secret];
    expect(await token('post', ...secret)).toMatchObject({ exitCode: 0 });
    expect(await token('post', ...secret, '--secret-in-body')).toMatchObject({ exitCode: 0 });
  });
});

test.for<[string, readonly string[], string]>([
  [
    'a key and an assertion',
    ['--private-key', 'a', '--assertion', 'b'],
    'a client authenticates in one way: --private-key or --assertion',
  ],
  [
    'a secret and a key',
    ['--client-secret', 'a', '--private-key', 'b', '--cert', 'c', '--key', 'd'],
    'a client authenticates in one way: --private-key or --client-secret',
  ],
  [
    'an assertion in the body',
    ['--assertion', 'a', '--secret-in-body'],
    'a client authenticates in one way: --assertion or --secret-in-body',
  ],
  ['--alg alone', ['--alg', 'ES256'], '--alg goes with --private-key'],
  ['--kid alone', ['--kid', 'a'], '--kid goes with --private-key'],
  ['--cert alone', ['--cert', 'a'], '--cert goes with --key'],
  ['--key alone', ['--key', 'a'], '--key goes with --cert'],
  ['--ca alone', ['--ca', 'a'], '--ca goes with --cert'],
  ['no such file', ['--private-key', '/none/a'], 'cannot read /none/a: there is no such file'],
  ['a folder', ['--assertion', '/'], 'cannot read /: it is a folder'],
])('%s is wrong usage', async ([, parameters, sentence]) => {
  const outcome = await token('anyone', ...parameters);
  expect(outcome).toEqual({ exitCode: 2, stdout: '', stderr: `error: ${sentence}\n` });
});
