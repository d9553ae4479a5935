import { describe, expect, test } from 'vitest';
import { ambiguousArns } from '../../functions/authorizer/ambiguous-paths.ts';
import { type RestApiSettings, restApi, stageArn } from '../support/rest-authorizer.ts';
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

/** What an answer is kept for, as infra/ has it. */
const identities = {
  TOKEN: ['Authorization'],
  REQUEST: ['Authorization', 'httpMethod', 'resourcePath', 'path'],
} as const;

async function api(
  type: (typeof types)[number],
  ttl: number,
  identity: NonNullable<RestApiSettings['identity']> = identities[type],
) {
  const authorizer = await testAuthorizer({ routes });
  const { handler, clock } = authorizer;
  const now = () => clock.now;
  const methods = [...Object.keys(routes), 'GET /unlisted'];
  return { ...authorizer, rest: restApi({ methods, type, handler, ttl, now, identity }) };
}

/** Calls, and how each of them ends for a token that may read. */
const calls: readonly (readonly [string, string, number])[] = [
  ['GET', '/orders', 200],
  ['GET', '/orders/7', 200],
  ['POST', '/orders', 403],
  ['GET', '/admin/users', 403],
  ['DELETE', '/admin/users/7', 403],
  ['GET', '/health', 200],
  ['GET', '/unlisted', 403],
];

describe('a REST API that keeps results', () => {
  test.for([
    ['TOKEN', 1],
    ['REQUEST', calls.length],
  ] as const)(
    'I16: what is kept is right for every route, whichever came first (%s)',
    async ([type, invocations]) => {
      for (const first of calls) {
        const { rest, bearer } = await api(type, 300);
        const Authorization = await bearer();
        for (const [method, path, status] of [first, ...calls, ...calls]) {
          expect(await rest.call(method, path, { Authorization })).toMatchObject({ status });
        }
        expect(rest.invocations()).toBe(invocations);
      }
    },
  );

  test('I16: REQUEST: where it is kept by token alone, no other request is let in by it', async () => {
    for (const [method, path, status] of calls) {
      const { rest, bearer } = await api('REQUEST', 300, ['Authorization']);
      const Authorization = await bearer();
      expect(await rest.call(method, path, { Authorization })).toMatchObject({ status });
      for (const [otherMethod, other] of calls.filter((call) => call[1] !== path)) {
        const answer = await rest.call(otherMethod, other, { Authorization });
        expect(answer).toMatchObject({ status: 403 });
      }
    }
  });

  test('I16: an unlisted route below a listed path parameter lets nobody in (REQUEST)', async () => {
    const { handler, clock, bearer } = await testAuthorizer({ routes });
    const rest = restApi({
      methods: [...Object.keys(routes), 'GET /orders/{id}/refunds'],
      type: 'REQUEST',
      handler,
      ttl: 300,
      now: () => clock.now,
      identity: identities.REQUEST,
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

  test.for(types)('I16: what is kept is for one token alone (%s)', async (type) => {
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

describe('the answer of a REQUEST authorizer', () => {
  test('I16: it names the one request, however many routes there are', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`GET /route-${index}/{id}`, ['read']]),
    );
    const { handler, bearer } = await testAuthorizer({ routes: many });
    const methodArn = `${stageArn}/GET/route-999/7`;
    const event = { methodArn, resource: '/route-999/{id}', path: '/route-999/7' };
    expect(await handler(restEvent(await bearer(), event))).toMatchObject({
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: invoke, Effect: 'Allow', Resource: [methodArn] }],
      },
    });
    const other = { claims: { scope: 'other' } };
    expect(await handler(restEvent(await bearer(other), event))).toMatchObject({
      policyDocument: { Statement: [{ Action: invoke, Effect: 'Deny', Resource: [methodArn] }] },
    });
  });

  test('I16: a path too long for an answer is a failure, and lets nobody in', async () => {
    const { handler, bearer, log } = await testAuthorizer({ routes });
    const path = `/orders/${'7'.repeat(8000)}`;
    const event = restEvent(await bearer(), { methodArn: `${stageArn}/GET${path}`, path });
    await expect(handler(event)).rejects.toThrow('the authorizer cannot decide now');
    expect(log).toMatchObject([
      { outcome: 'failed', reason: expect.stringMatching(/path that is too long/) },
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
