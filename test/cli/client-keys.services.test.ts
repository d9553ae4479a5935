import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { certificate } from '../support/certificates.ts';
import { needlessMembers } from '../support/needless-members.ts';
import {
  badKeys,
  certified,
  crowdedFiles,
  ec,
  ed25519,
  encryptionKeys,
  p384,
  p521,
  pemFiles,
  roomyFiles,
  rsa,
} from './client-keys.ts';
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

const method = ['--auth-method', 'self_signed_tls_client_auth'];

test('an x5c that is none, or of another key, and one of an authority, which could vouch for others', async () => {
  const none = /has an x5c that does not begin with a certificate for this key/;
  for (const [key, sentence] of [
    [{ ...ec, x5c: 'MII' }, none],
    [{ ...ec, x5c: ['MIIB'] }, none],
    [{ ...ec, x5c: (await certified()).x5c }, none],
    [
      await certified({ isAuthority: true }),
      /certificate \(x5c\) of an authority: make it with CA:FALSE/,
    ],
  ] as const) {
    await writeFile(path, JSON.stringify(key));
    const { exitCode, stderr } = await inProcess([...create, path, ...method]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(sentence) });
    expect((await registered(key)).jwks.keys[0]).not.toHaveProperty('x5c');
  }
});

test('of an x5c nothing but the certificate is kept', async () => {
  const key = await certified();
  const [x5c] = key.x5c;
  const behind = Buffer.from('a private key without a label').toString('base64');
  const written = { ...key, x5c: [`${x5c?.replace(/=*$/, '==')}\n${behind}`, behind] };
  expect((await registered(written, ...method)).jwks.keys).toMatchObject([{ x5c: [x5c] }]);
});

describe('RFC 7468: keys in PEM', () => {
  const thumbprints = (keys: readonly object[]) =>
    Promise.all(keys.map((key) => calculateJwkThumbprint(key)));
  const noted = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

  test.for(pemFiles)('%s: without a kid, and the thumbprint is told', async (file) => {
    const [, content, keys, notes = []] = file;
    await writeFile(path, content);
    const { exitCode, stdout, stderr } = await inProcess([...create, path]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ token_endpoint_auth_method: 'private_key_jwt' });
    expect(JSON.parse(stdout).jwks).toEqual({ keys });
    expect(stderr.startsWith(noted(notes))).toBe(true);
    for (const thumbprint of await thumbprints(keys)) {
      expect(stderr).toContain(
        ` has the thumbprint ${thumbprint}. As its kid an assertion may have that, any other or none.\n`,
      );
    }
  });

  test('C03: the certificate of a self-signed client is registered with its key', async () => {
    const { cert, jwk } = await certificate();
    await writeFile(path, cert);
    const { stdout, stderr } = await inProcess([...create, path, ...method]);
    const x5c = [new X509Certificate(cert).raw.toString('base64')];
    expect(JSON.parse(stdout).jwks).toEqual({ keys: [{ ...jwk, x5c }] });
    expect(stderr).not.toContain('thumbprint');
    await writeFile(path, (await certificate({ isAuthority: true })).cert);
    const outcome = await inProcess([...create, path, ...method]);
    expect(outcome.stderr).toMatch(/^error: key 1 of --jwks has a certificate .* CA:FALSE\n$/);
  });

  test('client update takes it, too, from standard input', async () => {
    const { client_id } = await registered(p384);
    const [, input, keys] = pemFiles[0] ?? [];
    const update = ['client', 'update', client_id, '--local', '--json', '--jwks', '-'];
    const { stdout } = await inProcess(update, { input: String(input) });
    expect(JSON.parse(stdout).jwks).toEqual({ keys });
  });
});

describe('B09: keys without a kid', () => {
  test.for(crowdedFiles)(
    '%s: where more fit an algorithm than are tried, each gets its thumbprint',
    async (file) => {
      const [, content, keys, crowded] = file;
      await writeFile(path, content);
      const { exitCode, stdout, stderr } = await inProcess([...create, path]);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
      const kids = await Promise.all(keys.map((key) => calculateJwkThumbprint(key)));
      expect(JSON.parse(stdout).jwks.keys).toEqual(
        keys.map((key, index) => (crowded.includes(index) ? { ...key, kid: kids[index] } : key)),
      );
      for (const index of crowded) {
        const told = `Of --jwks, key ${index + 1} has the kid ${kids[index]}, its thumbprint: more than 3 keys like it have none.\n`;
        expect(stderr).toContain(told);
      }
      expect(stderr.match(/ has the kid /g)).toHaveLength(crowded.length);
    },
  );

  test.for(roomyFiles)('%s: where each is tried, they stay without', async ([, content, keys]) => {
    await writeFile(path, content);
    const { exitCode, stdout, stderr } = await inProcess([...create, path]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(stdout).jwks).toEqual({ keys });
    expect(stderr).not.toContain(' has the kid ');
  });
});

describe('RFC 7591 §2: a URL after --jwks', () => {
  const url = 'https://billing.example.com/jwks.json?v=1';

  test('B13: is registered as by --jwks-uri, and says so', async () => {
    const { exitCode, stdout, stderr } = await inProcess([...create, url]);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(
        /^--jwks is a URL: the keys are fetched from there, now and later/,
      ),
    });
    expect(JSON.parse(stdout)).toMatchObject({ jwks_uri: url });
    expect(JSON.parse(stdout)).not.toHaveProperty('jwks');
    const { client_id } = await registered(ec);
    const update = ['client', 'update', client_id, '--local', '--json', '--jwks', url];
    const updated = JSON.parse((await inProcess(update)).stdout);
    expect(updated).toMatchObject({ jwks_uri: url });
    expect(updated).not.toHaveProperty('jwks');
  });

  test.for([
    ['http://billing.example.com/jwks.json', /^error: --jwks must be an https URL\n$/],
    ['HTTP://billing.example.com/jwks.json', /^error: --jwks must be an https URL\n$/],
    ['file:///tmp/jwks.json', /^error: --jwks must be an https URL\n$/],
    [
      'https://10.0.0.1/jwks.json',
      /^error: --jwks must name its host, and not by an IP address\n$/,
    ],
    ['https://user@billing.example.com/', /^error: --jwks must not have a user name/],
  ] as const)('B13: %s is refused', async ([bad, sentence]) => {
    const outcome = await inProcess([...create, bad]);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toMatch(sentence);
  });
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
    const { x5c } = (await registered(key, ...method)).jwks.keys[0];
    expect(x5c).toEqual(key.x5c);
    expect((await registered(key)).jwks.keys[0]).not.toHaveProperty('x5c');
  });

  test('- is standard input', async () => {
    const { exitCode, stdout } = await inProcess([...create, '-'], { input: JSON.stringify(ec) });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ token_endpoint_auth_method: 'private_key_jwt' });
  });
});
