import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'esbuild';

/** jose names its errors after their classes, whose names are minified. */
export const joseErrorNames = adapted(
  /[\\/]jose[\\/]dist[\\/]webapi[\\/]util[\\/]errors\.js$/,
  (text) => text.replaceAll(/^(?:export )?class (\w+) extends .*{$/gm, "$& static name = '$1';"),
);

/**
 * A client of the SDK registers each error that its service defines, so that all of them are in a bundle. Here
 * esbuild is told that it may leave out those that no function names. When a service answers with one, it is
 * an error with the same name and message all the same, of the client's general class.
 */
export function namedServiceErrors(functions: string): Plugin {
  const kept = new Set([...capitalWords(functions), ...retriedErrors]);
  const leftOut = '/* @__PURE__ */';
  return adapted(/[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/, (text) =>
    text.replaceAll(errorDefinition, (whole, name, schema, registration) =>
      kept.has(name)
        ? whole
        : `export var ${name}$ = ${leftOut} (() => ${schema})();\n${leftOut} ${registration}`,
    ),
  );
}

/** As the SDK writes them. */
const errorDefinition =
  /^export var (\w+)\$ = (\[-3, n0,[^;]*);\n(n0_registry\.registerError\(\1\$, \1\);)$/gm;

/** Those that the SDK tries again because their classes say so. */
export const retriedErrors = ['ReplicatedWriteConflictException'] as const;

/** A client reads its version of its manifest, of which esbuild would bundle the whole. */
export const clientVersions = adapted(/[\\/]client-[\w-]+[\\/]package\.json$/, (text) => {
  const { version }: { readonly version: string } = JSON.parse(text);
  return JSON.stringify({ version });
});

/** What may be a class, in all modules below a folder. */
const capitalWords = (folder: string): readonly string[] =>
  globSync('**/*.ts', { cwd: folder }).flatMap(
    (path) => readFileSync(resolve(folder, path), 'utf8').match(/\b[A-Z]\w+/g) ?? [],
  );

/** Changes the text of modules on their way into a bundle. */
function adapted(filter: RegExp, change: (text: string) => string): Plugin {
  return {
    name: String(filter),
    setup({ onLoad }) {
      onLoad({ filter }, ({ path }) => ({
        contents: change(readFileSync(path, 'utf8')),
        loader: 'default',
      }));
    },
  };
}
