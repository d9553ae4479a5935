import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
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

/** Compares what is built with the dist/ of a package, which is a folder or the file that npm pack makes. */
export function compare(built: readonly BuiltFile[], packagePath: string): Comparison {
  const here = new Map(built.map(({ path, contents }) => [path, digestOf(contents)]));
  const there = withFolder(resolve(packagePath), digestsIn);
  const paths = [...new Set([...here.keys(), ...there.keys()])].sort();
  return {
    digests: [...there].sort().map(([path, digest]) => `${digest}  dist/${path}`),
    differences: paths.flatMap((path) => difference(path, here.get(path), there.get(path))),
  };
}

function difference(path: string, here?: string, there?: string): readonly string[] {
  if (here === there) return [];
  if (there === undefined) return [`dist/${path} is not in the package`];
  if (here === undefined) return [`dist/${path} is in the package, and is not built here`];
  return [`dist/${path} has other bytes: ${there} in the package, ${here} built here`];
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
  const dist = join(folder, 'dist');
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    files.map((file) => [relative(dist, file).replaceAll(sep, '/'), digestOf(readFileSync(file))]),
  );
}

const digestOf = (contents: Uint8Array): string =>
  createHash('sha256').update(contents).digest('hex');
