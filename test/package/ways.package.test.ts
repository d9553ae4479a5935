import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { assemblyIn, compile, makeApp, nodes, synthesize, type Way } from './support/owner-app.ts';
import { run } from './support/run.ts';

const owner = inject('owner');
const tsx = ['../node_modules/tsx/dist/cli.mjs', 'app.ts'];
const tsNode = ['--require', '../node_modules/ts-node/register/index.js', 'app.ts'];
const compiled = ['out/app.js'];
// What cdk init wrote for years, and compilers before 6 know.
const classic = { module: 'CommonJS', moduleResolution: 'node10' };

const ways: Readonly<Record<string, Way>> = {
  'tsx, CommonJS': { type: 'commonjs', start: tsx },
  'tsx, an ES module': { type: 'module', start: tsx },
  'ts-node, CommonJS': { type: 'commonjs', modules: classic, start: tsNode },
  'ts-node, NodeNext': { type: 'commonjs', start: tsNode },
  'TypeScript 7, CommonJS': { type: 'commonjs', compiler: 'typescript-7', start: compiled },
  'TypeScript 7, an ES module': { type: 'module', compiler: 'typescript-7', start: compiled },
  'TypeScript 5.9, CommonJS': {
    type: 'commonjs',
    modules: classic,
    compiler: 'typescript',
    start: compiled,
  },
  'TypeScript 5.9, an ES module': { type: 'module', compiler: 'typescript', start: compiled },
};

const assemblies: ReturnType<typeof assemblyIn>[] = [];

describe.for(Object.entries(ways))('%s', ([name, way]) => {
  const folder = makeApp(owner, name.replace(/\W+/g, '-'), way);

  beforeAll(async () => {
    // All declarations are read, those of the CDK too; the slower compiler reads those that are imported.
    const skipsOthers = String(way.compiler === 'typescript');
    if (way.compiler) await compile(folder, way.compiler, ['--skipLibCheck', skipsOthers]);
  });

  test.for(Object.entries(nodes))('Node %s makes the same as any other way', async ([, node]) => {
    const { stderr, ...assembly } = await synthesize(node, folder, way.start);
    assemblies.push(assembly);
    expect(stderr).toBe('');
    expect(Object.keys(assembly.templates)).toEqual([
      'Api.template.json',
      'Plain.template.json',
      'Strict.template.json',
    ]);
    expect(assembly).toEqual(assemblies[0]);
  });

  test.for(Object.entries(nodes))(
    'Node %s has the guard and an issuer for tests',
    async ([, node]) => {
      const start = way.start.map((parameter) => parameter.replace(/\bapp\b/, 'api'));
      const { stdout } = await run(node, start, { cwd: folder });
      expect(stdout).toBe('guard,accessTokenGuard 3\n');
    },
  );
});

test('in what cdk init makes, cdk synth synthesizes', async () => {
  const cdk = join(import.meta.dirname, '../../node_modules/aws-cdk/bin/cdk');
  const folder = join(owner, 'made-by-cdk-init');
  mkdirSync(folder);
  const init = ['init', 'app', '--language', 'typescript', '--generate-only'];
  await run(process.execPath, [cdk, ...init], { cwd: folder });
  const [file = ''] = readdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', file), readFileSync(join(owner, 'app.ts')));
  // It needs jest, which is not what is tried here.
  rmSync(join(folder, 'test'), { recursive: true });
  const types = ['--types', 'node', '--typeRoots', join(owner, 'node_modules/@types')];
  await compile(folder, 'typescript-7', types);
  // npx, of which it is the default, looks for packages in this very folder alone.
  const start = `${process.execPath} ../node_modules/tsx/dist/cli.mjs bin/${file}`;
  await run(process.execPath, [cdk, 'synth', '--quiet', '--app', start], { cwd: folder });
  const { templates } = assemblyIn(join(folder, 'cdk.out'));
  expect(Object.keys(templates)).toContain('Plain.template.json');
});
