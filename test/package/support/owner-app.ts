import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { run } from './run.ts';

/** Each Node that the package is said to run on; on some platforms the older one is not to be had. */
export const nodes: Readonly<Record<string, string>> = {
  [process.version]: process.execPath,
  ...older(join(inject('owner'), 'node_modules/node-22/bin/node')),
};

function older(path: string): Readonly<Record<string, string>> {
  if (existsSync(path)) return { 'v22.12.0': path };
  process.stderr.write(`There is no Node 22.12 for this platform: NOTHING IS TESTED WITH IT.\n`);
  return {};
}

/** TypeScript 5.9, and what cdk init brings today; each a folder of node_modules. */
type Compiler = 'typescript' | 'typescript-7';

/** How an app is made and started. */
export interface Way {
  readonly type: 'commonjs' | 'module';
  /** Of the compiler's options: which modules it makes, and how it finds them. */
  readonly modules?: Readonly<Record<string, string>>;
  /** What compiles `app.ts` into `out/`, if anything does: a folder of node_modules. */
  readonly compiler?: Compiler;
  /** What Node is told to run. */
  readonly start: readonly string[];
}

const nodeNext = { module: 'NodeNext', moduleResolution: 'NodeNext' } as const;

/** The app, and what its functions and tests import. */
const files = ['app.ts', 'api.ts'] as const;

/** Makes a folder with the app in it, within one that has the packages. */
export function makeApp(parent: string, name: string, way: Way): string {
  const folder = join(parent, name);
  mkdirSync(folder);
  for (const file of files) cpSync(join(inject('owner'), file), join(folder, file));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: way.type }));
  const compilerOptions = {
    // As cdk init writes it.
    target: 'ES2022',
    lib: ['es2022'],
    strict: true,
    noImplicitReturns: true,
    types: ['node'],
    typeRoots: [join(inject('owner'), 'node_modules/@types')],
    outDir: 'out',
    ...(way.modules ?? nodeNext),
  };
  const tsconfig = JSON.stringify({ compilerOptions, files });
  writeFileSync(join(folder, 'tsconfig.json'), tsconfig);
  return folder;
}

/** Runs a compiler of the owner's. */
export const compile = (folder: string, compiler: Compiler, options: readonly string[] = []) => {
  const tsc = join(inject('owner'), 'node_modules', compiler, 'bin/tsc');
  return run(process.execPath, [tsc, '--project', folder, '--pretty', 'false', ...options]);
};

/** Synthesizes as `cdk synth` does, but for the checks of the CDK, and gives what would be deployed. */
export async function synthesize(node: string, folder: string, start: readonly string[]) {
  const outdir = join(folder, `cdk.out-${readdirSync(folder).length}`);
  const env = { CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' };
  const { stderr } = await run(node, start, { cwd: folder, env });
  return { stderr, ...assemblyIn(outdir) };
}

/** The templates of an assembly, and its assets, which are named for their bytes. */
export function assemblyIn(outdir: string) {
  const files = readdirSync(outdir).sort();
  const templates = files.filter((file) => file.endsWith('.template.json'));
  return {
    assets: files.filter((file) => file.startsWith('asset.')),
    templates: Object.fromEntries(
      templates.map((file) => [file, JSON.parse(readFileSync(join(outdir, file), 'utf8'))]),
    ),
  };
}
