import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import * as v from 'valibot';
import { CliError } from '../io/cli-error.ts';
import type { Dependency, Source } from './app-files.ts';

/** Where this package is, and which it is. */
export interface InstalledPackage {
  readonly root: string;
  readonly name: string;
  readonly version: string;
}

/**
 * Says by what the app in a folder gets the very package that runs here. Nothing is guessed: a package that is
 * in no registry, or in one of the owner's, would come from whoever takes its name in another.
 * @throws CliError when it cannot be known
 */
export function installedFrom(installed: InstalledPackage, folder: string): Source {
  const { root, name, version } = installed;
  const resolved = resolvedIn(installed);
  if (resolved === undefined) throw unknownSource(installed);
  const inRegistry = tarballInRegistry(installed);
  if (resolved.endsWith(inRegistry)) {
    return { dependency: `^${version}`, registry: registryOf(resolved, inRegistry) };
  }
  if (!resolved.startsWith('file:')) return { dependency: resolved };
  const tarball = resolve(dirname(dirname(root)), resolved.slice('file:'.length));
  if (!existsSync(tarball))
    throw new CliError(`${tarball}, from which ${name} was installed, is gone: ${sayFrom}`);
  return { dependency: fileDependency(tarball, folder) };
}

/** Where a registry has the package. */
const tarballInRegistry = ({ name, version }: InstalledPackage): string =>
  `/${name}/-/${name}-${version}.tgz`;

/** Undefined: not told. Without a user and a password, which are for npm's settings. */
function registryOf(resolved: string, inRegistry: string): string | undefined {
  const url = URL.parse(resolved);
  if (url === null) return undefined;
  return `${url.origin}${url.pathname.slice(0, -inRegistry.length)}/`;
}

/**
 * Reads what somebody says the app is to get this package by: a version, a URL, or a tarball on this computer.
 * @throws CliError
 */
export function dependencyOn(source: string, folder: string): Dependency {
  if (/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(source)) return source;
  if (/^https:\/\/\S+$/.test(source)) return source;
  const path = resolve(source);
  if (path.endsWith('.tgz') && existsSync(path)) return fileDependency(path, folder);
  throw new CliError(
    `--from is ${JSON.stringify(source)}, and must be a version such as 0.1.0, an https URL, or a tarball ` +
      'that is there, such as ../countersign-0.1.0.tgz',
    2,
  );
}

const sayFrom = 'say by --from what the app is to depend on: a version, an https URL, or a tarball';

const unknownSource = ({ root, name }: InstalledPackage): CliError =>
  new CliError(`how ${name} came to ${root} cannot be known: ${sayFrom}`);

/** As npm writes it. */
const fileDependency = (tarball: string, folder: string): Dependency =>
  `file:${relative(resolve(folder), tarball).replaceAll('\\', '/')}`;

const lockSchema = v.object({
  packages: v.record(v.string(), v.object({ resolved: v.optional(v.string()) })),
});

/** What npm has written down, beside the package: where it got it. A link is no place to install from. */
function resolvedIn(installed: InstalledPackage): string | undefined {
  const { root, name } = installed;
  const modules = dirname(root);
  if (basename(modules) !== 'node_modules') return undefined;
  try {
    const text = readFileSync(join(modules, '.package-lock.json'), 'utf8');
    const { packages } = v.parse(lockSchema, JSON.parse(text));
    const entry = packages[`node_modules/${name}`];
    // Some have npm leave out where a package of the registry came from.
    return entry && (entry.resolved ?? tarballInRegistry(installed));
  } catch {
    return undefined;
  }
}
