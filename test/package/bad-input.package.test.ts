import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { failureOf } from './support/run.ts';

const owner = inject('owner');
const modules = join(owner, 'node_modules');
const leastModules = join(inject('least'), 'node_modules');

/** Another Node, as far as it says itself. */
const playing = (version: string) => [
  '--import',
  `data:text/javascript,Object.defineProperty(process, 'version', { value: '${version}' })`,
];

let projects = 0;

/** A project with the package, and these packages of those that are installed. */
function project(names: Readonly<Record<string, string>>): string {
  projects += 1;
  const folder = join(owner, `../project-${projects}`);
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  cpSync(join(modules, 'countersign'), join(folder, 'node_modules/countersign'), {
    recursive: true,
  });
  for (const [name, from] of Object.entries(names)) {
    symlinkSync(join(from, name), join(folder, 'node_modules', name));
  }
  return folder;
}

/** A package of which nothing but the version is there, so that whatever loads it fails otherwise. */
function onlyVersion(folder: string, name: string, version: string): void {
  const place = join(folder, 'node_modules', name);
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), JSON.stringify({ name, version }));
}

const both = { 'aws-cdk-lib': modules, constructs: modules };
const importing = ['--input-type=module', '--eval', "import 'countersign';"];
const requiring = ['--eval', "require('countersign');"];
const command = ['node_modules/countersign/cli/countersign.mjs', '--version'];

const failureIn = (cwd: string, parameters: readonly string[]) =>
  failureOf(process.execPath, parameters, { cwd });

describe('one sentence, before anything is loaded', () => {
  test.for(['v20.20.2', 'v18.20.8', 'v22.11.0'])('by the Node %s', async (version) => {
    const folder = project(both);
    const sentence = `countersign needs Node 22.12 or newer, and was started by ${version}`;
    for (const parameters of [importing, requiring]) {
      const stderr = await failureIn(folder, [...playing(version), ...parameters]);
      expect(stderr).toContain(`ConfigurationError: ${sentence}.\n`);
    }
    expect(await failureIn(folder, [...playing(version), ...command])).toBe(`${sentence}\n`);
  });

  test.for([
    ['aws-cdk-lib', '2.223.0', '2.224.0'],
    ['constructs', '3.4.344', '10.0.0'],
  ] as const)('an old %s, though npm has let it in', async ([name, version, needed]) => {
    const { [name]: _, ...other } = both;
    const folder = project(other);
    onlyVersion(folder, name, version);
    expect(await failureIn(folder, requiring)).toContain(
      `ConfigurationError: countersign needs ${name} ${needed} or newer, and found ${version} in ` +
        `${join(folder, 'node_modules', name)}: update it with npm install ${name}@latest.\n`,
    );
  });

  test.for(['aws-cdk-lib', 'constructs'] as const)('without %s', async (name) => {
    const { [name]: _, ...other } = both;
    expect(await failureIn(project(other), importing)).toMatch(
      new RegExp(
        `ConfigurationError: countersign needs ${name} \\S+ or newer, and found none: install it with npm install ${name}\\.\n`,
      ),
    );
  });
});

describe('countersign template', () => {
  const template = ['node_modules/countersign/cli/countersign.mjs', 'template', '--out', 'plain'];

  test('without aws-cdk-lib', async () => {
    expect(await failureIn(project({ constructs: modules }), template)).toMatch(
      /^error: countersign needs aws-cdk-lib \S+ or newer, and found none: install it with npm install aws-cdk-lib\n$/,
    );
  });

  test('with an old one', async () => {
    const folder = project({ constructs: modules });
    onlyVersion(folder, 'aws-cdk-lib', '2.223.0');
    expect(await failureIn(folder, template)).toMatch(
      /^error: countersign needs aws-cdk-lib 2\.224\.0 or newer, and found 2\.223\.0 in \S+: update it with npm install aws-cdk-lib@latest\n$/,
    );
  });
});

const makingStack = [
  '--eval',
  `const { App } = require('aws-cdk-lib');
   const { CountersignStack } = require('countersign');
   new CountersignStack(new App(), 'Countersign');`,
];

test('two copies of aws-cdk-lib: an app with one, in a folder with another', async () => {
  const folder = project(both);
  const app = join(folder, 'packages/app');
  mkdirSync(join(app, 'node_modules'), { recursive: true });
  symlinkSync(join(leastModules, 'aws-cdk-lib'), join(app, 'node_modules/aws-cdk-lib'));
  expect(await failureIn(app, makingStack)).toContain(
    'ConfigurationError: there are two copies of aws-cdk-lib: the app is made by another one than countersign ' +
      `imports, which is in ${join(modules, 'aws-cdk-lib')}: see with npm ls aws-cdk-lib who brings them, and ` +
      'leave one.\n',
  );
});

test.for([{}, { 'package.json': '{"name":"app"}' }])(
  'an app that was bundled with the package in it: %j',
  async (files) => {
    const folder = project(both);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    mkdirSync(join(folder, 'out'));
    cpSync(join(folder, 'node_modules/countersign/dist/index.js'), join(folder, 'out/app.cjs'));
    expect(await failureIn(folder, ['out/app.cjs'])).toContain(
      'ConfigurationError: countersign was bundled into another file, away from its functions of Lambda: leave it out ' +
        'of that bundle, as by --external:countersign of esbuild.\n',
    );
  },
);

test('a package without its bundles', async () => {
  const folder = project(both);
  const functions = join(folder, 'node_modules/countersign/dist/functions');
  rmSync(functions, { recursive: true });
  expect(await failureIn(folder, makingStack)).toMatch(
    /ConfigurationError: \S+ has no bundle: in a checkout of Countersign make it with npm run build, and as a package install countersign anew\.\n/,
  );
});
