import { cp, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { identitySources } from '../../infra/authorizer/checks/results-cache.ts';
import { sam, samProgram, samPython } from './installation/sam.ts';
import { attach } from './snippets/folder.ts';
import { expectPermission, ofType, routeKeys, type Template } from './snippets/guarded.ts';
import { isLeftOut, run } from './snippets/running.ts';

const folder = join(attach, 'sam');
const arn = { Ref: 'AuthorizerFunctionArn' };
const variables = { SAM_CLI_TELEMETRY: '0' };

describe.skipIf(isLeftOut(sam))('SAM', () => {
  const snippets = ['rest-api.yaml', 'http-api.yaml', 'http-api-jwt.yaml'];

  test.for(snippets)('sam validate --lint finds nothing in %s', async (snippet) => {
    const parameters = ['validate', '--lint', '--template', join(folder, snippet)];
    expect(await run(samProgram, parameters, { variables })).toContain('is a valid SAM Template');
  });

  test.for(snippets)('sam build makes the code of %s', async (snippet) => {
    const own = await mkdtemp(join(tmpdir(), 'sam-'));
    await cp(folder, own, { recursive: true });
    await run(samProgram, ['build', '--template', snippet], { folder: own, variables });
    const built = await readFile(join(own, '.aws-sam/build/Orders/index.mjs'), 'utf8');
    expect(built).toContain('handler');
  });

  test('http-api.yaml becomes an API of which each route asks the authorizer', async () => {
    const template = await transformed('http-api.yaml');
    const [{ Body } = {}] = ofType(template, 'AWS::ApiGatewayV2::Api');
    const body = Body as Body;
    expect(operationsOf(body)).toEqual(routeKeys.map((key) => [key, [{ Countersign: [] }]]));
    const scheme = body.components?.securitySchemes.Countersign;
    expect(scheme?.['x-amazon-apigateway-authorizer']).toMatchObject({
      type: 'request',
      authorizerPayloadFormatVersion: '2.0',
      enableSimpleResponses: true,
      authorizerResultTtlInSeconds: { Ref: 'ResultTtl' },
      identitySource: identitySources.HTTP,
    });
    expect(body['x-amazon-apigateway-cors']).toBeDefined();
    expectPermission(template, arn);
  });

  test('rest-api.yaml becomes an API of which each method asks the authorizer, but for preflights', async () => {
    const template = await transformed('rest-api.yaml');
    const [{ Body } = {}] = ofType(template, 'AWS::ApiGateway::RestApi');
    const body = Body as Body;
    const preflights = ['OPTIONS /orders', 'OPTIONS /orders/{id}'];
    expect(operationsOf(body)).toEqual([
      ...routeKeys.slice(0, 2).map((key) => [key, [{ Countersign: [] }]]),
      ...preflights.map((key) => [key, undefined]),
      ...routeKeys.slice(2).map((key) => [key, [{ Countersign: [] }]]),
    ]);
    const authorizer = body.securityDefinitions?.Countersign?.['x-amazon-apigateway-authorizer'];
    expect(authorizer).toMatchObject({ type: 'request', authorizerResultTtlInSeconds: 0 });
    expect(String(authorizer?.identitySource).split(', ')).toEqual(identitySources.REST);
    const challenges = Object.keys(body['x-amazon-apigateway-gateway-responses'] ?? {});
    expect(challenges.sort()).toEqual(['ACCESS_DENIED', 'UNAUTHORIZED']);
    expectPermission(template, arn);
  });
});

/** An OpenAPI document, as far as it matters here. */
interface Body {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly security?: unknown }>>>
  >;
  readonly components?: { readonly securitySchemes: Schemes };
  readonly securityDefinitions?: Schemes;
  readonly 'x-amazon-apigateway-cors'?: object;
  readonly 'x-amazon-apigateway-gateway-responses'?: object;
}

type Schemes = Readonly<
  Record<string, { readonly 'x-amazon-apigateway-authorizer'?: Readonly<Record<string, unknown>> }>
>;

/** Route key -> who is asked, in order of the keys. */
const operationsOf = ({ paths }: Body) =>
  Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, { security }]) => [`${method.toUpperCase()} ${path}`, security] as const,
      ),
    )
    .sort(([one], [other]) => (one < other ? -1 : 1));

async function transformed(snippet: string): Promise<Template> {
  const script = join(import.meta.dirname, 'snippets/transform.py');
  return JSON.parse(await run(samPython, [script, join(folder, snippet)]));
}
