import middy from '@middy/core';
import type {
  APIGatewayProxyEventV2WithLambdaAuthorizer,
  APIGatewayProxyHandlerV2WithLambdaAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from 'vitest';
import {
  type AccessTokenContext,
  accessTokenGuard,
  type GuardedEvent,
  guard,
} from '../../functions/authorizer/guard/index.ts';
import { guardEnvironment } from '../../testing/guard-environment.ts';

afterEach(() => vi.unstubAllEnvs());

type LambdaEvent = APIGatewayProxyEventV2WithLambdaAuthorizer<AccessTokenContext>;

beforeEach(() => {
  const surroundings = { issuer: 'https://auth.example.com', algorithm: 'RS256', accessKeyId: 'A' };
  const audience = 'https://api.example.com';
  const environment = guardEnvironment({ routes: { $default: [] } }, { ...surroundings, audience });
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});

// tsc checks these; here they are made as well.
describe('guard() takes', () => {
  test('a handler without types', () => {
    const handler = guard(async (event) => ({ statusCode: 200, body: event.rawPath }));
    expectTypeOf(handler).parameter(0).toEqualTypeOf<GuardedEvent>();
    expectTypeOf(handler).returns.resolves.toEqualTypeOf<{ statusCode: number; body: string }>();
    expect(handler).toBeTypeOf('function');
  });

  test('a handler with the types of Lambda', () => {
    const handler = guard(
      async (event: LambdaEvent, context: Context): Promise<APIGatewayProxyStructuredResultV2> => ({
        body: `${event.requestContext.authorizer.lambda.client_id} ${context.awsRequestId}`,
      }),
    );
    expectTypeOf(handler).parameter(0).toEqualTypeOf<LambdaEvent>();
    expectTypeOf(handler).parameter(1).toEqualTypeOf<Context | undefined>();
    expect(handler).toBeTypeOf('function');
  });

  test('a handler of the type that Lambda has for all of it', () => {
    const own: APIGatewayProxyHandlerV2WithLambdaAuthorizer<AccessTokenContext> = async () => ({});
    const handler = guard(own);
    expectTypeOf(handler).parameter(0).toEqualTypeOf<LambdaEvent>();
    expect(handler).toBeTypeOf('function');
  });

  test('an event of Lambda where its own is wanted, and the other way round', () => {
    expectTypeOf<LambdaEvent>().toExtend<GuardedEvent>();
  });
});

test('accessTokenGuard() leaves the types of a middy handler as they are', () => {
  const handler = middy<LambdaEvent, APIGatewayProxyStructuredResultV2>()
    .use(accessTokenGuard())
    .handler(async (event) => ({ body: event.requestContext.authorizer.lambda.scope }));
  expectTypeOf(handler).parameter(0).toEqualTypeOf<LambdaEvent>();
  expect(handler).toBeTypeOf('function');
});

describe('without an AccessTokenGuard', () => {
  test.for([
    ['guard(handler)', () => guard(async () => ({}))],
    ['accessTokenGuard()', () => accessTokenGuard()],
  ] as const)(
    '%s fails at the cold start with one sentence, whatever else is missing',
    ([, make]) => {
      vi.stubEnv('COUNTERSIGN_API_IDS', undefined);
      vi.stubEnv('AWS_REGION', undefined);
      expect(make).toThrow(
        /^the environment variable COUNTERSIGN_API_IDS is missing: the function has no AccessTokenGuard$/,
      );
    },
  );
});
