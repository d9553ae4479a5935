import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PrintedFile } from '../pages/printed-files.ts';
import type { Program } from '../running/program.ts';

/** What is made into a program: printed files, which lie in a folder already. */
interface Sources {
  readonly folder: string;
  readonly files: readonly [PrintedFile, ...PrintedFile[]];
  /** Files of the toolchain's folder, the first of which calls them; none: they are the program. */
  readonly drivers: readonly string[];
  /** Path of the certificate, in PEM, of whom the program has to trust. */
  readonly authority: string;
  /** The values that the page leaves to the reader. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A language, or a server, that recipes are written for. */
export interface Toolchain {
  readonly title: string;
  /** What has to be installed: each is run, to see that it is. */
  readonly needs: readonly Program[];
  /** Fetches what the manifest pins into the cache, which git ignores. */
  install(): Promise<void>;
  /** The version of a library that runs. */
  version(library: string): Promise<string>;
  build(sources: Sources): Promise<Program>;
}

/** The folder of the drivers and the manifest of a toolchain. */
export const ownFolder = (name: string): string => join(import.meta.dirname, '..', name);

/** Where downloads are kept. */
export const cache = join(import.meta.dirname, '../../../.interop');

/** Copies files of a toolchain's folder to the printed ones. */
export async function copyTo(folder: string, from: string, names: readonly string[]) {
  await Promise.all(names.map((name) => copyFile(join(from, name), join(folder, name))));
}

/** The version that a manifest pins, by what stands before it. */
export function pinned(manifest: string, before: string): string {
  const [, version] =
    new RegExp(`${RegExp.escape(before)}"?=?v?([0-9][\\w.-]*)`).exec(manifest) ?? [];
  if (version === undefined) throw new Error(`no manifest pins ${before}`);
  return version;
}
