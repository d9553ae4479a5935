import { CfnParameter, Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { expect, test } from 'vitest';
import { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import { AccessTokenGuard } from '../../infra/authorizer/access-token-guard.ts';
import { NodeFunction } from '../../infra/node-function.ts';
import { scratchStack } from './synthesis.ts';

const props = { issuer: 'https://auth.example.com', routes: { 'GET /': ['read'] } };
const boundTokens = { publicUrl: 'https://api.example.com' };
const httpApis = [
  HttpApi.fromHttpApiAttributes(new Stack(), 'Theirs', { httpApiId: 'abcdef1234' }),
];

const ways: Readonly<Record<string, (stack: Stack, audience: string) => unknown>> = {
  authorizer: (stack, audience) =>
    new AccessTokenAuthorizer(stack, 'Authorizer', { ...props, audience }),
  'authorizer of bound tokens': (stack, audience) =>
    new AccessTokenAuthorizer(stack, 'Authorizer', { ...props, audience, boundTokens }),
  guard: (stack, audience) =>
    new AccessTokenGuard(stack, 'Guard', {
      ...props,
      audience,
      boundTokens,
      httpApis,
      function: new NodeFunction(stack, 'Mine', {
        description: 'mine',
        entry: 'demo-api/index',
        environment: {},
      }),
    }),
};

const warningsIn = (stack: Stack) =>
  stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === 'aws:cdk:warning')
    .map(({ data }) => data);

test.for(Object.keys(ways))('F05: %s: an audience that nothing is registered as', (way) => {
  for (const [audience, registered] of [
    ['https://API.example.com/Orders', 'https://api.example.com/Orders'],
    ['https://api.example.com:443', 'https://api.example.com'],
    ['API://Orders', 'api://orders'],
  ] as const) {
    const stack = scratchStack();
    ways[way]?.(stack, audience);
    expect(warningsIn(stack)).toEqual([
      expect.stringContaining(
        `audience is "${audience}", but a resource server is registered as "${registered}"`,
      ),
    ]);
  }
});

test.for(Object.keys(ways))('F05: %s: an audience as it is registered', (way) => {
  for (const audience of ['https://api.example.com', 'https://api.example.com/', 'urn:Example:A']) {
    const stack = scratchStack();
    ways[way]?.(stack, audience);
    expect(warningsIn(stack)).toEqual([]);
  }
  const stack = scratchStack();
  ways[way]?.(stack, new CfnParameter(stack, 'Audience').valueAsString);
  expect(warningsIn(stack)).toEqual([]);
});
