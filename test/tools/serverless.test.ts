import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serverless, serverlessProgram } from './installation/serverless.ts';
import { attach } from './snippets/folder.ts';
import {
  expectGuardedHttpApi,
  expectGuardedRestApi,
  ofType,
  type Template,
} from './snippets/guarded.ts';
import { isLeftOut, run } from './snippets/running.ts';

const arn = 'arn:aws:lambda:us-east-1:111122223333:function:authorizer';

describe.skipIf(isLeftOut(serverless))('Serverless', () => {
  test('serverless package makes an HTTP API of which each route asks the authorizer', async () => {
    expectGuardedHttpApi(await packaged('http-api', { authorizerFunctionArn: arn }), arn);
  });

  test('serverless package makes a REST API of which each method asks the authorizer, but for preflights', async () => {
    const audience = 'https://orders.example.com';
    const template = await packaged('rest-api', { authorizerFunctionArn: arn, audience });
    expectGuardedRestApi(template, arn);
    expect(JSON.stringify(template)).toContain(`'Bearer realm=\\"${audience}\\"'`);
  });

  test('serverless package makes an HTTP API with the JWT authorizer', async () => {
    const [issuer, audience] = ['https://auth.example.com', 'https://orders.example.com'];
    const template = await packaged('http-api-jwt', { issuer, audience });
    const [authorizer] = ofType(template, 'AWS::ApiGatewayV2::Authorizer');
    expect(authorizer).toMatchObject({
      AuthorizerType: 'JWT',
      JwtConfiguration: { Issuer: issuer, Audience: [audience] },
    });
    const routes = ofType(template, 'AWS::ApiGatewayV2::Route');
    expect(routes.map((route) => [route.AuthorizationType, route.AuthorizationScopes])).toEqual([
      ['JWT', ['orders:read']],
      ['JWT', ['orders:write']],
    ]);
  });
});

/** @throws Error when the configuration is not valid, by the snippets' own `configValidationMode` */
async function packaged(
  snippet: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Template> {
  const made = await mkdtemp(join(tmpdir(), 'serverless-'));
  const given = Object.entries(parameters).flatMap(([name, value]) => [
    '--param',
    `${name}=${value}`,
  ]);
  await run(process.execPath, [serverlessProgram, 'package', '--package', made, ...given], {
    folder: join(attach, 'serverless', snippet),
    variables: { SLS_TRACKING_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off' },
  });
  return JSON.parse(
    await readFile(join(made, 'cloudformation-template-update-stack.json'), 'utf8'),
  );
}
