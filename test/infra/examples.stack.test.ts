import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const infra = join(root, 'infra');

/** A name that infra/index.ts exports, and the file that it comes from. */
interface Exported {
  readonly name: string;
  readonly file: string;
}

const exported: readonly Exported[] = [
  ...readFileSync(join(infra, 'index.ts'), 'utf8').matchAll(/\{([^}]+)\} from '([^']+)'/g),
].flatMap(([, names = '', file = '']) =>
  [...names.matchAll(/[A-Z]\w+/g)].map(([name]) => ({ name, file })),
);

/** The doc comment of an exported declaration, without its stars. */
function docOf({ name, file }: Exported): string {
  const source = readFileSync(join(infra, file), 'utf8');
  const declaration = `(?:// biome-ignore .*\\n)?export (?:class|interface|type) ${name}\\b`;
  const [, doc = ''] =
    new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\n${declaration}`).exec(source) ?? [];
  return doc.replace(/^ \* ?/gm, '');
}

/** What follows the tag, until the next one: without a fence, as jsii has it. */
const exampleOf = (symbol: Exported): string =>
  /@example\n([\s\S]*?)(?=^@|(?![\s\S]))/m.exec(docOf(symbol))?.[1] ?? '';

describe('infra/index.ts', () => {
  test('exports what an app needs', () => {
    expect(exported.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'AccessTokenAuthorizer',
        'AccessTokenGuard',
        'AuthorizationServer',
        'ConfigurationError',
        'CountersignStack',
      ]),
    );
  });

  test.for(exported)('$name says what it is, and has an example that imports it', (symbol) => {
    expect(docOf(symbol)).toMatch(/^\s*[A-Z]/);
    const [imports] = /import (type )?\{[^}]*\} from 'countersign'/.exec(exampleOf(symbol)) ?? [];
    expect(imports).toMatch(new RegExp(`\\b${symbol.name}\\b`));
  });
});

describe('the examples, each a file in a project that has Countersign as a package', () => {
  const project = mkdtempSync(join(tmpdir(), 'countersign-examples-'));
  afterAll(() => rmSync(project, { recursive: true }));
  const run = (args: readonly string[], env = {}) =>
    promisify(execFile)(process.execPath, args, { cwd: project, env });

  installIn(project);
  mkdirSync(join(project, 'orders'));
  writeFileSync(join(project, 'countersign.json'), '{}');
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  writeFileSync(join(project, 'countersign.json'), '{}');
  const tsconfig = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { noUnusedLocals: false },
    include: ['*.ts'],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(tsconfig));
  const files = exported.map(({ name }) => `./${name}.ts`);
  for (const symbol of exported) {
    writeFileSync(join(project, `${symbol.name}.ts`), exampleOf(symbol));
  }

  test('are right by their types', async () => {
    const tsc = join(
      createRequire(import.meta.url).resolve('typescript/package.json'),
      '../bin/tsc',
    );
    await expect(run([tsc, '--pretty', 'false'])).resolves.toEqual({ stdout: '', stderr: '' });
  });

  test('run', async () => {
    // Each example has an app, which listens for the end of the process.
    const imports = files.map((file) => `await import(${JSON.stringify(file)});`);
    const script = ['process.setMaxListeners(0);', ...imports].join('\n');
    const { stderr } = await run(['--input-type=module', '--eval', script], {
      CDK_OUTDIR: join(project, 'cdk.out'),
      CDK_VALIDATION: 'false',
    });
    expect(stderr).toMatch(/^issuer is "http:\/\/auth\.example\.com", but it must be .*\n$/);
  });
});

/** Installs the packages that are here, and beside them this one as its sources are. */
function installIn(project: string): void {
  const installed = join(root, 'node_modules');
  const modules = join(project, 'node_modules');
  const countersign = join(modules, 'countersign');
  mkdirSync(countersign, { recursive: true });
  for (const name of readdirSync(installed))
    symlinkSync(join(installed, name), join(modules, name));
  const manifest = { type: 'module', main: 'index.js', types: 'index.d.ts' };
  writeFileSync(join(countersign, 'package.json'), JSON.stringify(manifest));
  const reexport = `export * from ${JSON.stringify(join(infra, 'index.ts'))};`;
  for (const file of ['index.js', 'index.d.ts']) writeFileSync(join(countersign, file), reexport);
}
