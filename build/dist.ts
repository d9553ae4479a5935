import { relative, resolve, sep } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { settingsSchema } from '../infra/settings/settings-schema.ts';
import { declarationSchema } from '../registry/declared/schema/json-schema.ts';
import { type BuiltFile, removeOthers, writeBuilt } from './built-files.ts';
import { projectRoot } from './bundling.ts';
import { declarations } from './declarations.ts';
import { withOwnSources } from './source-map.ts';
import { functionBundles, libraryBundles } from './targets.ts';
import { licencesText } from './third-party/licences.ts';
import { type BundledPackage, bundledPackages } from './third-party/packages.ts';

const dist = resolve(projectRoot, 'dist');

/** Makes the bundles of Lambda, which is all that a synthesis in the checkout needs. */
export async function buildFunctions(): Promise<void> {
  const { files } = await bundled(functionBundles);
  await writeBuilt(dist, files);
}

/** Makes all of dist/, and removes from it what is no longer made. */
export async function buildAll(): Promise<void> {
  const files = await allFiles();
  await writeBuilt(dist, files);
  await removeOthers(dist, files);
}

/** All files of dist/, as the sources of today make them. */
export async function allFiles(): Promise<readonly BuiltFile[]> {
  const [{ files, packages }, types] = await Promise.all([
    bundled([...functionBundles, ...libraryBundles]),
    declarations(),
  ]);
  return [...files, ...types, moduleKind, ...schemas(), licences(packages)];
}

/** What editors know files by: the settings of countersign.json, and the clients of `countersign apply`. */
const schemas = (): readonly BuiltFile[] => [
  schemaFile('countersign.schema.json', settingsSchema()),
  schemaFile('clients.schema.json', declarationSchema()),
];

const schemaFile = (path: string, schema: object): BuiltFile => ({
  path,
  contents: Buffer.from(`${JSON.stringify(schema, undefined, 2)}\n`),
});

/** What `.js` is in dist/. */
const moduleKind: BuiltFile = {
  path: 'package.json',
  contents: Buffer.from('{"type":"commonjs"}\n'),
};

/** The licences of what is in the bundles. */
const licences = (packages: readonly BundledPackage[]): BuiltFile => ({
  path: 'THIRD-PARTY-LICENSES.txt',
  contents: Buffer.from(licencesText(packages)),
});

/** The packages of others of which something is in a bundle that is published. */
export async function publishedPackages(): Promise<readonly BundledPackage[]> {
  return (await bundled([...functionBundles, ...libraryBundles])).packages;
}

/** Bundles, and what of others is in them. */
interface Bundled {
  readonly files: readonly BuiltFile[];
  readonly packages: readonly BundledPackage[];
}

async function bundled(bundles: readonly BuildOptions[]): Promise<Bundled> {
  const results = await Promise.all(
    bundles.map((options) => build({ ...options, write: false, metafile: true })),
  );
  const files = results
    .flatMap(({ outputFiles }) => outputFiles)
    .map(({ path, contents }) => ({
      path: relative(dist, path).replaceAll(sep, '/'),
      contents: path.endsWith('.map') ? withOwnSources(contents) : contents,
    }));
  const metafiles = results.map(({ metafile }) => metafile);
  return { files, packages: bundledPackages(metafiles, projectRoot) };
}
