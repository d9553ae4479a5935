import { randomBytes } from 'node:crypto';
import { lstat, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The file of the state directory that has the id of the access key. */
export const accessKeyFile = 'access-key';

/** An access key id that nobody can guess: 256 bits. */
export const newAccessKeyId = (): string => randomBytes(32).toString('hex');

const format = /^[\da-f]{64}\n$/;

/** Reads the id of the access key; undefined when there is none. */
export async function readAccessKeyId(directory: string): Promise<string | undefined> {
  const text = await readFile(join(directory, accessKeyFile), 'utf8').catch(() => '');
  return format.test(text) ? text.trimEnd() : undefined;
}

/**
 * Makes sure that a state directory has an access key, which whoever can read its file may use. A file that
 * others could read, a link, and whatever else we did not write gives way to a new key of mode 600.
 */
export async function ensureAccessKeyId(directory: string): Promise<string> {
  const path = join(directory, accessKeyFile);
  const kept = (await isPrivateFile(path)) ? await readAccessKeyId(directory) : undefined;
  if (kept) return kept;
  const made = newAccessKeyId();
  await rm(`${path}.new`, { force: true });
  await writeFile(`${path}.new`, `${made}\n`, { mode: 0o600, flag: 'wx' });
  await rename(`${path}.new`, path);
  return made;
}

async function isPrivateFile(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() === true && (found.mode & 0o077) === 0;
}
