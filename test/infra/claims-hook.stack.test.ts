import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { App, Duration } from 'aws-cdk-lib';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CountersignStack, type CountersignStackProps } from '../../infra/index.ts';
import { tokenEnvironment, tokenRequest } from '../support/a-token-function.ts';
import { type AwsStub, client_id, startAwsStub } from '../support/aws-stub.ts';
import { lambdaEnvironment, startInstance } from '../support/lambda-instance.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-claims-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file of an owner's. */
function owners(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

interface TokenResource {
  readonly Type: string;
  readonly Properties: { readonly Environment: { readonly Variables: Record<string, string> } };
  readonly Metadata: { readonly 'aws:asset:path': string };
}

let count = 0;

/** The token function as it is synthesized with these properties. */
function tokenFunction(props: CountersignStackProps) {
  count += 1;
  const context = { 'aws:cdk:enable-asset-metadata': true };
  const app = new App({ outdir: join(folder, `out-${count}`), context });
  const stack = new CountersignStack(app, 'Countersign', props);
  const { template, assembly } = app.synth().getStackArtifact(stack.artifactId);
  const [, token] =
    Object.entries<TokenResource>(template.Resources).find(
      ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.includes('TokenFunction'),
    ) ?? [];
  if (!token) throw new Error('there is no token function');
  const { CLAIMS_HOOK, CLAIMS_HOOK_TIMEOUT } = token.Properties.Environment.Variables;
  const code = resolve(assembly.directory, token.Metadata['aws:asset:path']);
  return {
    code,
    hook: { CLAIMS_HOOK: String(CLAIMS_HOOK), CLAIMS_HOOK_TIMEOUT: String(CLAIMS_HOOK_TIMEOUT) },
  };
}

describe('a hook that is deployed', () => {
  let aws: AwsStub;
  beforeAll(async () => {
    aws = await startAwsStub();
  });
  afterAll(() => aws.close());

  /** Asks the token function for a token, as Lambda would run it. */
  async function asked({ code, hook }: ReturnType<typeof tokenFunction>) {
    const environment = { ...lambdaEnvironment(aws.endpoint), ...tokenEnvironment, ...hook };
    const instance = startInstance(join(code, 'index.mjs'), environment);
    try {
      const { response } = await instance.invoke(tokenRequest);
      return { statusCode: response.statusCode, body: JSON.parse(response.body) };
    } finally {
      await instance.stop();
    }
  }

  test('E10: adds its claims to a token', async () => {
    const file = owners('claims.mjs', 'export default ({ client_id }) => ({ tenant: client_id });');
    const token = tokenFunction({ claimsHook: file, claimsHookTimeout: Duration.millis(50) });
    expect(token.hook).toEqual({ CLAIMS_HOOK: 'hook.mjs', CLAIMS_HOOK_TIMEOUT: '50' });
    expect(readdirSync(token.code).sort()).toEqual(['claims-hook', 'index.mjs']);
    expect(readdirSync(join(token.code, 'claims-hook')).sort()).toEqual(['hook.mjs', 'index.mjs']);
    const { body } = await asked(token);
    expect(decodeJwt(body.access_token)).toMatchObject({ client_id, tenant: client_id });
  });

  test('E10: no token comes of one that is not there any more', async () => {
    const file = owners('gone.mjs', 'export default () => ({});');
    const token = tokenFunction({ claimsHook: file });
    rmSync(join(token.code, 'claims-hook/hook.mjs'));
    expect(await asked(token)).toMatchObject({
      statusCode: 503,
      body: { error: 'temporarily_unavailable' },
    });
  });

  test.for([
    ['a.cjs', 'module.exports = () => ({ a: 1 });', 'hook.cjs'],
    ['module/a.js', 'export default () => ({ a: 1 });', 'hook.mjs'],
    ['common/a.js', 'module.exports = () => ({ a: 1 });', 'hook.cjs'],
    ['unsaid/a.js', 'export default () => ({ a: 1 });', 'hook.js'],
  ] as const)('is a module of the kind that it is at home: %s', async ([name, text, deployed]) => {
    owners('module/package.json', '{"type":"module"}');
    owners('common/package.json', '{"type":"commonjs"}');
    owners('unsaid/package.json', '{}');
    const token = tokenFunction({ claimsHook: owners(name, text) });
    expect(token.hook.CLAIMS_HOOK).toBe(deployed);
    const { body } = await asked(token);
    expect(decodeJwt(body.access_token)).toMatchObject({ a: 1 });
  });

  test('in TypeScript is bundled with what it imports, by the esbuild of its owner', async () => {
    rmSync(join(folder, 'typed'), { recursive: true, force: true });
    mkdirSync(join(folder, 'typed/node_modules'), { recursive: true });
    const esbuild = resolve(import.meta.dirname, '../../node_modules/esbuild');
    symlinkSync(esbuild, join(folder, 'typed/node_modules/esbuild'));
    owners('typed/tenants.ts', 'export const tenants: readonly string[] = ["acme"];');
    const file = owners(
      'typed/claims.ts',
      `import { tenants } from './tenants';
       import type { ClaimsHook } from 'countersign/testing';
       const hook: ClaimsHook = async () => ({ tenants });
       export default hook;`,
    );
    const { body } = await asked(tokenFunction({ claimsHook: file }));
    expect(decodeJwt(body.access_token)).toMatchObject({ tenants: ['acme'] });
    const broken = owners('typed/broken.ts', 'export default () => (;');
    expect(() => tokenFunction({ claimsHook: broken })).toThrow(
      'but it must be what esbuild can bundle: ',
    );
  });

  test('without one there is nothing beside the bundle', () => {
    const { code, hook } = tokenFunction({});
    expect(hook).toEqual({ CLAIMS_HOOK: 'none', CLAIMS_HOOK_TIMEOUT: '200' });
    expect(readdirSync(code)).toEqual(['index.mjs']);
  });
});

describe('a hook that is refused at synthesis', () => {
  test.for([
    ['a.json', '{}', 'must be a file with the ending .mjs, .cjs, .js, .ts, .mts, .cts'],
    [
      'none.mjs',
      'export const hook = () => ({});',
      'must have a default export that is a function',
    ],
    ['thrown.mjs', 'throw new Error("no");', 'must load without other files: Error: no'],
    ['other.mjs', 'import "./tenants.mjs"; export default () => ({});', 'must load without other'],
    ['package.mjs', 'import "yaml"; export default () => ({});', 'must load without other files'],
    [
      'long.mjs',
      `export default () => ({}); // ${'x'.repeat(1024 * 1024)}`,
      'must be at most 1 MB',
    ],
    ['a.ts', 'export default () => ({});', 'is TypeScript, which needs esbuild: npm install'],
  ] as const)('%s', ([name, text, rule]) => {
    const claimsHook = owners(name, text);
    expect(() => tokenFunction({ claimsHook })).toThrow(
      `claimsHook is "${claimsHook}", but it ${rule}`,
    );
  });

  test('a file that is not there', () => {
    const path = resolve('no-such-file.mjs');
    expect(() => tokenFunction({ claimsHook: 'no-such-file.mjs' })).toThrow(
      `claimsHook is "no-such-file.mjs", but it must be a file that can be read, and ${path} is not.`,
    );
  });

  test.for([Duration.millis(0), Duration.seconds(6), Duration.millis(1.5)])(
    'a time that is none: %s',
    (claimsHookTimeout) => {
      expect(() => tokenFunction({ claimsHookTimeout })).toThrow(
        'must be 1 to 5000 milliseconds, and known at synthesis',
      );
    },
  );
});
