import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runInEmulator } from '../deploy/emulator-run.ts';
import { packInto } from '../package/support/pack.ts';
import { run } from '../package/support/run.ts';
import { installAll } from '../tools/installation/all.ts';
import { awsCli } from '../tools/installation/aws.ts';
import { cdkPython } from '../tools/installation/cdk-python.ts';
import { sam } from '../tools/installation/sam.ts';

/**
 * `npm run walkthrough`: from empty folders to guarded calls, with the package as npm packs it, in an emulator
 * of AWS. `--report FILE` writes down what was typed and printed. Other parameters go to vitest.
 */
const { values, tokens } = parseArgs({
  options: { report: { type: 'string' } },
  strict: false,
  allowPositionals: true,
  tokens: true,
});
const own = tokens.find((token) => token.kind === 'option' && token.name === 'report');
if (own) process.argv.splice(own.index + 2, own.kind === 'option' && own.inlineValue ? 1 : 2);

await runInEmulator({
  tests: 'test/walkthrough/run',
  prepare: async (preparation) => {
    const variables = await installAll(preparation, [awsCli, sam, cdkPython]);
    preparation.print('Packing');
    return {
      ...variables,
      TARBALL: await packInto(preparation.directory),
      NPM_VARIABLES: JSON.stringify(await npmVariables(preparation.environment)),
      ...(values.report !== undefined && { REPORT: resolve(String(values.report)) }),
    };
  },
});

/** What the user has set of npm that leads to the registry: all else of him stays out. */
async function npmVariables({ NODE_EXTRA_CA_CERTS }: NodeJS.ProcessEnv) {
  const names = ['cache', 'registry', 'cafile', 'https-proxy'];
  const { stdout } = await run('npm', ['config', 'list', '--long', '--json']);
  const settings: Readonly<Record<string, unknown>> = JSON.parse(stdout);
  const set = names.flatMap((name) => {
    const value = settings[name];
    return typeof value === 'string' ? [[`npm_config_${name.replace('-', '_')}`, value]] : [];
  });
  return { ...Object.fromEntries(set), NODE_EXTRA_CA_CERTS };
}
