import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { bundle } from '../../build/bundling.ts';
import { createApp } from '../../infra/app/countersign-app.ts';
import { tokenFunctionBundle } from '../bundles/token-function.ts';

const outdir = mkdtempSync(join(tmpdir(), 'countersign-bundles-'));
afterAll(() => rmSync(outdir, { recursive: true }));

// The CDK's check of the templates is on: an error of CloudFormation's schema would fail here.
const functions = createApp({ outdir })
  .synth()
  .stacksRecursively.flatMap(({ template, assembly }) =>
    Object.entries<LambdaResource>(template.Resources)
      .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
      .map(([id, { Properties, Metadata }]) => ({
        id: id.slice(0, -8),
        properties: Properties,
        folder: resolve(assembly.directory, Metadata['aws:asset:path']),
      })),
  );

interface LambdaResource {
  readonly Type: string;
  readonly Properties: {
    readonly Handler: string;
    readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
  };
  readonly Metadata: { readonly 'aws:asset:path': string };
}

const developmentOnly = [
  'aws-cdk-lib',
  'cdk-nag',
  'dynalite',
  'fast-check',
  'commander',
  'cli-table3',
];

// What is reached, and a little more: what makes one much bigger should be known to.
const kilobytes: Readonly<Record<string, number>> = {
  AuthorizationServerTokenFunction: 281,
  AuthorizationServerDiscoveryFunction: 186,
  AuthorizationServerRevocationFunction: 265,
  AuthorizationServerIntrospectionFunction: 283,
  AuthorizationServerRevocationListFunction: 213,
  AuthorizationServerKeyRotationFunction: 264,
  AuthorizationServerClientAdministration: 333,
  AuthorizationServerImportedSecretsFunction: 260,
  AuthorizationServerHistoryFunction: 60,
  AuthorizerFunction: 239,
  GuardedFunction: 242,
  GuardMetadataFunction: 2,
  Function: 1,
};

const seconds: Readonly<Record<string, number>> = {
  AuthorizationServerKeyRotationFunction: 60,
  AuthorizationServerClientAdministration: 120,
  AuthorizationServerHistoryFunction: 60,
  AuthorizationServerTokenFunction: 20,
  AuthorizationServerRevocationFunction: 20,
  AuthorizationServerIntrospectionFunction: 20,
};

const memory: Readonly<Record<string, number>> = {
  AuthorizationServerImportedSecretsFunction: 1769,
};

/** What CloudFormation would make of a variable that the template does not know the value of. */
function resolved(name: string): string {
  if (name === 'METADATA') return '{"resource":"https://api.example.com"}';
  return name.endsWith('_ROLE') ? 'arn:aws:iam::111122223333:role/a' : 'https://auth.example.com';
}

test('each function has a bundle', () => {
  expect(functions.map(({ id }) => id).sort()).toEqual(Object.keys(kilobytes).sort());
});

describe.for(functions)('$id', ({ id, folder, properties }) => {
  const file = resolve(folder, 'index.mjs');
  const source = readFileSync(file, 'utf8');

  test('is one ES module for Node 24 on arm64', () => {
    expect(readdirSync(folder)).toEqual(['index.mjs']);
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: memory[id] ?? 512,
      Timeout: seconds[id] ?? 10,
    });
  });

  test('loads alone, in the environment that the template gives it', async () => {
    const variables = Object.entries(properties.Environment?.Variables ?? {}).map(
      ([name, value]) => [name, typeof value === 'string' ? value : resolved(name)],
    );
    const script = `const { handler } = await import(${JSON.stringify(file)}); console.log(typeof handler);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script],
      { cwd: folder, env: { AWS_REGION: 'us-east-1', ...Object.fromEntries(variables) } },
    );
    expect(stdout).toBe('function\n');
  });

  const imported = [...source.matchAll(/\b(?:from|import)\(?"([^"]+)"/g)].map(
    ([, specifier = '']) => specifier,
  );

  test('imports what Node has and nothing else', () => {
    expect(imported.filter((specifier) => !isBuiltin(specifier))).toEqual([]);
  });

  test('imports no module of Node that loads others for nothing', () => {
    const slow = ['node:fs', 'node:http', 'node:net', 'node:process', 'node:util'];
    expect(imported.filter((specifier) => slow.includes(specifier))).toEqual([]);
  });

  test('has nothing of what only development needs', () => {
    const found = developmentOnly.filter((name) => source.includes(name));
    expect(found).toEqual([]);
  });

  test('is as small as it should be', () => {
    expect(Buffer.byteLength(source)).toBeLessThan(1024 * (kilobytes[id] ?? 0));
  });
});

test('the bundle of an authorizer of bearer tokens is much smaller', async () => {
  const file = join(outdir, 'authorizer.mjs');
  await bundle('authorizer/index', file);
  expect(readFileSync(file).byteLength).toBeLessThan(1024 * 39);
});

describe('the bundle of the token function', () => {
  const token = functions.find(({ id }) => id === 'AuthorizationServerTokenFunction');
  tokenFunctionBundle(resolve(token?.folder ?? '', 'index.mjs'));
});
