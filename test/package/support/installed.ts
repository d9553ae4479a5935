import { copyFile, cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
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

const root = resolve(import.meta.dirname, '../../..');

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

async function packInto(folder: string): Promise<string> {
  await run('npm', ['run', 'pack', '--', '--pack-destination', folder], { cwd: root });
  const [name = ''] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
  return join(folder, name);
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
