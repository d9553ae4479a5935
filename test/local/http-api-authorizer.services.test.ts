import { describe, expect, test } from 'vitest';
import { returning, startTestApi, type TestApiOptions } from './test-api.ts';

const routes = {
  'GET /a': returning('event.requestContext.authorizer.lambda'),
  'GET /b': returning('event.requestContext.authorizer.lambda'),
};
/** Lets everybody in, and says how often it was asked. */
const counting = returning('{ isAuthorized: true, context: { calls } }');

type Answer = Readonly<Record<string, unknown>>;

async function api(options: Partial<TestApiOptions>) {
  const { url, log } = await startTestApi({ routes, ...options });
  const get = async (path: string, authorization?: string): Promise<[number, Answer]> => {
    const headers = authorization === undefined ? {} : { authorization };
    const response = await fetch(url + path, { headers });
    return [response.status, (await response.json()) as Answer];
  };
  return { get, log };
}

describe('an HTTP API with a Lambda authorizer', () => {
  test('tells it of the request, and tells the function what it said', async () => {
    const authorizer = returning('{ isAuthorized: true, context: { event } }');
    const { get } = await api({ authorizer });
    const [status, { event }] = await get('/a?x=1', 'Bearer abc');
    expect(status).toBe(200);
    expect(event).toMatchObject({
      version: '2.0',
      type: 'REQUEST',
      routeArn: 'arn:aws:execute-api:us-east-1:000000000000:api/$default/GET/a',
      identitySource: ['Bearer abc'],
      routeKey: 'GET /a',
      rawPath: '/a',
      rawQueryString: 'x=1',
      headers: { authorization: 'Bearer abc' },
      queryStringParameters: { x: '1' },
      requestContext: { http: { method: 'GET', path: '/a' }, stage: '$default' },
    });
    expect(event).not.toHaveProperty('body');
    expect(event).not.toHaveProperty('isBase64Encoded');
  });

  test('answers 401 without asking it when an identity source is missing or empty', async () => {
    const { get } = await api({ authorizer: counting });
    expect(await get('/a')).toEqual([401, { message: 'Unauthorized' }]);
    expect(await get('/a', '')).toEqual([401, { message: 'Unauthorized' }]);
    expect(await get('/a', 'x')).toEqual([200, { calls: 1 }]);
  });

  test('answers 403 when it says no', async () => {
    const { get } = await api({ authorizer: returning('{ isAuthorized: false }') });
    expect(await get('/a', 'x')).toEqual([403, { message: 'Forbidden' }]);
  });

  test('answers 401 when it throws Unauthorized', async () => {
    const authorizer = returning("(() => { throw new Error('Unauthorized') })()");
    const { get } = await api({ authorizer });
    expect(await get('/a', 'x')).toEqual([401, { message: 'Unauthorized' }]);
  });

  test.for([
    "{ isAuthorized: 'false' }",
    "{ isAuthorized: 'true' }",
    '{ isAuthorized: 1 }',
    '{}',
    'undefined',
    'true',
    "{ policyDocument: { Statement: [{ Effect: 'Allow' }] } }",
    "(() => { throw new Error('something else') })()",
    'process.exit()',
  ])('answers 500, never lets in, when it answers %s', async (expression) => {
    const { get } = await api({ authorizer: returning(expression) });
    expect(await get('/a', 'x')).toEqual([500, { message: 'Internal Server Error' }]);
  });
});

describe('what an authorizer said', () => {
  const clock = (start: number) => {
    let time = start;
    return {
      now: () => time,
      advance: (seconds: number) => {
        time += seconds;
      },
    };
  };

  test('holds until its time to live is over, by the clock', async () => {
    const { now, advance } = clock(1_700_000_000);
    const { get } = await api({ authorizer: counting, resultTtl: 60, now });
    expect(await get('/a', 'x')).toEqual([200, { calls: 1 }]);
    advance(59);
    expect(await get('/a', 'x')).toEqual([200, { calls: 1 }]);
    advance(1);
    expect(await get('/a', 'x')).toEqual([200, { calls: 2 }]);
  });

  test('does not hold for longer when the clock is put back', async () => {
    const { now, advance } = clock(1_700_000_000);
    const { get } = await api({ authorizer: counting, resultTtl: 60, now });
    expect(await get('/a', 'x')).toEqual([200, { calls: 1 }]);
    advance(-3600);
    expect(await get('/a', 'x')).toEqual([200, { calls: 2 }]);
  });

  test('a no holds as long as a yes', async () => {
    const authorizer = returning('{ isAuthorized: calls > 1 }');
    const { get } = await api({ authorizer, resultTtl: 60 });
    expect(await get('/a', 'x')).toEqual([403, { message: 'Forbidden' }]);
    expect(await get('/a', 'x')).toEqual([403, { message: 'Forbidden' }]);
  });

  test('holds for every route when the route is no identity source', async () => {
    const { get } = await api({ authorizer: counting, resultTtl: 60 });
    expect(await get('/a', 'x')).toEqual([200, { calls: 1 }]);
    expect(await get('/b', 'x')).toEqual([200, { calls: 1 }]);
  });

  test('holds for one route when the route key is an identity source', async () => {
    const identitySources = ['$request.header.Authorization', '$context.routeKey'];
    const { get } = await api({ authorizer: counting, resultTtl: 60, identitySources });
    expect(await get('/a', 'x')).toEqual([200, { calls: 1 }]);
    expect(await get('/b', 'x')).toEqual([200, { calls: 2 }]);
    expect(await get('/a', 'x')).toEqual([200, { calls: 1 }]);
    expect(await get('/a', 'y')).toEqual([200, { calls: 3 }]);
  });

  test('holds for one method and path when those are identity sources', async () => {
    const identitySources = ['$context.httpMethod', '$context.path'];
    const { get } = await api({ authorizer: counting, resultTtl: 60, identitySources });
    expect(await get('/a', 'x')).toEqual([200, { calls: 1 }]);
    expect(await get('/b', 'x')).toEqual([200, { calls: 2 }]);
    expect(await get('/a?b=c', 'x')).toEqual([200, { calls: 1 }]);
  });

  test('is not confused by values that run into each other', async () => {
    const identitySources = ['$request.querystring.one', '$request.querystring.two'];
    const { get } = await api({ authorizer: counting, resultTtl: 60, identitySources });
    expect(await get('/a?one=a%22%2C%22b&two=c')).toEqual([200, { calls: 1 }]);
    expect(await get('/a?one=a&two=b%22%2C%22c')).toEqual([200, { calls: 2 }]);
  });

  test('is not remembered with a time to live of 0, nor without identity sources', async () => {
    for (const options of [{ resultTtl: 0 }, { resultTtl: 60, identitySources: [] }]) {
      const { get } = await api({ authorizer: counting, ...options });
      expect(await get('/a', 'x')).toEqual([200, { calls: 1 }]);
      expect(await get('/a', 'x')).toEqual([200, { calls: 2 }]);
    }
  });

  test('a failure is not remembered', async () => {
    const authorizer = returning('{ isAuthorized: calls > 1 ? true : undefined }');
    const { get } = await api({ authorizer, resultTtl: 60 });
    expect((await get('/a', 'x'))[0]).toBe(500);
    expect((await get('/a', 'x'))[0]).toBe(200);
  });

  test('an identity source that is not known here is an error at the start', async () => {
    const identitySources = ['$stageVariables.x'];
    await expect(api({ authorizer: counting, identitySources })).rejects.toThrow(
      'the local stack does not know the identity source $stageVariables.x',
    );
  });
});
