import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runIn } from './command.ts';
import type { ReleasePlan } from './plan.ts';

/**
 * Makes the files of a release in a clone of the last commit, with the packages that the lock file names. What
 * is installed in the repository, or lies about in it, has no part in them.
 * @param root the repository
 * @param clone a folder that does not exist
 * @param out where the files go
 */
export async function filesOfClone(
  root: string,
  { clone, out }: { readonly clone: string; readonly out: string },
  { changes, notes, epoch }: ReleasePlan,
): Promise<void> {
  await runIn(root)('git', 'clone', '--quiet', '--depth=1', pathToFileURL(root).href, clone);
  for (const [path, text] of Object.entries(changes)) await writeFile(join(clone, path), text);
  const run = runIn(clone);
  await run('npm', 'ci', '--prefer-offline');
  await writeFile(join(out, 'RELEASE-NOTES.md'), `${notes}\n`);
  await run(process.execPath, 'release/files/make-files.ts', out, String(epoch));
}
