import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');

/** What jsii says to the public face of the constructs. */
export interface JsiiReport {
  readonly errors: readonly string[];
  /** What is exported to other languages, by name. */
  readonly types: readonly string[];
  /** What has no doc comment, a type without an example, and what may be left out and does not say what then. */
  readonly undocumented: readonly string[];
}

/**
 * Compiles the constructs by jsii, in a copy that lasts as long as that: it writes beside the sources.
 * @param change what is done to the copy before
 */
export async function compileByJsii(
  change: (folder: string) => void = () => {},
): Promise<JsiiReport> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-jsii-'));
  try {
    for (const part of ['infra', 'registry', 'functions']) {
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'README.md'), '# Countersign\n');
    writeJson(join(folder, 'package.json'), manifest);
    writeJson(join(folder, 'tsconfig.jsii.json'), tsconfig);
    leaveOut(folder, ofTypeScriptAlone);
    change(folder);
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** jsii lets nobody export an error. Those who write Python, Java or Go catch what their runtime makes of it. */
const ofTypeScriptAlone = 'ConfigurationError';

function leaveOut(folder: string, name: string): void {
  const index = join(folder, 'infra/index.ts');
  const lines = readFileSync(index, 'utf8').split('\n');
  writeFileSync(index, lines.filter((line) => !line.includes(`{ ${name} }`)).join('\n'));
}

/** What jsii demands of a package. The names for other languages are those of a later day. */
const manifest = {
  name: 'countersign',
  version: '0.1.0',
  description: 'An OAuth 2.0 authorization server for machines',
  license: 'Apache-2.0',
  type: 'module',
  author: { name: 'Countersign' },
  repository: { type: 'git', url: 'https://example.com/countersign.git' },
  main: 'lib/infra/index.js',
  types: 'lib/infra/index.d.ts',
  jsii: { outdir: 'dist', targets: {}, tsc: { outDir: 'lib' } },
  peerDependencies: { 'aws-cdk-lib': '^2.276.0', constructs: '^10.8.1' },
  devDependencies: { 'aws-cdk-lib': '2.276.0', constructs: '10.8.1' },
};

/** jsii brings a TypeScript of its own. Its own settings would not take imports that end in `.ts`. */
const tsconfig = {
  compilerOptions: {
    target: 'es2022',
    lib: ['esnext'],
    module: 'node20',
    types: ['node'],
    rewriteRelativeImportExtensions: true,
    resolveJsonModule: true,
    strict: true,
    skipLibCheck: true,
    declaration: true,
    rootDir: '.',
    outDir: 'lib',
  },
  files: ['infra/index.ts'],
};

const writeJson = (path: string, value: unknown): void =>
  writeFileSync(path, JSON.stringify(value));

async function run(folder: string): Promise<JsiiReport> {
  const jsii = createRequire(import.meta.url).resolve('jsii/bin/jsii');
  const args = [jsii, '--tsconfig', 'tsconfig.jsii.json', '--validate-tsconfig', 'off'];
  const options = { cwd: folder, env: {} };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, options).catch(
    (failure: { stdout: string; stderr: string }) => failure,
  );
  const errors = `${stdout}\n${stderr}`.split('\n').filter((line) => /\berror\b/i.test(line));
  if (errors.length > 0) return { errors, types: [], undocumented: [] };
  const { types } = JSON.parse(readFileSync(join(folder, '.jsii'), 'utf8')) as Assembly;
  const all = Object.values(types);
  return {
    errors: all.flatMap((type) => fewWords(folder, type)),
    types: all.map(({ name }) => name),
    undocumented: all.flatMap(undocumentedIn),
  };
}

interface Assembly {
  readonly types: Readonly<Record<string, ExportedType>>;
}

interface Documented {
  readonly name: string;
  readonly docs?: {
    readonly summary?: string;
    readonly default?: string;
    readonly example?: string;
  };
}

interface ExportedType extends Documented {
  readonly methods?: readonly Documented[];
  readonly properties?: readonly Property[];
}

interface Property extends Documented {
  readonly optional?: boolean;
  readonly type: { readonly primitive?: string };
  readonly locationInModule: { readonly filename: string; readonly line: number };
}

/** Of a union of texts jsii makes any text, without a word. */
function fewWords(
  folder: string,
  { name: typeName, properties = [] }: ExportedType,
): readonly string[] {
  return properties.flatMap(
    ({ name, type: { primitive }, locationInModule: { filename, line } }) => {
      if (primitive === undefined || !filename.startsWith('infra/')) return [];
      const source = readFileSync(join(folder, filename), 'utf8')
        .split('\n')
        .slice(line - 1)
        .join('\n');
      const [, written = ''] =
        new RegExp(`\\b${name}(?:\\?|\\(\\))?: ([^;{]+)[;{]`).exec(source) ?? [];
      const isIt = written.replace(' | undefined', '').trim() === primitive;
      return isIt
        ? []
        : [`${typeName}.${name} is ${written}, and other languages get any ${primitive}`];
    },
  );
}

function undocumentedIn({
  name,
  docs,
  methods = [],
  properties = [],
}: ExportedType): readonly string[] {
  const silent = [...methods, ...properties].filter((member) => !member.docs?.summary);
  const openEnded = properties.filter((property) => property.optional && !property.docs?.default);
  return [
    ...(docs?.summary && docs.example ? [] : [name]),
    ...silent.map((member) => `${name}.${member.name}`),
    ...openEnded.map((property) => `${name}.${property.name}: @default`),
  ];
}
