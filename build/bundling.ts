import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { clientVersions, joseErrorNames, namedServiceErrors } from './adapted-modules.ts';

/** Options of esbuild that make a bundle smaller, or its start faster. */
export type Trick = Pick<BuildOptions, 'minifyIdentifiers' | 'alias' | 'plugins'>;

/** Where the sources of the project are. */
export const projectRoot = resolve(import.meta.dirname, '..');

/**
 * All that is special about our bundles, each on its own. test/bundles shows that the packages still are what
 * they take them for; `npm run bench -- cold` shows what each saves.
 */
export const tricks = {
  /**
   * A function's log has no stack traces, but names of errors: those that come of classes are set again.
   * 138 KB.
   */
  'short names': { minifyIdentifiers: true, plugins: [joseErrorNames] },
  /** Single sign-on, STS, containers, EC2: a function has the credentials of Lambda. 130 KB. */
  'no credential providers': {
    alias: {
      '@aws-sdk/credential-provider-node': fileURLToPath(
        new URL('./stand-ins/no-credential-providers.ts', import.meta.url),
      ),
    },
  },
  /** No operation that we call has them. 20 KB. */
  'no event streams': {
    alias: {
      '@smithy/core/event-streams': fileURLToPath(
        new URL('./stand-ins/no-event-streams.ts', import.meta.url),
      ),
    },
  },
  /** DynamoDB and KMS define a hundred errors, of which we name four: 30 KB. Manifests: 4 KB, and no time. */
  'less of the clients': {
    plugins: [namedServiceErrors(resolve(projectRoot, 'functions')), clientVersions],
  },
  /**
   * An import of one of these as an ES module reads all that it has, and the WebSocket that node:http
   * has loads undici. As CommonJS they are read where they are used. A fifth of the start.
   */
  'lazy builtins': {
    alias: {
      ...lazily('node:fs', 'node:http', 'node:net', 'node:process', 'node:util'),
      'node:fs/promises': fileURLToPath(new URL('./stand-ins/lazy-files.ts', import.meta.url)),
    },
  },
} as const satisfies Readonly<Record<string, Trick>>;

/** What all bundles have in common: their bytes are the same wherever and by whomever they are made. */
export const reproducible = {
  // Its output names files relative to this folder.
  absWorkingDir: projectRoot,
  bundle: true,
  platform: 'node',
  // ES modules wherever a package has them: what nobody imports is left out.
  mainFields: ['module', 'main'],
  logLevel: 'silent',
} as const satisfies BuildOptions;

/**
 * How esbuild makes a function one ES module with everything in it, the SDK too: what was tested is what runs.
 * @param entry the module under functions/ that exports the `handler`, without its ending
 */
export const functionOptions = (
  entry: string,
  chosen: readonly Trick[] = Object.values(tricks),
): BuildOptions => ({
  ...reproducible,
  entryPoints: [resolve(projectRoot, 'functions', `${entry}.ts`)],
  format: 'esm',
  target: 'node24',
  minifySyntax: true,
  minifyWhitespace: true,
  ...together(chosen),
});

/**
 * Writes the bundle of a function into a file.
 * @returns what it consists of
 */
export async function bundle(
  entry: string,
  outfile: string,
  chosen?: readonly Trick[],
): Promise<Metafile> {
  const options = functionOptions(entry, chosen);
  return (await build({ ...options, outfile, metafile: true })).metafile;
}

/** Some tricks as one. */
export function together(chosen: readonly Trick[]): Trick {
  const alias = Object.assign({}, ...chosen.map((trick) => trick.alias));
  const plugins = chosen.flatMap((trick) => trick.plugins ?? []);
  return { ...Object.assign({}, ...chosen), alias, plugins };
}

function lazily(...names: readonly string[]): Readonly<Record<string, string>> {
  // esbuild reads all properties that an export has of its own, and some of them load modules: this has none.
  // What it makes of an import of a module below one of these, such as node:util/types, does not compile.
  const source = (name: string) =>
    `module.exports = Object.create(process.getBuiltinModule('${name}'));`;
  return Object.fromEntries(
    names.map((name) => [name, `data:text/javascript,${encodeURIComponent(source(name))}`]),
  );
}
