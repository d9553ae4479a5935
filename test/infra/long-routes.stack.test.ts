import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type App, Aws, type CfnResource, Duration, type Stack } from 'aws-cdk-lib';
import { CfnApi, HttpApi, type HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import { AccessTokenGuard } from '../../infra/authorizer/access-token-guard.ts';
import type { RouteScopes } from '../../infra/authorizer/routes.ts';
import { functionFolder } from '../../infra/package-files.ts';
import { scratchStack } from './synthesis.ts';

const accepted = { issuer: 'https://auth.example.com', audience: 'https://api.example.com' };
const boundTokens = { publicUrl: 'https://api.example.com' };

/** A table of this many routes, with one scope each. */
const routesOf = (count: number): RouteScopes =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`GET /resource-${n}/{id}`, [`resource-${n}:read`]]),
  );

const many = routesOf(1000);

/** A stack whose template names its assets, as the CDK's command line has it. */
function assetStack(): Stack {
  const stack = scratchStack();
  stack.node.setContext('aws:cdk:enable-asset-metadata', true);
  return stack;
}

/** The functions and layers of a stack, as they would be uploaded. */
function uploadsOf(stack: Stack) {
  const { directory, stacks } = (stack.node.root as App).synth();
  const resources = Object.values<Uploaded>(stacks[0]?.template.Resources);
  const of = (type: string) =>
    resources
      .filter(({ Type, Metadata }) => Type === type && Metadata?.['aws:asset:path'])
      .map(({ Properties, Metadata }) => ({
        ...Properties,
        folder: resolve(directory, Metadata?.['aws:asset:path'] ?? ''),
      }));
  return { functions: of('AWS::Lambda::Function'), layers: of('AWS::Lambda::LayerVersion') };
}

interface Uploaded {
  readonly Type: string;
  readonly Properties: {
    readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
    readonly Layers?: readonly unknown[];
  };
  readonly Metadata?: { readonly 'aws:asset:path'?: string };
}

/** Has an authorizer in a definition guard all routes of a table. */
function define(stack: Stack, made: AccessTokenAuthorizer, routes: RouteScopes): void {
  const paths = Object.fromEntries(
    Object.keys(routes).map((key) => [
      key.slice('GET '.length),
      { get: { security: [{ countersign: [] }] } },
    ]),
  );
  const components = { securitySchemes: { countersign: made.httpSecurityScheme() } };
  const body = { openapi: '3.0.1', info: { title: 'Many' }, paths, components };
  const { ref: httpApiId } = new CfnApi(stack, 'Api', { body });
  made.allowCallsBy(HttpApi.fromHttpApiAttributes(stack, 'Defined', { httpApiId }));
}

