import { randomUUID } from 'node:crypto';
import { lstat, rename, rm, writeFile } from 'node:fs/promises';
import { CliError } from './cli-error.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'you may not write there',
};

/**
 * Writes a file that its owner alone may read (mode 600), never through a link.
 * @param replace whether it may take the place of a file
 * @throws CliError when there is something of this name that may not be replaced, or on a failure
 */
export async function writePrivateFile(
  path: string,
  content: string,
  replace: boolean,
): Promise<void> {
  try {
    await (replace ? replaceFile(path, content) : createFile(path, content));
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new CliError(
        `${path} is there already: choose another file, or replace it with --force`,
      );
    }
    throw new CliError(`cannot write ${path}: ${reasons[code] ?? code}`);
  }
}

const createFile = (path: string, content: string) =>
  writeFile(path, content, { mode: 0o600, flag: 'wx', flush: true });

/** The old file stays until the new one is whole. */
async function replaceFile(path: string, content: string): Promise<void> {
  const present = await lstat(path).catch(() => undefined);
  if (present && !present.isFile()) throw new CliError(`${path} is no file that could be replaced`);
  const fresh = `${path}.${randomUUID()}`;
  try {
    await createFile(fresh, content);
    await rename(fresh, path);
  } finally {
    await rm(fresh, { force: true });
  }
}
