import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import { AccessTokenGuard } from '../../infra/authorizer/access-token-guard.ts';
import { NodeFunction } from '../../infra/node-function.ts';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import { scratchStack } from './synthesis.ts';

const tokens = {
  issuer: 'https://auth.example.com',
  audience: 'https://api.example.com',
  routes: { 'GET /': ['read'] },
};

const filtersOf = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('AWS::Logs::MetricFilter'));

describe('what a server counts in its audit lines', () => {
  test.for<[string, string, string, (server: AuthorizationServer) => Metric]>([
    ['TokensIssued', 'Token', 'issued', (server) => server.metricTokens()],
    ['TokensRefused', 'Token', 'refused', (server) => server.metricRefusals()],
    ['TokensFailed', 'Token', 'failed', (server) => server.metricFailures()],
    ['TokensRevoked', 'Revocation', 'revoked', (server) => server.metricTokensRevoked()],
  ])('%s', ([metricName, name, outcome, metricOf]) => {
    const stack = scratchStack();
    const server = new AuthorizationServer(stack, 'Server');
    const { namespace, statistic } = metricOf(server);
    expect(statistic).toBe('Sum');
    expect(filtersOf(stack)).toMatchObject([
      {
        Properties: {
          FilterPattern: `{ $.audit.outcome = "${outcome}" }`,
          LogGroupName: { Ref: expect.stringMatching(`^Server${name}FunctionLogs`) },
          MetricTransformations: [
            {
              MetricNamespace: namespace,
              MetricName: metricName,
              MetricValue: '1',
              DefaultValue: 0,
            },
          ],
        },
      },
    ]);
  });

  test('costs nothing as long as nobody asks for it, and no more when two do', () => {
    const stack = scratchStack();
    const server = new AuthorizationServer(stack, 'Server');
    expect(filtersOf(stack)).toEqual([]);
    const other = scratchStack();
    const asked = new AuthorizationServer(other, 'Server');
    asked.metricTokens();
    asked.metricTokens({ period: Duration.hours(1) });
    expect(filtersOf(other)).toHaveLength(1);
    expect(server.metricLatency().metricName).toBe('Latency');
  });

  test('is told apart from that of another server, in the same stack and in others', () => {
    const stack = scratchStack();
    const other = new Stack(stack.node.root, 'Other');
    const servers = [
      new AuthorizationServer(stack, 'One'),
      new AuthorizationServer(stack, 'Two'),
      new AuthorizationServer(other, 'One'),
    ];
    const namespaces = servers.map((server) => server.metricTokens().namespace);
    expect(new Set(namespaces).size).toBe(3);
    for (const namespace of namespaces) expect(namespace).toMatch(/^Countersign\/[\w-]{1,200}$/);
  });
});

test.for<[string, string, (server: AuthorizationServer) => Metric]>([
  ['AWS/Lambda', 'Invocations', (server) => server.metricTokenRequests()],
  ['AWS/Lambda', 'Errors', (server) => server.metricTokenErrors()],
  ['AWS/Lambda', 'Throttles', (server) => server.metricTokenThrottles()],
  ['AWS/Lambda', 'Errors', (server) => server.metricRevocationErrors()],
  ['AWS/Lambda', 'Invocations', (server) => server.metricIntrospectionRequests()],
  ['AWS/Lambda', 'Errors', (server) => server.metricIntrospectionErrors()],
  ['AWS/Lambda', 'Errors', (server) => server.metricRevocationListErrors()],
  ['AWS/DynamoDB', 'ReadThrottleEvents', (server) => server.metricRevocationThrottles()],
  ['AWS/ApiGateway', 'Latency', (server) => server.metricLatency()],
  ['AWS/ApiGateway', '4xx', (server) => server.metricClientErrors()],
  ['AWS/ApiGateway', '5xx', (server) => server.metricServerErrors()],
  ['AWS/DynamoDB', 'ReadThrottleEvents', (server) => server.metricRegistryThrottles()],
])('what AWS counts of a server by itself: %s %s', ([namespace, metricName, metricOf]) => {
  const server = new AuthorizationServer(scratchStack(), 'Server');
  expect(metricOf(server)).toMatchObject({ namespace, metricName, dimensions: expect.anything() });
});

const denied = '{ ($.audit.outcome = "denied") || ($.audit.outcome = "refused") }';

describe('who is not let in', () => {
  test('by an authorizer is counted in its log', () => {
    const stack = scratchStack();
    const authorizer = new AccessTokenAuthorizer(stack, 'Authorizer', tokens);
    expect(authorizer.metricDenials()).toMatchObject({ metricName: 'Denials', statistic: 'Sum' });
    expect(authorizer.metricErrors().metricName).toBe('Errors');
    Template.fromStack(stack).hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: denied,
      LogGroupName: { Ref: Match.stringLikeRegexp('^AuthorizerFunctionLogs') },
    });
  });

  test('by a guard is counted in the log of the function', () => {
    const stack = scratchStack();
    const mine = new NodeFunction(stack, 'Mine', {
      description: 'mine',
      entry: 'demo-api/index',
      environment: {},
    });
    const guard = new AccessTokenGuard(stack, 'Guard', {
      ...tokens,
      boundTokens: { publicUrl: tokens.audience },
      function: mine,
      httpApis: [new HttpApi(stack, 'Api')],
    });
    expect(guard.metricDenials({ label: 'Denied' })).toMatchObject({ label: 'Denied' });
    Template.fromStack(stack).hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: denied,
      LogGroupName: { Ref: Match.stringLikeRegexp('^MineLogs') },
    });
  });
});

test.for<[string, number | undefined, object]>([
  [
    'the function',
    undefined,
    { 'Fn::GetAtt': [expect.stringMatching(/^AuthorizerFunction/), 'Arn'] },
  ],
  ['its alias', 2, { Ref: expect.stringMatching(/^AuthorizerFunctionWarm/) }],
])('an API of another tool may be let in to call %s', ([, provisionedConcurrency, called]) => {
  const stack = scratchStack();
  const role = new Role(stack, 'Role', {
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
  });
  const props = { ...tokens, provisionedConcurrency };
  new AccessTokenAuthorizer(stack, 'Authorizer', props).grantInvoke(role);
  const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy');
  const [statement] = Object.values(policies)
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Action }) => Action === 'lambda:InvokeFunction');
  expect([statement.Resource].flat()).toContainEqual(called);
});

test('an authorizer cannot be called by a service for all of its callers', () => {
  const sourceArn = 'arn:aws:execute-api:eu-central-1:111122223333:a1b2c3d4e5/authorizers/*';
  const stack = scratchStack();
  const authorizer = new AccessTokenAuthorizer(stack, 'Authorizer', tokens);
  const gateway = (conditions = {}) =>
    new ServicePrincipal('apigateway.amazonaws.com', { conditions });
  expect(() => authorizer.grantInvoke(gateway())).toThrow('those of every account could call');
  authorizer.grantInvoke(gateway({ ArnLike: { 'aws:SourceArn': sourceArn } }));
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Permission', {
    Principal: 'apigateway.amazonaws.com',
    SourceArn: sourceArn,
  });
});