function guardedFunction(stack: Stack, special: object = {}): LambdaFunction {
  return new LambdaFunction(stack, 'Guarded', {
    code: Code.fromInline('exports.handler = () => {}'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    timeout: Duration.seconds(10),
    ...special,
  });
}

describe('a table of a thousand routes', () => {
  test.for([
    ['authorizer/index', {}],
    ['authorizer/bound-tokens', { boundTokens }],
  ] as const)('is a file beside the bundle %s, which stays as it is', async ([entry, special]) => {
    const stack = assetStack();
    const props = { ...accepted, ...special, routes: many };
    define(stack, new AccessTokenAuthorizer(stack, 'Authorizer', props), many);
    const [{ folder, Environment } = { folder: '', Environment: undefined }] =
      uploadsOf(stack).functions;
    const { ROUTES, ...variables } = Environment?.Variables ?? {};
    expect(ROUTES).toMatch(/^routes-[0-9a-f]{32}\.json$/);
    expect(readdirSync(folder).toSorted()).toEqual(['index.mjs', ROUTES]);
    expect(JSON.parse(readFileSync(join(folder, String(ROUTES)), 'utf8'))).toEqual(many);
    const bundle = (at: string) => readFileSync(join(at, 'index.mjs'));
    expect(bundle(folder).equals(bundle(functionFolder(entry)))).toBe(true);
    const env = {
      ...Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, String(value)]),
      ),
      AWS_REGION: 'us-east-1',
      EPHEMERA_TABLE: 'table',
      ROUTES: String(ROUTES),
    };
    const script = `console.log(typeof (await import(${JSON.stringify(join(folder, 'index.mjs'))})).handler)`;
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
      env,
    });
    expect(stdout).toBe('function\n');
  });

  test('I16: is compared with the routes of the API as a short one is', () => {
    const stack = assetStack();
    const made = new AccessTokenAuthorizer(stack, 'Authorizer', { ...accepted, routes: many });
    define(stack, made, routesOf(999));
    expect(made.node.validate()).toEqual([
      expect.stringContaining('routes lists "GET /resource-999/{id}", which is no route of'),
    ]);
  });

  test('I16: of another authorizer of the API is known, too', () => {
    const stack = assetStack();
    const routes = { 'GET /admin': ['admin'] };
    const admin = new AccessTokenAuthorizer(stack, 'Admin', { ...accepted, routes });
    const others = { ...many, 'ANY /{proxy+}': [] };
    const all = new AccessTokenAuthorizer(stack, 'All', { ...accepted, routes: others });
    const httpApi = new HttpApi(stack, 'Api');
    for (const [made, routeKey] of [
      [admin, 'GET /admin'],
      [all, 'ANY /{proxy+}'],
    ] as const) {
      const [method = '', path = ''] = routeKey.split(' ');
      const integration = new HttpUrlIntegration('Anywhere', 'https://example.com');
      const methods = [method as HttpMethod];
      httpApi.addRoutes({ path, methods, integration, authorizer: made.httpAuthorizer() });
    }
    expect(admin.node.validate()).toEqual([
      expect.stringMatching(/which "Scratch\/All\/Function" guards with less/),
    ]);
  });

  test('is a layer of a guarded function, whose code is not ours', () => {
    const stack = assetStack();
    const httpApis = [new HttpApi(stack, 'Api')];
    const props = { ...accepted, boundTokens, httpApis, routes: many };
    new AccessTokenGuard(stack, 'Guard', { ...props, function: guardedFunction(stack) });
    const { layers } = uploadsOf(stack);
    expect(layers).toHaveLength(1);
    const [{ folder } = { folder: '' }] = layers;
    const [name = ''] = readdirSync(join(folder, 'countersign'));
    expect(JSON.parse(readFileSync(join(folder, 'countersign', name), 'utf8'))).toEqual(many);
    const { defaultChild } = stack.node.findChild('Guarded').node;
    const properties = stack.resolve((defaultChild as CfnResource)._toCloudFormation());
    expect(JSON.stringify(properties)).toContain(`"COUNTERSIGN_ROUTES":"${name}"`);
    expect(JSON.stringify(properties)).toContain('"Layers":[{"Ref":"GuardedGuardRoutes');
  });

  test('is refused for a guarded function that is a container image', () => {
    const stack = assetStack();
    const image = {
      code: Code.fromEcrImage(Repository.fromRepositoryName(stack, 'Images', 'images')),
      handler: 'FROM_IMAGE',
      runtime: Runtime.FROM_IMAGE,
    };
    const guard = (routes: RouteScopes) =>
      new AccessTokenGuard(stack, 'Guard', {
        ...accepted,
        boundTokens,
        routes,
        httpApis: [new HttpApi(stack, 'Api')],
        function: guardedFunction(stack, image),
      });
    expect(() => guard(many)).toThrow(
      '"Scratch/Guarded" is a container image, which can have no layer, but routes is so long that it needs one',
    );
  });

  test('is refused where a value in it is known at the deployment alone', () => {
    const routes = { ...many, 'GET /region': [`${Aws.REGION}`] };
    expect(
      () => new AccessTokenAuthorizer(scratchStack(), 'Authorizer', { ...accepted, routes }),
    ).toThrow('routes has values that only the deployment knows, but so long a table is a file');
  });
});

test('a short table stays in the environment, and the bundle alone in its folder', () => {
  const stack = assetStack();
  const routes = routesOf(40);
  define(stack, new AccessTokenAuthorizer(stack, 'Authorizer', { ...accepted, routes }), routes);
  const { functions, layers } = uploadsOf(stack);
  expect(layers).toEqual([]);
  const [{ folder, Environment } = { folder: '', Environment: undefined }] = functions;
  expect(JSON.parse(String(Environment?.Variables.ROUTES))).toEqual(routes);
  expect(readdirSync(folder)).toEqual(['index.mjs']);
});
