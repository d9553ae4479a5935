import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import type { RouteScopes } from '../../infra/authorizer/routes.ts';
import { functionFolder } from '../../infra/package-files.ts';
import { deploy } from '../../local/deployment/deployment.ts';
import { close, listen } from '../../local/io/http-server.ts';
import { startServices } from '../../local/services.ts';
import { publishIssuer } from '../authorizer/issuer.ts';
import { signToken } from '../support/access-tokens.ts';
import { startDocumentServer } from '../support/document-server.ts';
import { testKey } from '../support/test-key.ts';

const audiences = { public: 'https://api.example.com', admin: 'https://admin.example.com' };

/** What the API of each stack is; the first has two authorizers, and the second one of these. */
const routesOf: Readonly<Record<keyof typeof audiences, RouteScopes>> = {
  public: { 'GET /orders': ['read'] },
  admin: {
    'GET /admin/{id}': ['admin'],
    ...Object.fromEntries(
      Array.from({ length: 1000 }, (_, n) => [`GET /admin/{id}/${n}`, ['admin', `report-${n}`]]),
    ),
  },
};

const running = new AsyncDisposableStack();
afterAll(() => running.disposeAsync());

const key = await testKey();
const issuer = publishIssuer(await startDocumentServer(), [key.jwk]);
running.defer(issuer.close);

/** Two stacks with an API each, whose routes lead to the same function. */
function synthesized(outdir: string) {
  const context = { 'aws:cdk:enable-asset-metadata': true };
  const app = new App({ context, outdir, builtinCloudFormationValidation: false });
  const one = new Stack(app, 'One');
  const called = new LambdaFunction(one, 'Backend', {
    code: Code.fromAsset(functionFolder('demo-api/index')),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
  });
  const authorizerOf = (name: keyof typeof audiences) =>
    new AccessTokenAuthorizer(one, name, {
      issuer: issuer.url,
      audience: audiences[name],
      routes: routesOf[name],
    });
  const [open, admin] = [authorizerOf('public'), authorizerOf('admin')];
  const add = (httpApi: HttpApi, made: AccessTokenAuthorizer, path: string) =>
    httpApi.addRoutes({
      path,
      methods: [HttpMethod.GET],
      integration: new HttpLambdaIntegration('Backend', called),
      authorizer: made.httpAuthorizer(),
    });
  const api = new HttpApi(one, 'Api');
  add(api, open, '/orders');
  // The rest of the long table is served by another tool, as far as this test goes.
  add(api, admin, '/admin/{id}');
  add(api, admin, '/admin/{id}/999');
  add(new HttpApi(new Stack(app, 'Two'), 'Api'), open, '/orders');
  return app.synth({ validateOnSynthesis: false, skipValidation: true }).stacks.map((stack) => ({
    name: stack.stackName,
    directory: stack.assembly.directory,
    resources: stack.template.Resources,
    outputs: stack.template.Outputs ?? {},
  }));
}

const origins = new Map<string, string>();

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'countersign-served-'));
  running.defer(() => rm(directory, { recursive: true }));
  const deployment = running.use(
    await deploy(synthesized(join(directory, 'cdk.out')), {
      ...(await startServices(directory, running)),
      directory,
      apiEndpoint: (stack) => `https://${stack}.example.com`,
      now: () => Date.now() / 1000,
      log: () => undefined,
    }),
  );
  for (const [name, api] of deployment.apis) {
    const server = createServer(api);
    origins.set(name, `http://127.0.0.1:${await listen(server)}`);
    running.defer(() => close(server));
  }
}, 60_000);

/** The status of a call, with a token for one of the audiences. */
async function called(url: string, name: keyof typeof audiences, scope: string): Promise<number> {
  const [stack = '', ...path] = url.split('/');
  const now = Math.floor(Date.now() / 1000);
  const claims = { aud: audiences[name], scope, iat: now, nbf: now, exp: now + 300 };
  const token = await signToken(issuer.url, key, { claims });
  const headers = { authorization: `Bearer ${token}` };
  const { status } = await fetch(`${origins.get(stack)}/${path.join('/')}`, { headers });
  return status;
}

describe('deployed on this computer', () => {
  test.for([
    ['One/orders', 'public', 'read', 200],
    ['One/orders', 'public', 'admin', 403],
    ['One/orders', 'admin', 'read', 401],
    ['One/admin/7', 'admin', 'admin', 200],
    ['One/admin/7', 'public', 'admin', 401],
    ['One/admin/7/999', 'admin', 'admin report-999', 200],
    ['One/admin/7/999', 'admin', 'admin report-998', 403],
    ['Two/orders', 'public', 'read', 200],
    ['Two/orders', 'admin', 'read', 401],
  ] as const)('I16: %s with a token for %s that may %s: %i', async ([url, name, scope, status]) => {
    expect(await called(url, name, scope)).toBe(status);
  });
});
