import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { zipSync } from 'fflate';
import { runIn } from '../command.ts';

/** Writes the plain templates, and all that they need, into one zip, which is always the same. */
export async function writeTemplates(path: string, checkout: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-templates-'));
  try {
    await runIn(checkout)(process.execPath, 'cli/countersign.mjs', 'template', '--out', folder);
    await writeFile(path, await zipOf(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A zip of a folder: its files by name, and as old as a zip can say. */
export async function zipOf(folder: string): Promise<Uint8Array> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
  const files = paths.map(async (name) => [name, await readFile(join(folder, name))] as const);
  return zipSync(Object.fromEntries(await Promise.all(files)), { mtime: '1980-01-01T00:00:00' });
}
