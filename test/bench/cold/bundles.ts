import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';
import { bundle, type Trick, tricks } from '../../../build/bundling.ts';

const projectRoot = resolve(import.meta.dirname, '../../..');

/** A bundle to be started. */
export interface Bundle {
  readonly name: string;
  readonly file: string;
  readonly kilobytes: number;
  readonly metafile: Metafile;
  /** Environment variables that it needs beside the function's. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The bundle that is deployed. */
export const deployed = (folder: string, outdir: string): Promise<Bundle> =>
  build('Countersign', { entry: `${folder}/index`, outdir, chosen: Object.values(tricks) });

/** The same without any of the tricks, then with one trick more each; with the last it would be `deployed`. */
export function onTheWay(folder: string, outdir: string): Promise<readonly Bundle[]> {
  const all: readonly Trick[] = Object.values(tricks);
  const added = Object.keys(tricks).slice(0, -1);
  const names = ['no trick', ...added.map((name) => `+ ${name}`)];
  return Promise.all(
    names.map((name, count) =>
      build(name, { entry: `${folder}/index`, outdir, chosen: all.slice(0, count) }),
    ),
  );
}

/** What no token function is quicker than, bundled as it is. */
export const floors = (outdir: string): Promise<readonly Bundle[]> =>
  Promise.all(
    Object.entries({ 'Node alone': 'node', 'the SDK alone: GetItem and Sign': 'sdk' }).map(
      ([name, module]) =>
        build(name, {
          entry: `../test/bench/cold/floor/${module}`,
          outdir,
          chosen: Object.values(tricks),
        }),
    ),
  );

interface Build {
  readonly entry: string;
  readonly outdir: string;
  readonly chosen: readonly Trick[];
}

async function build(name: string, { entry, outdir, chosen }: Build): Promise<Bundle> {
  const file = resolve(outdir, `${entry.replaceAll(/\W+/g, '-')}-${chosen.length}.mjs`);
  const metafile = await bundle(entry, file, chosen);
  return { name, file, metafile, kilobytes: kilobytesOf(file), environment: {} };
}

/** What the CDK's NodejsFunction leaves to the runtime by default. */
const ofTheRuntime = ['@aws-sdk/*', '@smithy/*'];

/**
 * The same code as the CDK's NodejsFunction bundles it by default: CommonJS, not minified, without the SDK; and
 * with the SDK in it. CommonJS has no top-level await, so the warm-up is not waited for.
 */
export function nodejsFunctions(folder: string, outdir: string): readonly Bundle[] {
  const asBundled = (name: string, external: readonly string[]): Bundle => {
    const resolveDir = resolve(projectRoot, 'functions', folder);
    const contents = readFileSync(resolve(resolveDir, 'index.ts'), 'utf8').replace(/^await /m, '');
    const file = resolve(outdir, `${folder} ${name}.js`);
    const { metafile } = buildSync({
      stdin: { contents, resolveDir, loader: 'ts' },
      outfile: file,
      bundle: true,
      platform: 'node',
      target: 'node24',
      external: [...external],
      logLevel: 'silent',
      metafile: true,
    });
    // Where CommonJS finds what is not in the bundle, as on Lambda.
    const environment = { NODE_PATH: resolve(projectRoot, 'node_modules') };
    return { name, file, metafile, kilobytes: kilobytesOf(file), environment };
  };
  return [asBundled('NodejsFunction', ofTheRuntime), asBundled('NodejsFunction, SDK bundled', [])];
}

const kilobytesOf = (file: string): number => statSync(file).size / 1024;
