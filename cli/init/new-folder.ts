import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../io/cli-error.ts';

/** What a folder may have in it that nobody has put there for an app. */
const strangers = ['.git', '.DS_Store', '.idea', '.vscode'];

const reasons: Readonly<Record<string, string>> = {
  ENOTDIR: 'it is a file, or lies in one',
  EEXIST: 'it is a file',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'you may not write there',
  ENAMETOOLONG: 'its name is too long',
};

/**
 * Makes a folder, or takes an empty one.
 * @throws CliError when there is something in it, or on a failure
 */
export async function takeFolder(folder: string): Promise<void> {
  const names = await tried(folder, async () => {
    await mkdir(folder, { recursive: true });
    return await readdir(folder);
  });
  const own = names.filter((name) => !strangers.includes(name)).sort();
  if (own.length === 0) return;
  const some = own.slice(0, mostNamed).join(', ');
  const more = own.length > mostNamed ? ` and ${own.length - mostNamed} more` : '';
  throw new CliError(
    `${folder} has files of its own: ${some}${more}; name a folder that is new or empty`,
  );
}

const mostNamed = 5;

/**
 * Writes files into a folder, never in place of others.
 * @throws CliError
 */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await tried(folder, async () => {
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(folder, name), text, { flag: 'wx' });
    }
  });
}

async function tried<T>(folder: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new CliError(`no app can be made in ${folder}: ${reasons[code] ?? code}`);
  }
}
