import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cdkPython } from './installation/cdk-python.ts';
import { runCdkPython } from './snippets/cdk-python-app.ts';
import {
  expectGuardedHttpApi,
  expectGuardedRestApi,
  ofType,
  type Template,
} from './snippets/guarded.ts';
import { isLeftOut } from './snippets/running.ts';

const arn = { Ref: 'AuthorizerFunctionArn' };

describe.skipIf(isLeftOut(cdkPython))('CDK in Python', () => {
  test('cdk synth makes an HTTP API of which each route asks the authorizer', async () => {
    expectGuardedHttpApi(await synthesized('http_api.py', 'OrdersHttpApi'), arn);
  });

  test('cdk synth makes a REST API of which each method asks the authorizer, but for preflights', async () => {
    expectGuardedRestApi(await synthesized('rest_api.py', 'OrdersRestApi'), arn);
  });

  test('cdk synth makes an HTTP API with the JWT authorizer', async () => {
    const template = await synthesized('http_api_jwt.py', 'OrdersHttpApiJwt');
    const [authorizer] = ofType(template, 'AWS::ApiGatewayV2::Authorizer');
    expect(authorizer).toMatchObject({
      AuthorizerType: 'JWT',
      JwtConfiguration: { Issuer: { Ref: 'Issuer' }, Audience: [{ Ref: 'Audience' }] },
    });
    const routes = ofType(template, 'AWS::ApiGatewayV2::Route');
    expect(routes.map((route) => [route.AuthorizationType, route.AuthorizationScopes])).toEqual([
      ['JWT', ['orders:read']],
      ['JWT', ['orders:write']],
    ]);
  });
});

async function synthesized(app: string, stack: string): Promise<Template> {
  const output = await mkdtemp(join(tmpdir(), 'cdk-python-'));
  await runCdkPython(app, ['synth', '--quiet', '--output', output]);
  return JSON.parse(await readFile(join(output, `${stack}.template.json`), 'utf8'));
}
