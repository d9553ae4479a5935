import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { libraryBundles } from '../../build/targets.ts';
import { synthesize } from '../infra/synthesis.ts';
import { inProcess } from './command.ts';

const root = resolve(import.meta.dirname, '../..');
const app = mkdtempSync(join(tmpdir(), 'countersign-init-'));
afterAll(() => rmSync(app, { recursive: true }));

// As npm install would leave it: the constructs as they are built, the bundles, and the CDK.
beforeAll(async () => {
  expect(await inProcess(['init', app, '--from', '0.1.0'])).toMatchObject({ exitCode: 0 });
  const dist = join(app, 'node_modules/countersign/dist');
  mkdirSync(dist, { recursive: true });
  copyFileSync(join(root, 'package.json'), join(dist, '../package.json'));
  writeFileSync(join(dist, 'package.json'), '{"type":"commonjs"}');
  symlinkSync(join(root, 'dist/functions'), join(dist, 'functions'));
  for (const name of ['aws-cdk-lib', 'constructs']) {
    symlinkSync(join(root, 'node_modules', name), join(app, 'node_modules', name));
  }
  const constructs = libraryBundles.find(
    ({ entryPoints }) => JSON.stringify(entryPoints) === entry,
  );
  await build({ ...constructs, outdir: dist });
});

const entry = JSON.stringify({ index: 'infra/index.ts' });

/** Runs the app as `cdk` does, by its cdk.json, and gives the template of its one stack. */
async function template() {
  const { app: command, context } = JSON.parse(readFileSync(join(app, 'cdk.json'), 'utf8'));
  const outdir = join(app, 'cdk.out');
  const env = {
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:enable-asset-metadata': true }),
    CDK_VALIDATION: 'false',
  };
  const [, ...parameters] = command.split(' ');
  await promisify(execFile)(process.execPath, parameters, { cwd: app, env });
  return JSON.parse(readFileSync(join(outdir, 'Countersign.template.json'), 'utf8'));
}

test('what countersign init makes deploys the same stack as this repository', async () => {
  expect(await template()).toEqual(synthesize().countersign.toJSON());
});

test('and by its settings file as by a context', async () => {
  const settings = { stackName: 'Staging', issuer: 'https://auth.example.com', tokenReuse: 60 };
  writeFileSync(join(app, 'countersign.json'), JSON.stringify(settings));
  expect(await template()).toEqual(synthesize(settings).countersign.toJSON());
});
