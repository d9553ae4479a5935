import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { ensureAccessKeyId, readAccessKeyId } from '../../local/state/access-key.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'countersign-'));
  return () => rm(directory, { recursive: true });
});

const modeOf = (path: string): number => statSync(path).mode & 0o7777;

describe('the access key of a state directory', () => {
  test('is random, in a file that its owner alone can read, and stays', async () => {
    expect(await readAccessKeyId(directory)).toBeUndefined();
    const made = await ensureAccessKeyId(directory);
    expect(made).toMatch(/^[\da-f]{64}$/);
    expect(modeOf(join(directory, 'access-key'))).toBe(0o600);
    expect(await ensureAccessKeyId(directory)).toBe(made);
    expect(await readAccessKeyId(directory)).toBe(made);
    await rm(join(directory, 'access-key'));
    expect(await ensureAccessKeyId(directory)).not.toBe(made);
  });

  test.for([0o644, 0o640, 0o604, 0o620, 0o602, 0o777])(
    'is another one where its file had mode %o',
    async (mode) => {
      const before = await ensureAccessKeyId(directory);
      chmodSync(join(directory, 'access-key'), mode);
      expect(await ensureAccessKeyId(directory)).not.toBe(before);
      expect(modeOf(join(directory, 'access-key'))).toBe(0o600);
    },
  );

  const elsewhere = () => join(directory, 'elsewhere');
  const planted = `${'0'.repeat(64)}\n`;

  test.for([
    ['is a link', (path: string) => symlinkSync(elsewhere(), path)],
    ['is a link to nothing', (path: string) => symlinkSync('/nowhere/at/all', path)],
    ['is empty', (path: string) => writeFileSync(path, '', { mode: 0o600 })],
    ['is short', (path: string) => writeFileSync(path, 'local\n', { mode: 0o600 })],
  ] as const)('is another one where its file %s, which nobody follows', async ([, make]) => {
    writeFileSync(elsewhere(), planted, { mode: 0o600 });
    for (const name of ['access-key', 'access-key.new']) make(join(directory, name));
    const made = await ensureAccessKeyId(directory);
    expect(made).not.toBe(planted.trimEnd());
    expect((await lstat(join(directory, 'access-key'))).isFile()).toBe(true);
    expect(modeOf(join(directory, 'access-key'))).toBe(0o600);
    expect(readFileSync(elsewhere(), 'utf8')).toBe(planted);
    expect(await ensureAccessKeyId(directory)).toBe(made);
  });
});
