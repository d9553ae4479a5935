import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../deploy/program.ts';
import { cdkPython } from './installation/cdk-python.ts';
import { runCdkPython } from './snippets/cdk-python-app.ts';
import {
  expectGuardedHttpApi,
  expectGuardedRestApi,
  expectPermission,
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

  test('cdk synth takes the server and the authorizer from the templates of the command line', async () => {
    const templates = await mkdtemp(join(tmpdir(), 'templates-'));
    await runProgram('cli/countersign.ts', ['template', '--out', templates]);
    const audience = 'https://orders.example.com';
    const context = [`templates=${templates}`, 'bucket=files', `audience=${audience}`];
    const given = context.flatMap((setting) => ['--context', setting]);
    const template = await synthesized('from_template.py', 'Orders', given);
    const [[id = ''] = []] = Object.entries(template.Resources).filter(([, { Properties }]) =>
      JSON.stringify(Properties).includes('"RESOURCE_METADATA"'),
    );
    expect(template.Resources[id]?.Properties).toMatchObject({
      Code: { S3Bucket: 'files' },
      Environment: {
        Variables: {
          ISSUER: { 'Fn::GetStackOutput': { StackName: 'Countersign', OutputName: 'Issuer' } },
          AUDIENCE: audience,
        },
      },
    });
    for (const { AuthorizationType } of ofType(template, 'AWS::ApiGatewayV2::Route')) {
      expect(AuthorizationType).toBe('CUSTOM');
    }
    expectPermission(withoutConditions(template), { 'Fn::GetAtt': [id, 'Arn'] });
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

/** What is there whatever the parameters say. */
const withoutConditions = ({ Resources }: Template): Template => ({
  Resources: Object.fromEntries(
    Object.entries(Resources).filter(([, resource]) => !('Condition' in resource)),
  ),
});

async function synthesized(
  app: string,
  stack: string,
  parameters: readonly string[] = [],
): Promise<Template> {
  const output = await mkdtemp(join(tmpdir(), 'cdk-python-'));
  await runCdkPython(app, ['synth', '--quiet', '--output', output, ...parameters]);
  return JSON.parse(await readFile(join(output, `${stack}.template.json`), 'utf8'));
}
