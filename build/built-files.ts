import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A file of dist/. */
export interface BuiltFile {
  /** Below dist/, with slashes. */
  readonly path: string;
  readonly contents: Uint8Array;
}

/**
 * Writes files that are not there with the same bytes already. Each is moved to its place as a whole, so
 * that processes which read or build at the same time are not disturbed.
 */
export async function writeBuilt(dist: string, files: readonly BuiltFile[]): Promise<void> {
  await mkdir(dist, { recursive: true });
  // Below dist/, since a file can be moved only on one disk.
  const unfinished = await mkdtemp(join(dist, unfinishedPrefix));
  try {
    await Promise.all(files.map((file, index) => place(dist, join(unfinished, `${index}`), file)));
  } finally {
    await rm(unfinished, { recursive: true });
  }
}

const unfinishedPrefix = '.new-';

async function place(dist: string, unfinished: string, file: BuiltFile): Promise<void> {
  const path = join(dist, file.path);
  const found = await readFile(path).catch(() => undefined);
  if (found?.equals(file.contents)) return;
  await writeFile(unfinished, file.contents);
  await mkdir(dirname(path), { recursive: true });
  await rename(unfinished, path);
}

/** Removes from dist/ what a whole build no longer makes, and nothing that another one is at. */
export async function removeOthers(dist: string, files: readonly BuiltFile[]): Promise<void> {
  const kept = new Set(files.map(({ path }) => join(dist, path)));
  const found = await readdir(dist, { recursive: true, withFileTypes: true });
  const others = found
    .filter((entry) => !entry.isDirectory())
    .filter(({ parentPath }) => !parentPath.includes(unfinishedPrefix))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !kept.has(path));
  await Promise.all(others.map((path) => rm(path, { force: true })));
}
