import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigurationError } from './settings/configuration-error.ts';

// This module is in infra/ of the checkout, and in dist/index.js of the package: both are right below the root.
const root = resolve(import.meta.dirname, '..');

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
