import { randomUUID } from 'node:crypto';
import { chmod, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../io/start-error.ts';

/**
 * Makes a directory that its owner alone can look into (mode 700), or closes the one that is there.
 * @throws StartError when others may write into it: what is there may be theirs, and it may be shared
 */
export async function ensurePrivateDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { mode } = await stat(directory);
  if ((mode & 0o077) === 0 || !(await hasModes(directory))) return;
  if ((mode & 0o002) === 0) return chmod(directory, 0o700);
  throw new StartError(
    `everybody may write into ${directory}; close it with chmod 700, or choose another with COUNTERSIGN_DIRECTORY`,
  );
}

/** Whether files have modes there: Windows has none, and its disks have none in WSL. */
async function hasModes(directory: string): Promise<boolean> {
  const probe = join(directory, `mode-${randomUUID()}`);
  try {
    await writeFile(probe, '', { mode: 0o600, flag: 'wx' });
    return ((await stat(probe)).mode & 0o077) === 0;
  } finally {
    await rm(probe, { force: true });
  }
}
