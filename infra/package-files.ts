import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { ConfigurationError } from './settings/configuration-error.ts';

// This module is in infra/ of the checkout, and of the package in dist/index.js and, for the command line, in dist/cli/.
const above = resolve(import.meta.dirname, '..');
const root = basename(above) === 'dist' ? dirname(above) : above;

/** What the package says that it needs. */
export interface Manifest {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/**
 * The package's own manifest.
 * @throws ConfigurationError when it is not there: somebody has bundled his app with this package in it
 */
export function manifest(): Manifest {
  const path = resolve(root, 'package.json');
  const found = existsSync(path) ? JSON.parse(textOf(path)) : undefined;
  if (found?.name === 'countersign') return found;
  throw new ConfigurationError(
    'countersign was bundled into another file, away from its functions of Lambda: leave it out of that bundle, ' +
      'as by --external:countersign of esbuild.',
  );
}

/** Which version of this package is at work. */
export const ownVersion = (): string => manifest().version;

/** Another package, as it is found from here. */
export interface FoundPackage {
  readonly folder: string;
  readonly version: string;
}

/** The package of this name that this one imports; undefined when there is none. */
export function foundPackage(name: string): FoundPackage | undefined {
  try {
    const path = createRequire(import.meta.filename).resolve(`${name}/package.json`);
    return { folder: dirname(path), version: JSON.parse(textOf(path)).version };
  } catch {
    return undefined;
  }
}

/**
 * The folder with the bundle of a function, which `npm run build` makes and the package has.
 * @param entry the module under functions/ that exports the `handler`, without its ending
 * @throws ConfigurationError when it is not there
 */
export function functionFolder(entry: string): string {
  const folder = resolve(root, 'dist/functions', entry);
  if (existsSync(resolve(folder, 'index.mjs'))) return folder;
  throw new ConfigurationError(
    `${folder} has no bundle: in a checkout of Countersign make it with npm run build, and as a package install ` +
      'countersign anew.',
  );
}

const textOf = (path: string): string => readFileSync(path, 'utf8');
