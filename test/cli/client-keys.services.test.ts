import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needlessMembers } from '../support/needless-members.ts';
import { badKeys, certified, ec, ed25519, encryptionKeys, p384, p521, rsa } from './client-keys.ts';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** What `--jwks` takes, and what it does not (RFC 7517, RFC 7591 §2). */

const { contents } = await localDeployment();
const directory = await mkdtemp(join(tmpdir(), 'countersign-'));
afterAll(() => rm(directory, { recursive: true }));
const path = join(directory, 'jwks.json');
const create = ['client', 'create', '--name', 'N', '--local', '--json', '--jwks'];

beforeAll(async () => {
  const resource = ['resource', 'create', 'https://api.example.com', '--scope', 'read'];
  await inProcess([...resource, '--local']);
});

async function registered(content: object, ...more: readonly string[]) {
  await writeFile(path, JSON.stringify(content));
  const { exitCode, stdout, stderr } = await inProcess([...create, path, ...more]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout);
}

test.for(badKeys)('%s: one sentence, the registry untouched', async ([, content, sentence]) => {
  await writeFile(path, content);
  const before = await contents();
  const outcome = await inProcess([...create, path]);
  expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
  const [, said] = /^error: (.*)\n$/.exec(outcome.stderr) ?? [];
  expect(said).toMatch(sentence);
  expect(await contents()).toEqual(before);
});

test('a file that is not there, and a folder', async () => {
  const missing = await inProcess([...create, join(directory, 'a')]);
  expect(missing).toMatchObject({ exitCode: 2 });
  expect(missing.stderr).toMatch(/^error: cannot read .*: there is no such file\n$/);
  expect((await inProcess([...create, directory])).stderr).toMatch(/: it is a folder\n$/);
});

test('an x5c of another key', async () => {
  const { x5c } = await certified();
  await writeFile(path, JSON.stringify({ ...ec, x5c }));
  const { stderr } = await inProcess([...create, path]);
  expect(stderr).toMatch(/^error: key 1 of --jwks has an x5c that does not begin/);
});

test('an x5c of an authority, which could vouch for others', async () => {
  await writeFile(path, JSON.stringify(await certified({ isAuthority: true })));
  const { stderr } = await inProcess([...create, path]);
  expect(stderr).toMatch(/has a certificate \(x5c\) of an authority: make it with CA:FALSE\n$/);
});

describe('RFC 7517: what is registered', () => {
  test.for([
    ['EC P-256', ec],
    ['EC P-384', p384],
    ['EC P-521', p521],
    ['RSA', rsa],
    ['Ed25519', ed25519],
  ] as const)('B09: %s: a JWK alone makes a JWK Set, and gets no kid', async ([, key]) => {
    const { jwks } = await registered(key);
    expect(jwks).toEqual({ keys: [key] });
  });

  test.for(needlessMembers)('B15: of %s nothing is registered', async ([, members]) => {
    const kept = { ...ec, kid: 'a' };
    expect((await registered({ ...kept, ...members })).jwks).toEqual({ keys: [kept] });
    expect((await registered({ ...ec, ...members, kid: null })).jwks).toEqual({ keys: [ec] });
  });

  test.for(encryptionKeys)('a key for encryption is left out: %s', async ([, key]) => {
    for (const [kid, name] of [
      [undefined, 'key 1'],
      ['a', 'the key a'],
    ]) {
      await writeFile(
        path,
        JSON.stringify({
          keys: [
            { ...key, kid },
            { ...ec, kid },
          ],
        }),
      );
      const { exitCode, stdout, stderr } = await inProcess([...create, path]);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 0,
        stderr: expect.stringContaining(`Of --jwks, ${name} is for encryption, and is left out.\n`),
      });
      expect(JSON.parse(stdout).jwks).toEqual({ keys: [kid === undefined ? ec : { ...ec, kid }] });
    }
  });

  test('ten keys may stand beside one for encryption', async () => {
    const keys = Array.from({ length: 10 }, (_, n) => ({ ...ec, kid: `k${n}` }));
    expect((await registered({ keys: [...keys, { ...rsa, use: 'enc' }] })).jwks).toEqual({ keys });
  });

  test('B09: a key without a kid is shown as such', async () => {
    const { client_id } = await registered({ keys: [ec, { ...p384, kid: 'b' }] });
    const { stdout } = await inProcess(['client', 'show', client_id, '--local']);
    expect(stdout).toMatch(/no kid \(ES256\)\s+b \(ES384\)/);
  });

  test('ten keys of a set keep their order, kid, alg and use, and nothing else', async () => {
    const keys = Array.from({ length: 10 }, (_, n) => ({ ...ec, kid: `k${n}`, alg: 'ES256' }));
    const given = keys.map((key) => ({ ...key, use: 'sig', key_ops: ['verify'], ext: true }));
    const { jwks } = await registered({ keys: given, owner: 'somebody' });
    expect(jwks).toEqual({ keys: keys.map((key) => ({ ...key, use: 'sig' })) });
  });

  test('C03: a certificate stays with a self-signed client, and with no other', async () => {
    const key = await certified();
    const method = 'self_signed_tls_client_auth';
    const { x5c } = (await registered(key, '--auth-method', method)).jwks.keys[0];
    expect(x5c).toEqual(key.x5c);
    expect((await registered(key)).jwks.keys[0]).not.toHaveProperty('x5c');
  });

  test('- is standard input', async () => {
    const { exitCode, stdout } = await inProcess([...create, '-'], { input: JSON.stringify(ec) });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ token_endpoint_auth_method: 'private_key_jwt' });
  });
});
