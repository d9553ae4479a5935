import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { run } from './run.ts';

/** This project. */
export const root = resolve(import.meta.dirname, '../../..');

/** Makes the package as `npm run pack` does, into a folder with no other, and gives its path. */
export async function packInto(folder: string): Promise<string> {
  await run('npm', ['run', 'pack', '--', '--pack-destination', folder], { cwd: root });
  const [name = ''] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
  return join(folder, name);
}
