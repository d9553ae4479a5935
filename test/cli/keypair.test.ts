import { createPrivateKey, createPublicKey } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { afterAll, describe, expect, test } from 'vitest';
import { assertionAlgorithms } from '../../functions/oauth/assertion-algorithms.ts';
import { inProcess } from './command.ts';

const directory = await mkdtemp(join(tmpdir(), 'countersign-'));
afterAll(() => rm(directory, { recursive: true }));

const path = (name: string) => join(directory, name);
const keypair = (...more: readonly string[]) => inProcess(['keypair', ...more]);

describe('countersign keypair', () => {
  test.for(assertionAlgorithms)('--alg %s: both halves belong together', async (alg) => {
    const file = path(`${alg}.pem`);
    const { exitCode, stdout } = await keypair('--alg', alg, '--out', file);
    expect(exitCode).toBe(0);
    const { keys } = JSON.parse(stdout);
    const [jwk] = keys;
    expect(keys).toEqual([expect.objectContaining({ alg, use: 'sig' })]);
    expect(jwk.kid).toBe(await calculateJwkThumbprint(jwk));
    const pem = await readFile(file, 'utf8');
    expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    const derived = createPublicKey(createPrivateKey(pem));
    expect(derived.equals(createPublicKey({ key: jwk, format: 'jwk' }))).toBe(true);
  });

  test('prints the public key, and of the private one only where it is', async () => {
    const file = path('quiet.pem');
    const { stdout, stderr } = await keypair('--out', file);
    const [jwk]: readonly JWK[] = JSON.parse(stdout).keys;
    expect(Object.keys(jwk ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    const { d } = createPrivateKey(await readFile(file)).export({ format: 'jwk' });
    expect(stdout + stderr).not.toContain(d);
    expect(stderr).toBe(`The private key is in ${file}: it is for the client alone.\n`);
  });

  test('--json prints the same JWK Set', async () => {
    const { stdout } = await keypair('--out', path('json.pem'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ keys: [{ kty: 'EC', alg: 'ES256' }] });
  });

  test('the file is for its owner alone, also when it replaces one that was not', async () => {
    const file = path('mode.pem');
    await keypair('--out', file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const before = await readFile(file, 'utf8');
    await chmod(file, 0o644);
    expect(await keypair('--out', file, '--force')).toMatchObject({ exitCode: 0 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toBe(before);
  });

  test('replaces no file unless it is told to', async () => {
    const file = path('kept.pem');
    await writeFile(file, 'precious');
    const sentence = `error: ${file} is there already: choose another file, or replace it with --force\n`;
    expect(await keypair('--out', file)).toEqual({ exitCode: 1, stdout: '', stderr: sentence });
    expect(await readFile(file, 'utf8')).toBe('precious');
  });

  test('follows no link, and replaces none', async () => {
    const [target, link] = [path('target'), path('link.pem')];
    await symlink(target, link);
    expect((await keypair('--out', link)).stderr).toContain('is there already');
    expect((await keypair('--out', link, '--force')).stderr).toContain('is no file that could be');
    await expect(stat(target)).rejects.toThrow('ENOENT');
  });

  test.for([
    ['no file', [], 2, /required option '--out <file>' not specified/],
    ['standard output', ['--out', '-'], 2, /^error: the private key goes to a file, not to/],
    ['a folder that is not', ['--out', path('a/b')], 1, /cannot write .*: there is no such folder/],
    ['a folder', ['--out', directory, '--force'], 1, /is no file that could be replaced/],
    ['a symmetric algorithm', ['--out', path('hs'), '--alg', 'HS256'], 2, /Allowed choices are RS/],
    ['no signature at all', ['--out', path('none'), '--alg', 'none'], 2, /Allowed choices are RS/],
  ] as const)('%s: refused in one sentence', async ([, more, exitCode, sentence]) => {
    const outcome = await keypair(...more);
    expect(outcome).toMatchObject({ exitCode, stdout: '' });
    expect(outcome.stderr).toMatch(sentence);
  });
});
