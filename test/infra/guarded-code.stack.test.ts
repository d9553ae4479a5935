import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Code,
  type FunctionProps,
  Function as LambdaFunction,
  LayerVersion,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import {
  AccessTokenGuard,
  type AccessTokenGuardProps,
} from '../../infra/authorizer/access-token-guard.ts';
import { missingGuard } from '../../infra/authorizer/guarded-code.ts';
import { scratchDirectory, scratchStack } from './synthesis.ts';

const root = resolve(import.meta.dirname, '../..');

/** A folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = scratchDirectory();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** What the synthesis says of the code of a function with a guard. */
function warningsOf(
  folder: string | Code,
  special: Partial<FunctionProps> = {},
  revocation: Pick<AccessTokenGuardProps, 'refuseRevokedWithin'> = {},
): string[] {
  const stack = scratchStack();
  const guarded = new LambdaFunction(stack, 'Orders', {
    code: typeof folder === 'string' ? Code.fromAsset(folder) : folder,
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    timeout: Duration.seconds(10),
    ...special,
    ...(special.layers && { layers: [layerOf(stack)] }),
  });
  new AccessTokenGuard(stack, 'Guard', {
    function: guarded,
    httpApis: [new HttpApi(stack, 'Api')],
    issuer: 'https://auth.example.com',
    audience: 'https://api.example.com',
    routes: { $default: [] },
    boundTokens: { publicUrl: 'https://api.example.com' },
    ...revocation,
  });
  for (const { node } of stack.node.findAll()) node.validate();
  return Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => String(entry.data))
    .filter((text) => /no-guard-in-code|guard-of-earlier-version/.test(text));
}

const layerOf = (stack: ReturnType<typeof scratchStack>) =>
  new LayerVersion(stack, 'Layer', { code: Code.fromAsset(folderWith({ a: 'b' })) });

const open = 'export const handler = async () => ({ statusCode: 200 });';

/** The code of an owner, with our guard in it, as a bundler makes one file of it. */
async function bundled(source: string, minify: boolean): Promise<string> {
  const folder = scratchDirectory();
  await build({
    stdin: { contents: source, resolveDir: root, loader: 'ts' },
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    minify,
  });
  return folder;
}

const guardModule = join(root, 'functions/authorizer/guard/index.ts');

describe('code in which a guard is', () => {
  test.for([
    ['a wrapper', 'guard(async () => 1)', false],
    ['a wrapper, minified', 'guard(async () => 1)', true],
    ['a middleware, minified', 'middy(async () => 1).use(accessTokenGuard())', true],
  ] as const)('I16: %s, bundled: no warning', async ([, handler, minify]) => {
    const imports = `import middy from '@middy/core'; import { accessTokenGuard, guard } from '${guardModule}';`;
    const source = `${imports} export const handler = ${handler};`;
    expect(warningsOf(await bundled(source, minify))).toEqual([]);
  });

  test('I16: imported, and never used: a warning, since a bundler leaves it out', async () => {
    const source = `import { guard } from '${guardModule}'; ${open}`;
    expect(warningsOf(await bundled(source, false))).toEqual([
      expect.stringContaining('nothing in the code of "Scratch/Orders" is a guard'),
    ]);
  });

  test('I16: in a file beside the one with the handler, or in its packages: no warning', () => {
    const beside = { 'index.mjs': open, 'lib/shared.cjs': 'const folder = "/opt/countersign";' };
    expect(warningsOf(folderWith(beside))).toEqual([]);
    const packages = { 'index.mjs': open, 'node_modules/shared/index.js': '' };
    expect(warningsOf(folderWith(packages))).toEqual([]);
  });
});

describe('code with refuseRevokedWithin', () => {
  const refusing = { refuseRevokedWithin: Duration.seconds(10) };
  const earlier = { 'index.mjs': 'const folder = "/opt/countersign";' };

  test('I13: and a guard that asks, minified: no warning', async () => {
    const source = `import { guard } from '${guardModule}'; export const handler = guard(async () => 1);`;
    expect(warningsOf(await bundled(source, true), {}, refusing)).toEqual([]);
  });

  test('I13: and a guard of an earlier version, which does not: a warning', () => {
    expect(warningsOf(folderWith(earlier), {}, refusing)).toEqual([
      expect.stringMatching(
        /^the guard in the code of "Scratch\/Orders" is of an earlier version, which lets in what was taken back,/,
      ),
    ]);
    expect(warningsOf(folderWith(earlier))).toEqual([]);
  });

  test('I13: and no guard: what a guard would do is not said', () => {
    expect(warningsOf(folderWith({ 'index.mjs': open }), {}, refusing)).toEqual([
      expect.stringMatching(/^nothing in the code/),
    ]);
  });
});

describe('code in which none is', () => {
  test.for(['index.mjs', 'index.js', 'index.cjs'])('I16: %s: a warning', (name) => {
    expect(warningsOf(folderWith({ [name]: open }))).toEqual([
      expect.stringMatching(
        /^nothing in the code of "Scratch\/Orders" is a guard, so that whoever calls/,
      ),
    ]);
  });

  test.for(["require('countersign/guard')", 'import { guard } from "countersign/guard"'])(
    'I16: %s and no packages: it would fail, says a warning',
    (source) => {
      expect(
        warningsOf(folderWith({ 'app/orders.js': source }), { handler: 'app/orders.run' }),
      ).toEqual([
        expect.stringMatching(
          /^the code of "Scratch\/Orders" imports countersign\/guard, which is not in it/,
        ),
      ]);
    },
  );
});

describe('code that nobody can see: no warning', () => {
  test.for<[string, () => string | Code, Partial<FunctionProps>]>([
    ['inline', () => Code.fromInline(open), {}],
    ['an archive', () => archive(), {}],
    ['another language', () => folderWith({ 'index.js': open }), { runtime: Runtime.PYTHON_3_13 }],
    ['a layer', () => folderWith({ 'index.js': open }), { layers: [] }],
    ['a handler that is elsewhere', () => folderWith({ 'other.js': open }), {}],
    [
      'very many files',
      () => folderWith(Object.fromEntries([...Array(501).keys()].map((n) => [`${n}.js`, open]))),
      { handler: '7.handler' },
    ],
  ])('I16: %s', ([, code, special]) => {
    expect(warningsOf(code(), special)).toEqual([]);
  });

  test('I16: what was not bundled for this command', () => {
    const stack = scratchStack();
    stack.node.setContext('aws:cdk:bundling-stacks', []);
    const guarded = new LambdaFunction(stack, 'Orders', {
      code: Code.fromAsset(folderWith({ 'index.js': open })),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
    });
    expect(missingGuard(guarded)).toBeUndefined();
  });
});

/** An empty archive of zip. */
function archive(): string {
  const folder = folderWith({ 'code.zip': 'PK\u0005\u0006'.padEnd(22, '\0') });
  return join(folder, 'code.zip');
}
