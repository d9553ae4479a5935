import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import type { BuiltFile } from './built-files.ts';
import { projectRoot } from './bundling.ts';

/** An entry of the package with types, and the module whose they are. */
const entries = [
  { to: 'index.d.ts', from: 'infra/index.d.ts' },
  { to: 'guard/index.d.ts', from: 'functions/authorizer/guard/index.d.ts' },
  { to: 'guard/index.d.mts', from: 'functions/authorizer/guard/index.d.ts' },
  { to: 'testing/index.d.ts', from: 'testing/index.d.ts' },
] as const;

/**
 * The type declarations of what owners import: under `types/` those of our modules that the entries lead to,
 * with imports as any compiler of TypeScript resolves them.
 */
export async function declarations(): Promise<readonly BuiltFile[]> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-types-'));
  try {
    await compile(folder);
    const reached = new Set<string>();
    for (const { from } of entries) reach(folder, from, reached);
    return [
      ...entries.map(({ to, from }) => ({ path: to, contents: reexport(to, from) })),
      ...[...reached].map((path) => ({
        path: `types/${path}`,
        contents: Buffer.from(forOwners(textIn(folder, path))),
      })),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** `npm run check` has checked the types. */
async function compile(outDir: string): Promise<void> {
  const tsc = resolve(projectRoot, 'node_modules/typescript/bin/tsc');
  const project = resolve(projectRoot, 'build/declarations.json');
  const options = ['--project', project, '--outDir', outDir, '--noCheck'];
  await promisify(execFile)(process.execPath, [tsc, ...options]);
}

/** Adds a declaration, and all of ours that it imports. */
function reach(folder: string, path: string, reached: Set<string>): void {
  if (reached.has(path)) return;
  reached.add(path);
  for (const [imported] of textIn(folder, path).matchAll(ownImport)) {
    const file = resolve(folder, dirname(path), imported).replace(/ts$/, 'd.ts');
    reach(folder, relative(folder, file).replaceAll(sep, '/'), reached);
  }
}

const textIn = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');

/** Not those in the examples of a comment. */
const ownImport = /(?<=^(?:import|export)\b[^;']*'|\bimport\(")\.{1,2}\/[^'"]+\.ts(?=['"])/gm;

/** Every compiler finds a declaration by the ending `.js`, and none needs the packages that are in the bundles. */
const forOwners = (text: string): string =>
  text
    .replace(ownImport, (path) => path.replace(/ts$/, 'js'))
    .replace(bundledImport, '// @ts-ignore: no type of it is in the face of the package.\n$&');

const bundledImport = /^import .* from '(?!\.|node:|aws-cdk-lib['/]|constructs')[^']+';$/gm;

function reexport(to: string, from: string): Buffer {
  const path = posix.relative(posix.dirname(to), `types/${from}`).replace(/d\.ts$/, 'js');
  return Buffer.from(`export * from '${path.startsWith('.') ? path : `./${path}`}';\n`);
}
