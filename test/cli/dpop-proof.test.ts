import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  EmbeddedJWK,
  jwtVerify,
} from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { athOf } from '../support/dpop.ts';
import { inProcess } from './command.ts';

/** `countersign dpop-proof`, which needs no deployment. */

const directory = await mkdtemp(join(tmpdir(), 'countersign-'));
afterAll(() => rm(directory, { recursive: true }));
const key = join(directory, 'dpop.pem');
let thumbprint = '';

beforeAll(async () => {
  const { exitCode, stdout } = await inProcess(['keypair', '--out', key, '--json']);
  expect(exitCode).toBe(0);
  thumbprint = await calculateJwkThumbprint(JSON.parse(stdout).keys[0]);
});

describe('dpop-proof', () => {
  const words = (htu: string) => ['dpop-proof', '--key', key, '--htm', 'GET', '--htu', htu];

  test('D02, D14: makes a proof that verifies with the key in it', async () => {
    const htu = 'https://api.example.com/orders?page=2#top';
    const outcome = await inProcess([...words(htu), '--access-token', '-', '--nonce', 'n'], {
      input: 'mF_9.B5f-4.1JqM\n',
      now: () => 1_700_000_000,
    });
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    const proof = outcome.stdout.trim();
    const { payload } = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt' });
    expect(payload).toEqual({
      jti: expect.stringMatching(/^[\w-]{36}$/),
      htm: 'GET',
      htu: 'https://api.example.com/orders',
      iat: 1_700_000_000,
      ath: athOf('mF_9.B5f-4.1JqM'),
      nonce: 'n',
    });
    expect(decodeProtectedHeader(proof).jwk).not.toHaveProperty('d');
  });

  test('D02: says no more than it is told to', async () => {
    const { stdout } = await inProcess([...words('https://api.example.com'), '--json']);
    const { proof, jkt } = JSON.parse(stdout);
    expect(Object.keys(decodeJwt(proof)).sort()).toEqual(['htm', 'htu', 'iat', 'jti']);
    expect(jkt).toBe(thumbprint);
  });

  test.for<[string, readonly string[], RegExp]>([
    ['no key', ['--htm', 'GET', '--htu', 'https://a.example'], /required option '--key <file>'/],
    ['no method', ['--key', key, '--htu', 'https://a.example'], /required option '--htm/],
    ['no URL', ['--key', key, '--htm', 'GET'], /required option '--htu/],
    [
      'a method in small letters',
      ['--key', key, '--htm', 'get', '--htu', 'https://a.example'],
      /a method is written in capital letters/,
    ],
    [
      'a URL that is none',
      ['--key', key, '--htm', 'GET', '--htu', 'a.example'],
      /a URL is an http or https one/,
    ],
    [
      'a URL with a password',
      ['--key', key, '--htm', 'GET', '--htu', 'https://a:b@c.example'],
      /a URL is an http or https one/,
    ],
    [
      'an empty nonce',
      [...words('https://a.example').slice(1), '--nonce', ''],
      /a nonce is what DPoP-Nonce has/,
    ],
    [
      'a token that is none',
      [...words('https://a.example').slice(1), '--access-token', 'a b'],
      /--access-token is no access token/,
    ],
    [
      'an input for two',
      ['--key', '-', '--htm', 'GET', '--htu', 'https://a.example', '--access-token', '-'],
      /standard input can be read once only/,
    ],
  ])('%s is wrong usage', async ([, parameters, sentence]) => {
    const outcome = await inProcess(['dpop-proof', ...parameters]);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toMatch(sentence);
  });
});
