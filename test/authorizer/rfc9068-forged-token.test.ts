import { createHmac, createPublicKey, createSign, generateKeyPairSync } from 'node:crypto';
import { CompactEncrypt, FlattenedSign, importJWK } from 'jose';
import { describe, expect, test } from 'vitest';
import { signToken } from '../support/access-tokens.ts';
import { events, httpEvent } from './events.ts';
import { issuerKey, testAuthorizer } from './test-authorizer.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const encodedHeader = (token: string, change: object) =>
  encode({ ...JSON.parse(Buffer.from(part(token, 0), 'base64url').toString()), ...change });
const part = (token: string, index: number) => token.split('.')[index] ?? '';

describe('RFC 9068 §4 a token that was tampered with', () => {
  test.for<[rule: string, what: string, forge: (token: string) => string | Promise<string>]>([
    [
      'I06',
      'alg none without a signature',
      (token) => `${encodedHeader(token, { alg: 'none' })}.${part(token, 1)}.`,
    ],
    [
      'I06',
      'alg none with a signature',
      (token) => `${encodedHeader(token, { alg: 'none' })}.${part(token, 1)}.${part(token, 2)}`,
    ],
    ['I06', 'an HMAC keyed with the public key', hmacForgery],
    ['I06', 'no signature', (token) => `${part(token, 0)}.${part(token, 1)}.`],
    ['I06', 'a changed signature', (token) => token.replace(/.{10}$/, 'AAAAAAAAAA')],
    [
      'I06',
      'changed claims',
      (token) => `${part(token, 0)}.${encode({ scope: 'admin' })}.${part(token, 2)}`,
    ],
    [
      'I06',
      'a changed header',
      (token) => `${encodedHeader(token, { x: 1 })}.${part(token, 1)}.${part(token, 2)}`,
    ],
    ['I06', 'two parts', (token) => `${part(token, 0)}.${part(token, 1)}`],
    ['I06', 'a padded signature', (token) => `${token}==`],
    ['I06', 'four parts', (token) => `${token}.${part(token, 2)}`],
    ['I06', 'an encrypted token', encrypted],
    ['I06', 'no JWT at all', () => 'mF_9.B5f-4.1JqM'],
    [
      'I07',
      'an exp of infinity',
      (token) => resigned(token, (claims) => claims.replace(/"exp":\d+/, '"exp":1e999')),
    ],
    [
      'I07',
      'an iat of infinity',
      (token) => resigned(token, (claims) => claims.replace(/"iat":\d+/, '"iat":1e999')),
    ],
    ['I08', 'an unencoded payload (b64)', unencoded],
  ])('%s: %s is refused', async ([, , forge]) => {
    const { handler, bearer, log } = await testAuthorizer();
    const forged = await forge((await bearer()).slice(7));
    for (const event of Object.values(events)) {
      await expect(handler(event(`Bearer ${forged}`))).rejects.toThrow(/^Unauthorized$/);
    }
    expect(log.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'refused']);
    expect(JSON.stringify(log)).not.toContain(forged);
  });

  test('I06: a token signed by a weak key is refused though the key is published', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'weak', alg: 'RS256', use: 'sig' };
    const weak = { ...issuerKey, kid: 'weak', jwk };
    const { handler, issuer, log } = await testAuthorizer({ keys: [weak] });
    const token = await signToken(issuer.url, weak);
    const input = `${part(token, 0)}.${part(token, 1)}`;
    const signature = createSign('sha256').update(input).sign(privateKey, 'base64url');
    await expect(handler(httpEvent(`Bearer ${input}.${signature}`))).rejects.toThrow(
      /^Unauthorized$/,
    );
    expect(log[0]).toMatchObject({ reason: expect.stringMatching(/no applicable key/) });
  });
});

function hmacForgery(token: string): string {
  const input = `${encodedHeader(token, { alg: 'HS256' })}.${part(token, 1)}`;
  const pem = createPublicKey({ key: { ...issuerKey.jwk }, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  });
  return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
}

async function resigned(token: string, change: (claims: string) => string): Promise<string> {
  const claims = Buffer.from(part(token, 1), 'base64url').toString();
  return await signToken('', issuerKey, { payload: change(claims) });
}

async function encrypted(token: string): Promise<string> {
  const key = await importJWK(
    { ...issuerKey.jwk, alg: 'RSA-OAEP-256', use: 'enc' },
    'RSA-OAEP-256',
  );
  return await new CompactEncrypt(new TextEncoder().encode(token))
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: issuerKey.kid, typ: 'at+jwt' })
    .encrypt(key);
}

async function unencoded(token: string): Promise<string> {
  const jws = await new FlattenedSign(new TextEncoder().encode(part(token, 1)))
    .setProtectedHeader({
      alg: 'RS256',
      typ: 'at+jwt',
      kid: issuerKey.kid,
      b64: false,
      crit: ['b64'],
    })
    .sign(issuerKey.privateKey);
  return `${jws.protected}.${part(token, 1)}.${jws.signature}`;
}
