import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { certificateThumbprint } from '../../functions/oauth/client-certificate.ts';
import { sharedStack } from '../support/shared-stack.ts';
import { inProcess } from './command.ts';

/** Commands about tokens that are of no use to a thief, against a deployment that requires nonces. */

const stack = await sharedStack({ dpopNonce: 'required', clientCache: '0' });
const path = (name: string) => join(stack.directory, name);
const key = path('dpop.pem');

beforeAll(async () => {
  vi.stubEnv('COUNTERSIGN_DIRECTORY', stack.directory);
  const { exitCode, stdout } = await inProcess(['keypair', '--out', key, '--json']);
  expect(exitCode).toBe(0);
  await writeFile(path('dpop.json'), stdout);
});

afterAll(() => void vi.unstubAllEnvs());

/** Runs a command that is to succeed, and reads its answer. */
async function done(...parameters: readonly string[]) {
  const outcome = await inProcess([...parameters, '--local', '--json']);
  expect(outcome).toMatchObject({ exitCode: 0 });
  return { ...JSON.parse(outcome.stdout), stderr: outcome.stderr };
}

const create = (client_id: string, ...more: readonly string[]) =>
  done(
    'client',
    'create',
    '--name',
    client_id,
    '--client-id',
    client_id,
    '--scope',
    'read',
    ...more,
  );
const thumbprint = async (name: string) => {
  const { keys } = JSON.parse(await readFile(path(name), 'utf8'));
  return calculateJwkThumbprint(keys[0]);
};

describe('client create and client update', () => {
  const bound = {
    dpop_bound_access_tokens: true,
    tls_client_certificate_bound_access_tokens: true,
  };
  const free = {
    dpop_bound_access_tokens: false,
    tls_client_certificate_bound_access_tokens: false,
  };

  test('D11, C04: --dpop and --mtls-bound are registered, shown, kept and taken away', async () => {
    expect(await create('bound', '--dpop', '--mtls-bound')).toMatchObject(bound);
    const shown = await inProcess(['client', 'show', 'bound', '--local']);
    expect(shown.stdout).toMatch(/tokens\s+bound to a key \(DPoP\) and its TLS certificate/);
    expect(await done('client', 'update', 'bound', '--name', 'Other')).toMatchObject(bound);
    const less = await done('client', 'update', 'bound', '--no-dpop', '--no-mtls-bound');
    expect(less).toMatchObject(free);
    expect((await inProcess(['client', 'show', 'bound', '--local'])).stdout).not.toMatch(
      /bound to/,
    );
    expect(await done('client', 'update', 'bound', '--dpop')).toMatchObject({
      ...free,
      dpop_bound_access_tokens: true,
    });
    expect(await create('free')).toMatchObject(free);
  });
});

describe('token --dpop', () => {
  const secret = ['--client-secret', ''] as [string, string];
  beforeAll(async () => {
    secret[1] = (await create('asking', '--dpop')).client_secret;
  });
  const token = (...parameters: readonly string[]) =>
    done('token', '--client-id', 'asking', ...secret, ...parameters);

  test('D09, D13: binds the token to the key in the file, and is told the nonce by itself', async () => {
    const answer = await token('--dpop', key);
    expect(answer).toMatchObject({
      token_type: 'DPoP',
      claims: { cnf: { jkt: await thumbprint('dpop.json') } },
      stderr: '',
    });
  });

  test('D09: without a file to a key of which nothing stays, and says so', async () => {
    const answer = await token('--dpop');
    expect(answer).toMatchObject({ token_type: 'DPoP', claims: { cnf: expect.anything() } });
    expect(answer.stderr).toMatch(/made for the occasion: nobody can use the token/);
  });

  test.for(['RS256', 'PS256', 'ES384', 'EdDSA', 'Ed25519'])('D03: by %s', async (alg) => {
    const file = path(`${alg}.pem`);
    expect(await inProcess(['keypair', '--alg', alg, '--out', file])).toMatchObject({
      exitCode: 0,
    });
    expect(await token('--dpop', file, '--dpop-alg', alg)).toMatchObject({ token_type: 'DPoP' });
  });

  test('D11: without it the refusal says what is missing', async () => {
    const outcome = await inProcess(['token', '--client-id', 'asking', ...secret, '--local']);
    expect(outcome).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'error: invalid_dpop_proof: the DPoP proof is not valid: there is none; bind the token with --dpop\n',
    });
  });

  test('C04: goes with a certificate that only binds', async () => {
    await done('client', 'update', 'asking', '--mtls-bound');
    const { demoClient, demoClientKey } = stack.tls;
    const answer = await token('--dpop', key, '--cert', demoClient, '--key', demoClientKey);
    const certificate = new X509Certificate(await readFile(demoClient));
    expect(answer.claims.cnf).toEqual({
      jkt: await thumbprint('dpop.json'),
      'x5t#S256': certificateThumbprint(certificate),
    });
    await done('client', 'update', 'asking', '--no-mtls-bound');
  });

  test.for<[string, readonly string[], string]>([
    ['--dpop-alg alone', ['--dpop-alg', 'ES256'], '--dpop-alg goes with --dpop'],
    ['no such file', ['--dpop', '/none/a'], 'cannot read /none/a: there is no such file'],
    [
      'another algorithm',
      ['--dpop', key, '--dpop-alg', 'RS256'],
      `the key in ${key} signs with ES256, not RS256`,
    ],
  ])('%s is wrong usage', async ([, parameters, sentence]) => {
    const words = ['token', '--client-id', 'asking', ...secret, ...parameters, '--local'];
    expect(await inProcess(words)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `error: ${sentence}\n`,
    });
  });
});

describe('dpop-proof', () => {
  const words = (htu: string) => ['dpop-proof', '--key', key, '--htm', 'GET', '--htu', htu];

  test('D17: a call by hand gets in with it', async () => {
    const { client_secret } = await create('curl');
    const bind = ['token', '--client-id', 'curl', '--client-secret', client_secret, '--dpop', key];
    const { access_token } = await done(...bind);
    const url = `${stack.api}/guarded`;
    const call = async (more: readonly string[]) => {
      const made = await inProcess([...words(url), '--access-token', access_token, ...more]);
      const headers = { authorization: `DPoP ${access_token}`, dpop: made.stdout.trim() };
      return fetch(url, { headers });
    };
    const first = await call([]);
    expect(first.status).toBe(401);
    expect((await call(['--nonce', String(first.headers.get('dpop-nonce'))])).status).toBe(200);
  });
});
