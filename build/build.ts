import { parseArgs } from 'node:util';
import { projectRoot } from './bundling.ts';
import { compare } from './compare.ts';
import { allFiles, buildAll, buildFunctions } from './dist.ts';

/**
 * `npm run build`: makes dist/. With `functions`: the bundles of Lambda alone. With `--compare PACKAGE`, the
 * file that npm pack makes or a folder: builds in memory, and fails unless the package has the same bytes.
 */

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { compare: { type: 'string' } },
});
if (values.compare !== undefined) await compareWith(values.compare);
else await (positionals.includes('functions') ? buildFunctions() : buildAll());

async function compareWith(path: string): Promise<void> {
  const { digests, differences } = compare(await allFiles(), path, projectRoot);
  for (const line of digests) process.stdout.write(`${line}\n`);
  for (const line of differences) process.stderr.write(`${line}\n`);
  process.stderr.write(
    differences.length === 0
      ? `All ${digests.length} files are the same as here.\n`
      : `${differences.length} files differ.\n`,
  );
  process.exitCode = differences.length === 0 ? 0 : 1;
}
