import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import type { BuiltFile } from './built-files.ts';

/** What a package and the build of these sources have in common. */
export interface Comparison {
  /** A line a file, as `sha256sum` writes it. */
  readonly digests: readonly string[];
  /** A line for each file that is not the same in both. */
  readonly differences: readonly string[];
}

/**
 * Compares a package, which is a folder or the file that npm pack makes, with what it is made of: its dist/ with
 * what is built, and each other file with that of the checkout. What runs at an installation is in package.json.
 */
export function compare(
  built: readonly BuiltFile[],
  packagePath: string,
  checkout: string,
): Comparison {
  const there = withFolder(resolve(packagePath), digestsIn);
  const kept = [...there.keys()].filter((path) => !path.startsWith(dist));
  const here = new Map([
    ...built.map(({ path, contents }) => [`${dist}${path}`, digestOf(contents)] as const),
    ...kept.flatMap((path) => digestIn(checkout, path)),
  ]);
  const paths = [...new Set([...here.keys(), ...there.keys()])].sort();
  return {
    digests: [...there].sort().map(([path, digest]) => `${digest}  ${path}`),
    differences: paths.flatMap((path) => difference(path, here.get(path), there.get(path))),
  };
}

const dist = 'dist/';

/** A file of the checkout by its digest; none, where it has no such file. */
function digestIn(checkout: string, path: string): readonly (readonly [string, string])[] {
  const file = join(checkout, path);
  return existsSync(file) ? [[path, digestOf(readFileSync(file))]] : [];
}

function difference(path: string, here?: string, there?: string): readonly string[] {
  if (here === there) return [];
  if (there === undefined) return [`${path} is not in the package`];
  if (here === undefined) return [`${path} is in the package, and not here`];
  return [`${path} has other bytes: ${there} in the package, ${here} here`];
}

/** Unpacks what is no folder, for as long as it is looked at. */
function withFolder<Result>(path: string, look: (folder: string) => Result): Result {
  if (statSync(path).isDirectory()) return look(path);
  const folder = mkdtempSync(join(tmpdir(), 'countersign-compare-'));
  try {
    execFileSync('tar', ['-xzf', path, '-C', folder]);
    return look(join(folder, 'package'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function digestsIn(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    files.map((file) => [
      relative(folder, file).replaceAll(sep, '/'),
      digestOf(readFileSync(file)),
    ]),
  );
}

const digestOf = (contents: Uint8Array): string =>
  createHash('sha256').update(contents).digest('hex');
