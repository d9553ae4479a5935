import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll, expect, test } from 'vitest';
import { AccessTokenGuard } from '../../infra/index.ts';
import { testIssuer } from '../../testing/index.ts';

const audience = 'https://orders.example.com';
const routes = { 'GET /orders/{id}': ['orders:read'] };

const issuer = await testIssuer({ audience });
await issuer.listen();
afterAll(() => issuer.close());

/** The environment that the construct gives a function. */
function deployed(): Readonly<Record<string, unknown>> {
  const stack = new Stack(new App(), 'Orders');
  const orders = new LambdaFunction(stack, 'Function', {
    code: Code.fromInline('exports.handler = undefined'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    timeout: Duration.seconds(10),
  });
  new AccessTokenGuard(stack, 'Guard', {
    function: orders,
    httpApis: [new HttpApi(stack, 'Api')],
    issuer: 'https://auth.example.com',
    audience,
    routes,
    boundTokens: { publicUrl: audience },
  });
  const [resource] = Object.values(
    Template.fromStack(stack).findResources('AWS::Lambda::Function'),
  );
  return resource?.Properties.Environment.Variables;
}

test('guardEnvironment() gives a guard what AccessTokenGuard gives it, and what Lambda does', () => {
  const environment = issuer.guardEnvironment({ routes });
  const ours = Object.entries(environment).filter(([name]) => name.startsWith('COUNTERSIGN_'));
  // What only a deployment can know.
  const { COUNTERSIGN_EPHEMERA_TABLE, COUNTERSIGN_API_IDS, ...known } = deployed();
  expect(Object.fromEntries(ours)).toEqual({
    ...known,
    COUNTERSIGN_ISSUER: issuer.issuer,
    COUNTERSIGN_EPHEMERA_TABLE: expect.any(String),
    COUNTERSIGN_API_IDS: expect.any(String),
  });
  expect(COUNTERSIGN_EPHEMERA_TABLE).toBeDefined();
  expect(COUNTERSIGN_API_IDS).toBeDefined();
  const others = Object.keys(environment).filter((name) => !name.startsWith('COUNTERSIGN_'));
  expect(others.sort()).toEqual([
    'AWS_ACCESS_KEY_ID',
    'AWS_ENDPOINT_URL_DYNAMODB',
    'AWS_REGION',
    'AWS_SECRET_ACCESS_KEY',
  ]);
});
