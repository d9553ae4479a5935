import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bundle, tricks } from '../../build/bundling.ts';
import * as noConfigurationFiles from '../../build/stand-ins/no-configuration-files.ts';
import * as noCredentialProviders from '../../build/stand-ins/no-credential-providers.ts';
import * as noEndpointDiscovery from '../../build/stand-ins/no-endpoint-discovery.ts';

const outdir = mkdtempSync(join(tmpdir(), 'countersign-tricks-'));
afterAll(() => rmSync(outdir, { recursive: true }));

// A name that a module of the SDK has and its stand-in has not fails synthesis; these are the other ways round.
describe('after an update of the SDK', () => {
  test.for([
    ['@aws-sdk/credential-provider-node', noCredentialProviders],
    ['@aws-sdk/middleware-endpoint-discovery', noEndpointDiscovery],
    ['@smithy/core/config', noConfigurationFiles],
  ] as const)('%s still has all that its stand-in has', async ([name, standIn]) => {
    const real = await import(name);
    expect(Object.keys(real)).toEqual(expect.arrayContaining(Object.keys(standIn)));
  });

  test('@smithy/core/event-streams is still what is loaded for event streams alone', async () => {
    const name = '@smithy/core/event-streams';
    expect(await import(name)).toHaveProperty('EventStreamSerde');
  });

  test('each stand-in still stands for something, and keeps it out', () => {
    const inputs = Object.keys(bundle('token/index', join(outdir, 'token.mjs')).inputs);
    const aliases: Readonly<Record<string, string>> = Object.assign(
      {},
      ...Object.values(tricks).map((trick) => ('alias' in trick ? trick.alias : {})),
    );
    const standIns = Object.values(aliases).filter((path) => !path.startsWith('data:'));
    const root = join(import.meta.dirname, '../..');
    expect(inputs).toEqual(expect.arrayContaining(standIns.map((path) => relative(root, path))));
    const leftOut = /credential-provider-(?!env)|nested-clients|eventstream|shared-ini-file-loader/;
    expect(inputs.filter((path) => leftOut.test(path))).toEqual([]);
  });

  test('a module below one of the lazy builtins is not mistaken for it', () => {
    const imports = (name: string) => `import * as it from '${name}'; export const handler = it;`;
    writeFileSync(join(outdir, 'index.ts'), imports('node:util'));
    bundle(join(outdir, 'index'), join(outdir, 'good.mjs'));
    writeFileSync(join(outdir, 'index.ts'), imports('node:util/types'));
    expect(() => bundle(join(outdir, 'index'), join(outdir, 'bad.mjs'))).toThrow(
      'Unterminated regular expression',
    );
  });
});
