import { chmodSync, mkdtempSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { StartError } from '../../local/io/start-error.ts';
import { ensurePrivateDirectory } from '../../local/state/private-directory.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'countersign-'));
  return () => rm(directory, { recursive: true });
});

const modeOf = (path: string): number => statSync(path).mode & 0o7777;

describe('a state directory', () => {
  test('is made for its owner alone', async () => {
    await ensurePrivateDirectory(join(directory, 'a/b'));
    expect(modeOf(join(directory, 'a/b'))).toBe(0o700);
  });

  test.for([0o755, 0o750, 0o711, 0o770])('of mode %o is closed', async (mode) => {
    chmodSync(directory, mode);
    await ensurePrivateDirectory(directory);
    expect(modeOf(directory)).toBe(0o700);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('that is a link leads to one that is closed', async () => {
    const real = join(directory, 'real');
    await mkdir(real, { mode: 0o755 });
    symlinkSync(real, join(directory, 'link'));
    await ensurePrivateDirectory(join(directory, 'link'));
    expect(modeOf(real)).toBe(0o700);
  });

  test.for([0o777, 0o1777, 0o703])(
    'of mode %o, where everybody may write, is refused and left as it is',
    async (mode) => {
      chmodSync(directory, mode);
      const closing = ensurePrivateDirectory(directory);
      await expect(closing).rejects.toThrow(StartError);
      await expect(closing).rejects.toThrow(
        `everybody may write into ${directory}; close it with chmod 700, or choose another with COUNTERSIGN_DIRECTORY`,
      );
      expect(modeOf(directory)).toBe(mode);
    },
  );
});
