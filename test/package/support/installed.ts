import { copyFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packInto, root } from './pack.ts';
import { run } from './run.ts';

// Set-up of the run: makes the package, as `npm run pack` does, and installs it in two folders.

declare module 'vitest' {
  interface ProvidedContext {
    /** The file that npm pack makes. */
    readonly tarball: string;
    /** A folder with what an owner's app has today, and compilers of today and yesterday. */
    readonly owner: string;
    /** A folder with the least versions of the peers, and nothing else. */
    readonly least: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-package-'));
  const tarball = await packInto(folder);
  const [owner, least] = await Promise.all(
    ['owner', 'least'].map((name) => install(name, join(folder, name), tarball)),
  );
  project.provide('tarball', tarball);
  project.provide('owner', owner ?? '');
  project.provide('least', least ?? '');
  return () => rm(folder, { recursive: true });
}

/** What its lock file names, and the package on top of it. */
async function install(name: string, folder: string, tarball: string): Promise<string> {
  await mkdir(folder);
  await cp(join(import.meta.dirname, '..', name), folder, { recursive: true });
  await copyFile(join(root, '.npmrc'), join(folder, '.npmrc'));
  await run('npm', ['ci', '--prefer-offline'], { cwd: folder });
  await run('npm', ['install', '--no-save', '--prefer-offline', tarball], { cwd: folder });
  return folder;
}
