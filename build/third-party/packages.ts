import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** A package of others of which something is in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As its manifest says: an SPDX identifier, or an expression of them. */
  readonly license: string;
  /** The licence and notices that it brings along; empty: none. */
  readonly texts: readonly string[];
}

/**
 * Finds the packages in bundles by what esbuild says that each consists of. A package of which nothing is left
 * in any of them does not count.
 * @param root where node_modules is
 */
export function bundledPackages(
  metafiles: readonly Metafile[],
  root: string,
): readonly BundledPackage[] {
  const inputs = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap((output) => Object.entries(output.inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  return [...folders].sort().map((folder) => readPackage(join(root, folder)));
}

/** The folder of the package that a file is of, the innermost; undefined: it is of none. */
const packageFolder = (path: string): string | undefined =>
  /^.*node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];

function readPackage(folder: string): BundledPackage {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { name, version, license } = manifest;
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)[^.]*(\.(md|txt))?$/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  return { name, version, license: typeof license === 'string' ? license : 'not said', texts };
}
