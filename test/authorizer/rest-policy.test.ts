import { describe, expect, test } from 'vitest';
import { ambiguousArns } from '../../functions/authorizer/ambiguous-paths.ts';
import { restApi, stageArn } from '../support/rest-authorizer.ts';
import { restEvent, tokenEvent } from './events.ts';
import { testAuthorizer } from './test-authorizer.ts';

const routes = {
  'GET /orders': ['read'],
  'GET /orders/{id}': ['read'],
  'POST /orders': ['write'],
  'ANY /admin/{proxy+}': ['admin'],
  'GET /health': [],
};
const types = ['TOKEN', 'REQUEST'] as const;
const invoke = 'execute-api:Invoke';

async function api(type: (typeof types)[number], ttl: number) {
  const authorizer = await testAuthorizer({ routes });
  const { handler, clock } = authorizer;
  const now = () => clock.now;
  return {
    ...authorizer,
    rest: restApi({ methods: [...Object.keys(routes), 'GET /unlisted'], type, handler, ttl, now }),
  };
}

describe('a REST API that keeps results', () => {
  test.for(types)(
    'I16: a kept policy is right for every route, whichever came first (%s)',
    async (type) => {
      const calls: readonly (readonly [string, string, number])[] = [
        ['GET', '/orders', 200],
        ['GET', '/orders/7', 200],
        ['POST', '/orders', 403],
        ['GET', '/admin/users', 403],
        ['DELETE', '/admin/users/7', 403],
        ['GET', '/health', 200],
        ['GET', '/unlisted', 403],
      ];
      for (const first of calls) {
        const { rest, bearer } = await api(type, 300);
        const Authorization = await bearer();
        for (const [method, path, status] of [first, ...calls]) {
          expect(await rest.call(method, path, { Authorization })).toMatchObject({ status });
        }
        expect(rest.invocations()).toBe(1);
      }
    },
  );

  test('I16: an unlisted route below a listed path parameter lets nobody in (REQUEST)', async () => {
    const { handler, clock, bearer } = await testAuthorizer({ routes });
    const rest = restApi({
      methods: [...Object.keys(routes), 'GET /orders/{id}/refunds'],
      type: 'REQUEST',
      handler,
      ttl: 300,
      now: () => clock.now,
      identity: ['Authorization', 'httpMethod', 'resourcePath', 'path'],
    });
    const Authorization = await bearer();
    for (const [path, status] of [
      ['/orders/7/refunds', 403],
      ['/orders/8/refunds', 403],
      ['/orders/7', 200],
      ['/orders', 200],
    ] as const) {
      expect(await rest.call('GET', path, { Authorization })).toMatchObject({ status });
    }
  });

  test.for(types)('I16: a kept policy is for one token alone (%s)', async (type) => {
    const { rest, bearer } = await api(type, 300);
    const reader = await bearer();
    const writer = await bearer({ claims: { scope: 'write' } });
    expect(await rest.call('POST', '/orders', { Authorization: reader })).toMatchObject({
      status: 403,
    });
    expect(await rest.call('POST', '/orders', { Authorization: writer })).toMatchObject({
      status: 200,
    });
    expect(await rest.call('GET', '/orders', { Authorization: writer })).toMatchObject({
      status: 403,
    });
  });

  test.for(types)(
    'I09: no token is a 401 without an invocation, a bad one is a 401 (%s)',
    async (type) => {
      const { rest, bearer } = await api(type, 300);
      expect(await rest.call('GET', '/orders')).toEqual({ status: 401 });
      expect(rest.invocations()).toBe(0);
      const Authorization = await bearer({ claims: { aud: 'https://other.example.com' } });
      expect(await rest.call('GET', '/orders', { Authorization })).toEqual({ status: 401 });
    },
  );

  test.for(types)('I14: an issuer in trouble is a 500, and is not kept (%s)', async (type) => {
    const { rest, bearer, issuer, clock } = await api(type, 300);
    const { metadata } = issuer;
    issuer.metadata = (response) => response.writeHead(500).end();
    const Authorization = await bearer();
    expect(await rest.call('GET', '/orders', { Authorization })).toEqual({ status: 500 });
    issuer.metadata = metadata;
    clock.now += 2;
    expect(await rest.call('GET', '/orders', { Authorization })).toMatchObject({ status: 200 });
  });

  test.for(types)(
    'I07: when a result is kept no longer, an expired token is a 401 (%s)',
    async (type) => {
      const { rest, bearer, clock } = await api(type, 300);
      const Authorization = await bearer({ claims: { exp: clock.now + 200 } });
      expect(await rest.call('GET', '/orders', { Authorization })).toMatchObject({ status: 200 });
      clock.now += 300;
      expect(await rest.call('GET', '/orders', { Authorization })).toEqual({ status: 401 });
    },
  );
});

