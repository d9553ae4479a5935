import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { echo, returning, startTestApi } from './test-api.ts';

/** Sends octets as they are, for what no HTTP client would send. */
async function raw(url: string, request: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(request);
  return text(socket);
}

const message = (status: number, text: string) => [status, { message: text }];
const answer = async (response: Response) => [response.status, await response.json()];

describe('the event (payload format 2.0)', () => {
  test('describes a request', async () => {
    const { url } = await startTestApi({ routes: { 'POST /orders/{id}': echo } });
    const response = await fetch(`${url}/orders/a%20b?x=1&y=%2F&x=2`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'test', 'X-Mixed': 'Case' },
      body: '{}',
    });
    const host = new URL(url).host;
    expect(await response.json()).toEqual({
      version: '2.0',
      routeKey: 'POST /orders/{id}',
      rawPath: '/orders/a b',
      rawQueryString: 'x=1&y=%2F&x=2',
      headers: expect.objectContaining({
        host,
        'content-length': '2',
        'content-type': 'application/json',
        'user-agent': 'test',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': new URL(url).port,
        'x-forwarded-proto': 'http',
        'x-mixed': 'Case',
      }),
      queryStringParameters: { x: '1,2', y: '/' },
      pathParameters: { id: 'a b' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'api',
        domainName: '127.0.0.1',
        domainPrefix: '127',
        http: {
          method: 'POST',
          path: '/orders/a b',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: response.headers.get('apigw-requestid'),
        routeKey: 'POST /orders/{id}',
        stage: '$default',
        time: '14/Nov/2023:22:13:20 +0000',
        timeEpoch: 1_700_000_000_000,
      },
      body: '{}',
      isBase64Encoded: false,
    });
  });

  test('has no member for what is not there', async () => {
    const { url } = await startTestApi({ routes: { 'GET /': echo } });
    const event = await (await fetch(url)).json();
    expect(event).toMatchObject({ rawQueryString: '', isBase64Encoded: false });
    for (const name of ['body', 'cookies', 'pathParameters', 'queryStringParameters']) {
      expect(event).not.toHaveProperty(name);
    }
  });

  test.for([
    ['application/json', false],
    ['Application/JSON; charset=utf-8', false],
    ['application/xml', false],
    ['application/javascript', false],
    ['text/plain', false],
    ['application/x-www-form-urlencoded', true],
    ['application/octet-stream', true],
    ['application/problem+json', true],
  ] as const)('a body of the type %s: base64 is %s', async ([type, isBase64Encoded]) => {
    const { url } = await startTestApi({ routes: { 'POST /': echo } });
    const sent = 'scope=read';
    const headers = { 'content-type': type };
    const event = await (await fetch(url, { method: 'POST', headers, body: sent })).json();
    const body = isBase64Encoded ? Buffer.from(sent).toString('base64') : sent;
    expect(event).toMatchObject({ body, isBase64Encoded });
  });

  test('a body without a type is base64', async () => {
    const { url } = await startTestApi({ routes: { 'POST /': echo } });
    const response = await raw(
      url,
      'POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 1\r\n\r\na',
    );
    expect(JSON.parse(response.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      body: 'YQ==',
      isBase64Encoded: true,
    });
  });

  test('a header that comes twice is joined by a comma, Authorization too; cookies go apart', async () => {
    const { url } = await startTestApi({ routes: { 'GET /': echo } });
    const twice = 'Authorization: a\r\nauthorization: b\r\nCookie: c=1; d=2\r\ncookie: e=3\r\n';
    const response = await raw(
      url,
      `GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${twice}\r\n`,
    );
    const event = JSON.parse(response.split('\r\n\r\n')[1] ?? '');
    expect(event.headers.authorization).toBe('a,b');
    expect(event.cookies).toEqual(['c=1', 'd=2', 'e=3']);
    expect(event.headers).not.toHaveProperty('cookie');
    expect(event.headers).not.toHaveProperty('connection');
  });
});

describe('a route', () => {
  const keys = [
    'GET /pets/dog/1',
    'GET /pets/dog/{id}',
    'GET /pets/{proxy+}',
    'ANY /{proxy+}',
    'ANY /pets/dog/1',
    '$default',
  ];
  const name = returning('event.routeKey');
  const routes = Object.fromEntries(keys.map((key) => [key, name]));

  test('is chosen by what says most', async () => {
    const { url } = await startTestApi({ routes });
    const chosen = async (method: string, path: string) =>
      (await fetch(url + path, { method })).text();
    expect(await chosen('GET', '/pets/dog/1')).toBe('GET /pets/dog/1');
    expect(await chosen('POST', '/pets/dog/1')).toBe('ANY /pets/dog/1');
    expect(await chosen('GET', '/pets/dog/2')).toBe('GET /pets/dog/{id}');
    expect(await chosen('GET', '/pets/cat/1')).toBe('GET /pets/{proxy+}');
    expect(await chosen('POST', '/test/5')).toBe('ANY /{proxy+}');
    expect(await chosen('GET', '/')).toBe('$default');
  });

  test('takes what its variables match', async () => {
    const parameters = returning('event.pathParameters');
    const { url } = await startTestApi({ routes: { 'GET /a/{b}/{c+}': parameters } });
    expect(await (await fetch(`${url}/a/1/2/3`)).json()).toEqual({ b: '1', c: '2/3' });
  });

  test('that does not exist is 404, and so is another method of it', async () => {
    const { url } = await startTestApi({ routes: { 'GET /a.b': echo } });
    expect(await answer(await fetch(`${url}/nobody`))).toEqual(message(404, 'Not Found'));
    expect(await answer(await fetch(`${url}/aXb`))).toEqual(message(404, 'Not Found'));
    const post = await fetch(`${url}/a.b`, { method: 'POST' });
    expect(await answer(post)).toEqual(message(404, 'Not Found'));
  });
});

