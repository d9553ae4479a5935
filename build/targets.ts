import type { BuildOptions } from 'esbuild';
import { functionOptions, reproducible, together, tricks } from './bundling.ts';

/** The modules under functions/ that are functions of Lambda, without their endings. */
const functionEntries = [
  'administration/index',
  'authorizer/bound-tokens',
  'authorizer/index',
  'authorizer/revocation-table',
  'claims-hook/index',
  'demo-api/guarded',
  'demo-api/index',
  'discovery/index',
  'history/index',
  'imported-secrets/index',
  'introspection/index',
  'key-rotation/index',
  'protected-resource/index',
  'revocation-list/index',
  'revocation/index',
  'token/index',
] as const;

/** What others run on Node 22, too; the names of its classes stay, since others read its stack traces. */
const library = {
  ...reproducible,
  target: 'node22.12',
  sourcemap: 'linked',
  // In a CommonJS file nothing else of import.meta has a meaning, and a use of it fails the build.
  logOverride: { 'empty-import-meta': 'error' },
} as const satisfies BuildOptions;

/** What the app of an owner brings: never within a bundle. */
const external = ['aws-cdk-lib', 'constructs'];

const commonJs = {
  format: 'cjs',
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
} as const;

/** It is read each time that a command is typed. */
const small = { minifySyntax: true, minifyWhitespace: true } as const;

const { 'short names': _, ...ofLibraries } = tricks;
/** Whitespace stays: Node shows the line that throws, which otherwise is the whole file. */
const inLambda = { ...together(Object.values(ofLibraries)), minifySyntax: true };

/** A file of dist/, and of which module it is made. */
interface Target {
  readonly to: string;
  readonly from: string;
  readonly options: BuildOptions;
}

const targets: readonly Target[] = [
  { to: 'index.js', from: 'infra/index.ts', options: { ...commonJs, external } },
  {
    to: 'guard/index.cjs',
    from: 'functions/authorizer/guard/index.ts',
    options: { ...commonJs, ...inLambda },
  },
  {
    to: 'guard/index.mjs',
    from: 'functions/authorizer/guard/index.ts',
    options: { ...inLambda, format: 'esm' },
  },
  { to: 'testing/index.cjs', from: 'testing/index.ts', options: commonJs },
  {
    to: 'cli/countersign.mjs',
    from: 'cli/countersign.ts',
    // What is imported by import() is a file of its own, so that a command loads what it needs.
    options: {
      ...small,
      format: 'esm',
      splitting: true,
      chunkNames: 'cli/[name]-[hash]',
      external,
    },
  },
];

/** The bundles of Lambda: all that a synthesis needs. */
export const functionBundles: readonly BuildOptions[] = functionEntries.map((entry) => ({
  ...functionOptions(entry),
  outfile: `dist/functions/${entry}/index.mjs`,
}));

/** What owners import and run. */
export const libraryBundles: readonly BuildOptions[] = targets.map(({ to, from, options }) => ({
  ...library,
  ...options,
  entryPoints: { [to.replace(/\.\w+$/, '')]: from },
  outdir: 'dist',
  outExtension: { '.js': to.slice(to.lastIndexOf('.')) },
}));