describe('the policy', () => {
  test('I16: it names each configured route once, under Allow or under Deny', async () => {
    const { handler, bearer } = await testAuthorizer({
      routes: {
        'GET /': [],
        'GET /a/{x}/b': ['read'],
        'GET /a/{y}/b': ['read'],
        'ANY /c/{proxy+}': ['admin'],
        $default: ['other'],
      },
    });
    const methods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
    expect(await handler(tokenEvent(await bearer()))).toMatchObject({
      principalId: 's6BhdRkqt3',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Action: invoke,
            Effect: 'Allow',
            Resource: [`${stageArn}/GET/`, `${stageArn}/GET/a/*/b`],
          },
          {
            Action: invoke,
            Effect: 'Deny',
            Resource: [
              ...methods.map((method) => `${stageArn}/${method}/c/*`),
              `${stageArn}/*/*`,
              ...ambiguousArns(stageArn),
            ],
          },
        ],
      },
    });
  });

  test('I16: a token that may do nothing gets a policy that only denies', async () => {
    const { handler, bearer } = await testAuthorizer();
    const answered = await handler(tokenEvent(await bearer({ claims: { scope: undefined } })));
    expect(answered).toMatchObject({ policyDocument: { Statement: [{ Effect: 'Deny' }] } });
  });

  test.for(['aws', 'aws-cn', 'aws-us-gov'])(
    'I16: it is of the stage that the event names (%s)',
    async (partition) => {
      const stage = `arn:${partition}:execute-api:cn-north-1:123456789012:0a1b2c3d4e/$default`;
      const { handler, bearer } = await testAuthorizer({ routes: { 'GET /a': [] } });
      const answered = await handler(
        tokenEvent(await bearer(), { methodArn: `${stage}/POST/x/GET/y` }),
      );
      expect(answered).toMatchObject({
        policyDocument: {
          Statement: [{ Resource: [`${stage}/GET/a`] }, { Resource: ambiguousArns(stage) }],
        },
      });
    },
  );

  test('I16: more routes than API Gateway takes are a failure, not half a policy', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`GET /route-${index}`, ['read']]),
    );
    const { handler, bearer, log } = await testAuthorizer({ routes: many });
    await expect(handler(tokenEvent(await bearer()))).rejects.toThrow(
      'the authorizer cannot decide now',
    );
    expect(log).toMatchObject([
      { outcome: 'failed', reason: expect.stringMatching(/too many routes/) },
    ]);
  });
});

describe('RFC 6750 §3.1 insufficient_scope', () => {
  test("I09: a REQUEST authorizer's denial names the scope of the route", async () => {
    const { rest, bearer } = await api('REQUEST', 0);
    expect(await rest.call('POST', '/orders', { Authorization: await bearer() })).toMatchObject({
      status: 403,
      context: { wwwAuthenticate: 'Bearer error="insufficient_scope", scope="write"' },
    });
  });

  test('I09: where results are kept by token alone, no scope is named', async () => {
    const { handler, bearer } = await testAuthorizer({ routes });
    const challenge = { context: { wwwAuthenticate: 'Bearer error="insufficient_scope"' } };
    expect(await handler(tokenEvent(await bearer()))).toMatchObject(challenge);
    expect(await handler(restEvent(await bearer()))).toMatchObject(challenge);
  });
});
