import { relative, resolve, sep } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { settingsSchema } from '../infra/settings/settings-schema.ts';
import { type BuiltFile, removeOthers, writeBuilt } from './built-files.ts';
import { projectRoot } from './bundling.ts';
import { declarations } from './declarations.ts';
import { withOwnSources } from './source-map.ts';
import { functionBundles, libraryBundles } from './targets.ts';

const dist = resolve(projectRoot, 'dist');

/** Makes the bundles of Lambda, which is all that a synthesis in the checkout needs. */
export async function buildFunctions(): Promise<void> {
  await writeBuilt(dist, await bundled(functionBundles));
}

/** Makes all of dist/, and removes from it what is no longer made. */
export async function buildAll(): Promise<void> {
  const files = await allFiles();
  await writeBuilt(dist, files);
  await removeOthers(dist, files);
}

/** All files of dist/, as the sources of today make them. */
export async function allFiles(): Promise<readonly BuiltFile[]> {
  const files = await Promise.all([
    bundled(functionBundles),
    bundled(libraryBundles),
    declarations(),
  ]);
  return [...files.flat(), moduleKind, schema()];
}

/** What editors know the settings of countersign.json by. */
const schema = (): BuiltFile => ({
  path: 'countersign.schema.json',
  contents: Buffer.from(`${JSON.stringify(settingsSchema(), undefined, 2)}\n`),
});

/** What `.js` is in dist/. */
const moduleKind: BuiltFile = {
  path: 'package.json',
  contents: Buffer.from('{"type":"commonjs"}\n'),
};

async function bundled(bundles: readonly BuildOptions[]): Promise<readonly BuiltFile[]> {
  const results = await Promise.all(bundles.map((options) => build({ ...options, write: false })));
  return results
    .flatMap(({ outputFiles }) => outputFiles)
    .map(({ path, contents }) => ({
      path: relative(dist, path).replaceAll(sep, '/'),
      contents: path.endsWith('.map') ? withOwnSources(contents) : contents,
    }));
}
