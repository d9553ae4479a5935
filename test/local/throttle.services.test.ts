import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { deployedApi } from '../../local/deployment/deployed-api.ts';
import { close, listen } from '../../local/io/http-server.ts';
import { createResolver } from '../../local/template/resolver.ts';
import { apiTemplate } from './api-template.ts';
import { returning, startTestApi, startTestFunction, type TestApiOptions } from './test-api.ts';

/** What a throttled HTTP API answers, to one request or to many. */

const tooMany = { status: 429, body: { message: 'Too Many Requests' } };
const counting = returning('{ calls }');

/** An API whose clock stands, until a test puts it forward. */
async function throttledApi(options: TestApiOptions) {
  let time = 1_700_000_000;
  const { url, log } = await startTestApi({ ...options, now: () => time });
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(url + path, { method });
    const text = await response.text();
    return { status: response.status, body: text && JSON.parse(text) };
  };
  const statuses = async (path: string, count: number) => {
    const answers = await Promise.all(Array.from({ length: count }, () => ask(path)));
    return answers.map(({ status }) => status).sort();
  };
  const pass = (seconds: number) => {
    time += seconds;
  };
  return { ask, statuses, pass, log };
}

describe('A11: a route with a throttle', () => {
  const throttles = { 'ANY /token': { rate: 2, burst: 3 } };
  const routes = { 'ANY /token': counting, 'GET /keys': counting };

  test('answers 429 beyond its burst, before its function runs, and says so in the log', async () => {
    const { ask, statuses, log } = await throttledApi({ routes, throttles });
    expect(await statuses('/token', 5)).toEqual([200, 200, 200, 429, 429]);
    expect(await ask('/token')).toEqual(tooMany);
    expect(log).toHaveLength(3);
    expect(log[0]).toMatch(/^gateway \S+ 429 Too Many Requests/);
  });

  test('lets through what its rate allows as time goes by, and never more than its burst', async () => {
    const { ask, statuses, pass } = await throttledApi({ routes, throttles });
    await statuses('/token', 3);
    pass(0.4);
    expect(await ask('/token')).toEqual(tooMany);
    pass(0.1);
    expect(await statuses('/token', 2)).toEqual([200, 429]);
    pass(3600);
    expect(await statuses('/token', 4)).toEqual([200, 200, 200, 429]);
  });

  test('gives and takes nothing when the clock is set back', async () => {
    const { statuses, pass } = await throttledApi({ routes, throttles });
    await statuses('/token', 2);
    pass(-3600);
    expect(await statuses('/token', 2)).toEqual([200, 429]);
    pass(0.5);
    expect(await statuses('/token', 2)).toEqual([200, 429]);
  });

  test('counts each method that it is for, HEAD and OPTIONS too', async () => {
    const { ask } = await throttledApi({ routes, throttles });
    for (const method of ['HEAD', 'OPTIONS', 'POST']) await ask('/token', method);
    expect(await ask('/token', 'POST')).toEqual(tooMany);
    expect(await ask('/token', 'HEAD')).toEqual({ status: 429, body: '' });
  });

  test('leaves other routes, and paths without one, as they are', async () => {
    const { statuses } = await throttledApi({ routes, throttles });
    await statuses('/token', 9);
    expect(await statuses('/keys', 9)).toEqual(Array(9).fill(200));
    expect(await statuses('/nowhere', 9)).toEqual(Array(9).fill(404));
  });

  test('throttles what comes to $default, but not what goes another route', async () => {
    const { statuses } = await throttledApi({
      routes: { $default: counting, 'GET /keys': counting },
      throttles: { $default: { rate: 1, burst: 1 } },
    });
    expect(await statuses('/a', 2)).toEqual([200, 429]);
    expect(await statuses('/b', 1)).toEqual([429]);
    expect(await statuses('/keys', 3)).toEqual([200, 200, 200]);
  });

  test.for([
    { rate: 0, burst: 0 },
    { rate: 100, burst: 0 },
  ])('%j lets nothing through', async (nothing) => {
    const { ask, pass } = await throttledApi({ routes, throttles: { 'GET /keys': nothing } });
    pass(60);
    expect(await ask('/keys')).toEqual(tooMany);
  });

  test('does not ask its authorizer beyond it', async () => {
    const { ask, log } = await throttledApi({
      routes: { 'GET /keys': counting },
      throttles: { 'GET /keys': { rate: 1, burst: 1 } },
      authorizer: 'export const handler = async () => { throw new Error("asked"); };',
      identitySources: ['$request.querystring.key'],
    });
    expect(await ask('/keys?key=x')).toMatchObject({ status: 500 });
    expect(await ask('/keys?key=x')).toEqual(tooMany);
    expect(log.join('\n').match(/asked/g)).toHaveLength(1);
  });
});

test('A11: the API of a stack has the throttles of its template, at each of its doors', async () => {
  const settings = { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 };
  const stack = apiTemplate({
    S: { DefaultRouteSettings: settings },
    R: { AuthorizationType: 'NONE', AuthorizerId: undefined },
  });
  const resolve = createResolver([stack], { apiEndpoint: () => '', keyIds: new Map() });
  const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:Stack-F';
  const functions = new Map([[functionArn, await startTestFunction(counting)]]);
  const listener = deployedApi(stack, resolve, { functions, now: () => 0, log: () => undefined });
  const statuses: number[] = [];
  for (const door of [createServer(listener), createServer(listener)]) {
    const url = `http://127.0.0.1:${await listen(door)}`;
    onTestFinished(() => close(door));
    for (const _ of [1, 2]) statuses.push((await fetch(url)).status);
  }
  // 500: nothing permits the API to call the function.
  expect(statuses).toEqual([500, 500, 429, 429]);
});