describe('the response', () => {
  const respond = async (expression: string) => {
    const { url } = await startTestApi({ routes: { 'GET /': returning(expression) } });
    return fetch(url);
  };

  test('is what the function says', async () => {
    const response = await respond(
      `{ statusCode: 201, headers: { 'X-One': 'a', 'X-Number': 2, 'WWW-Authenticate': 'Basic realm="x"' },
         cookies: ['a=1', 'b=2'], body: 'made' }`,
    );
    expect(response.status).toBe(201);
    expect(response.headers.get('x-one')).toBe('a');
    expect(response.headers.get('x-number')).toBe('2');
    expect(response.headers.get('www-authenticate')).toBe('Basic realm="x"');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.text()).toBe('made');
  });

  test('has the octets of a base64 body', async () => {
    const response = await respond(`{ statusCode: 200, body: '/wA=', isBase64Encoded: true }`);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.of(0xff, 0));
  });

  test.for([
    ['{ a: 1 }', '{"a":1}'],
    ['"Hello"', 'Hello'],
    ['[1]', '[1]'],
    ['undefined', 'null'],
  ])('is 200 with JSON for the plain value %s', async ([expression = '', body]) => {
    const response = await respond(expression);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe(body);
  });

  test('204 has no body', async () => {
    const response = await respond('{ statusCode: 204 }');
    expect([response.status, await response.text()]).toEqual([204, '']);
  });

  test.for([
    "{ statusCode: 'abc' }",
    '{ statusCode: 99 }',
    '{ statusCode: 200, body: { a: 1 } }',
    "{ statusCode: 200, headers: { a: ['b'] } }",
    "{ statusCode: 200, headers: { a: 'b\\r\\nc: d' } }",
    "{ statusCode: 200, cookies: 'a=1' }",
    "(() => { throw new Error('internal words') })()",
  ])('500 for what the gateway cannot use: %s', async (expression) => {
    expect(await answer(await respond(expression))).toEqual(message(500, 'Internal Server Error'));
  });
});

describe('trouble', () => {
  test('a function that takes too long is ended (500), and the next request gets a new one', async () => {
    const source = returning("event.rawQueryString ? new Promise(() => {}) : 'alive'");
    const { url, log } = await startTestApi({ routes: { 'GET /': source }, timeout: 0.5 });
    expect(await answer(await fetch(`${url}?hang`))).toEqual(message(500, 'Internal Server Error'));
    expect(log.at(-1)).toContain('Task timed out after 0.50 seconds');
    expect(await (await fetch(url)).text()).toBe('alive');
  });

  test('an integration that takes too long is 503', async () => {
    const source = returning('new Promise(() => {})');
    const { url } = await startTestApi({ routes: { 'GET /': source }, integrationTimeout: 0.1 });
    expect(await answer(await fetch(url))).toEqual(message(503, 'Service Unavailable'));
  });

  test.for([
    ['exits', 'process.exit(3)'],
    ['crashes', "setImmediate(() => { throw new Error('out of band') }) && new Promise(() => {})"],
    ['rejects apart', "Promise.reject(new Error('nobody waits')) && new Promise(() => {})"],
  ])('a function that %s is 500, and the next request gets a new one', async ([, crash]) => {
    const source = returning(`event.rawQueryString ? ${crash} : 'alive'`);
    const { url } = await startTestApi({ routes: { 'GET /': source } });
    expect(await answer(await fetch(`${url}?now`))).toEqual(message(500, 'Internal Server Error'));
    expect(await (await fetch(url)).text()).toBe('alive');
  });

  test('a function that cannot be loaded is 500 each time', async () => {
    const { url } = await startTestApi({ routes: { 'GET /': "throw new Error('no start');" } });
    for (const attempt of [1, 2]) {
      const response = await fetch(`${url}?${attempt}`);
      expect(await answer(response)).toEqual(message(500, 'Internal Server Error'));
    }
  });

  test('a body of 10 MB passes and a larger one is 413', async () => {
    const { url } = await startTestApi({ routes: { 'POST /': returning('event.body.length') } });
    const post = (length: number) =>
      fetch(url, {
        method: 'POST',
        body: Buffer.alloc(length, 'a'),
        headers: { 'content-type': 'text/plain' },
      });
    expect(await (await post(10 * 1024 * 1024)).json()).toBe(10 * 1024 * 1024);
    expect(await answer(await post(10 * 1024 * 1024 + 1))).toEqual(
      message(413, 'Request Entity Too Large'),
    );
  });

  test('request line and header values of more than 10,240 bytes are 431', async () => {
    const { url } = await startTestApi({ routes: { 'GET /': returning('1') } });
    const get = (length: number) => fetch(url, { headers: { 'x-long': 'a'.repeat(length) } });
    expect((await get(9000)).status).toBe(200);
    expect(await answer(await get(10_241))).toEqual(
      message(431, 'Request Header Fields Too Large'),
    );
  });

  test('a path that is no text is 400', async () => {
    const { url } = await startTestApi({ routes: { $default: echo } });
    expect(await answer(await fetch(`${url}/%ff`))).toEqual(message(400, 'Bad Request'));
  });
});
