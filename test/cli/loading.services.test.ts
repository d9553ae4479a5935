import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** What a command loads before it knows what to do: the time to start is made of that. */

const bin = join(import.meta.dirname, '../../cli/countersign.ts');
const tellingLoads = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context); } });
`)}`;

async function packagesOf(...parameters: readonly string[]): Promise<readonly string[]> {
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', tellingLoads, bin, ...parameters],
    { maxBuffer: 10_000_000 },
  );
  expect(stderr).toContain('/cli/countersign.ts\n');
  const packages = stderr.matchAll(/\/node_modules\/((?:@[^/]+\/)?[^/]+)\//g);
  return [...new Set([...packages].map(([, name = '']) => name))].sort();
}

test.for([['--help'], ['--version'], ['help']])(
  '%s loads the parser of the command line alone',
  async (given) => {
    expect(await packagesOf(...given)).toEqual(['commander']);
  },
);

test.for([
  ['client', '--help'],
  ['client', 'create', '--help'],
  ['client', 'trust', 'test', '--help'],
  ['resource', '--help'],
  ['key', 'revoke', '--help'],
  ['keypair', '--help'],
  ['token', '--help'],
  ['token', 'revoke', '--help'],
  ['revocation', 'list', '--help'],
  ['history', '--help'],
  ['dpop-proof', '--help'],
  ['doctor', '--help'],
  ['cost', '--help'],
])('%s %s loads nothing of AWS', async (given) => {
  const packages = await packagesOf(...given);
  expect(packages).toContain('commander');
  expect(packages.filter((name) => /^@(aws|smithy)/.test(name))).toEqual([]);
});
