import * as oauth from 'oauth4webapi';
import { describe, expect, test } from 'vitest';
import { parsePublicUrl } from '../../functions/authorizer/public-url.ts';
import type { HttpResponse } from '../../functions/http/response.ts';
import { parseAssertionAlgorithms } from '../../functions/oauth/assertion-algorithms.ts';
import { statelessNonces } from '../../functions/oauth/dpop-nonce.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import { asked } from '../authorizer/events.ts';
import { httpCall, restCall } from '../authorizer/possession-events.ts';
import { apiUrl, boundApi, shown } from '../support/bound-api.ts';
import { memoryNonceKeys } from '../support/memory/memory-nonce-keys.ts';

const api = await boundApi();
const bearer = async () => ({ authorization: `Bearer ${await api.token()}` });
const keys = memoryNonceKeys();
const nonces = statelessNonces({ keys, now: () => api.clock.now });

/** What a refusal looks like. */
const answer = (statusCode: number, message: string, headers = {}) => ({
  statusCode,
  headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
  body: JSON.stringify({ message }),
});

describe('who is let in', () => {
  test('D14: the handler is told what an authorizer would tell it', async () => {
    const { handle, events } = api.guarded();
    const { access_token, prove } = await api.bound();
    const headers = shown(access_token, await prove());
    expect(await handle(httpCall({ headers }))).toEqual({ statusCode: 200 });
    const [{ requestContext }] = events as [{ requestContext: { authorizer: { lambda: object } } }];
    expect(requestContext.authorizer.lambda).toMatchObject({
      client_id: 's6BhdRkqt3',
      scope: 'read',
      cnf: expect.stringMatching(/^\{"jkt":"[\w-]{43}"\}$/),
    });
  });

  test('I15: what somebody else has put into the context is replaced', async () => {
    const { handle, events } = api.guarded();
    const call = httpCall({ headers: await bearer() });
    const requestContext = {
      ...(call.requestContext as object),
      authorizer: { lambda: { client_id: 'admin' }, jwt: { claims: {} } },
    };
    await handle({ ...call, requestContext });
    const [event] = events as [{ requestContext: { authorizer: object } }];
    expect(event.requestContext.authorizer).toEqual({
      lambda: expect.objectContaining({ client_id: 's6BhdRkqt3' }),
    });
  });

  test('a fault of the handler is its own', async () => {
    const { handle } = api.guarded(undefined, {});
    const broken = api.guarded();
    broken.events.push = () => {
      throw new Error('mine');
    };
    await expect(broken.handle(httpCall({ headers: await bearer() }))).rejects.toThrow(/^mine$/);
    expect(await handle(httpCall({ headers: await bearer() }))).toEqual({});
  });

  test('D17: a response has the nonce for the next request, beside its own headers', async () => {
    const { access_token, prove } = await api.bound();
    const nonce = await nonces.issue();
    const call = async () =>
      httpCall({ headers: shown(access_token, await prove({ claims: { nonce } })) });
    const fresh = { 'DPoP-Nonce': expect.stringMatching(/^[\w-]{30}$/) };
    const nonceHeader = { 'Cache-Control': 'no-store', ...fresh };
    const own = api.guarded({ nonces }, { statusCode: 200, headers: { etag: '"a"' }, body: 'b' });
    expect(await own.handle(await call())).toEqual({
      statusCode: 200,
      headers: { etag: '"a"', ...nonceHeader },
      body: 'b',
    });
    const headers = { 'cache-control': 'private', 'dpop-nonce': 'its-own' };
    const cached = api.guarded({ nonces }, { statusCode: 200, headers });
    expect(await cached.handle(await call())).toEqual({
      statusCode: 200,
      headers: { 'cache-control': 'private', ...fresh },
    });
    const bare = api.guarded({ nonces }, { statusCode: 204 });
    expect(await bare.handle(await call())).toEqual({ statusCode: 204, headers: nonceHeader });
    const body = api.guarded({ nonces }, { orders: [] });
    expect(await body.handle(await call())).toEqual({ orders: [] });
  });
});

describe('who is kept out', () => {
  test('I09: without a token there is a challenge for each scheme, and no error code', async () => {
    const { handle, events } = api.guarded();
    expect(await handle(httpCall({ headers: {} }))).toEqual(
      answer(401, 'Unauthorized', {
        'WWW-Authenticate': 'Bearer realm="https://api.example.com", DPoP algs="ES256 RS256"',
      }),
    );
    expect(events).toEqual([]);
  });

  test.for(['Basic YTpi', 'Negotiate x', 'Bearers x', ''])(
    'I09: another scheme, as in %j, is answered the same',
    async (authorization) => {
      const { handle } = api.guarded();
      const answered = await handle(httpCall({ headers: { authorization } }));
      expect(answered).toEqual(await handle(httpCall({ headers: {} })));
    },
  );

  test('I02: a token in the query is a malformed request, with a header and without', async () => {
    const { handle, events } = api.guarded();
    const changes = { rawQueryString: 'access_token=x' };
    for (const headers of [{}, await bearer()]) {
      expect(await handle(httpCall({ headers, changes }))).toMatchObject({ statusCode: 400 });
    }
    expect(events).toEqual([]);
  });

  test('I09: a malformed request is 400, an invalid token 401, too little scope 403', async () => {
    const { handle, events } = api.guarded();
    const ask = (authorization: string, changes = {}) =>
      handle(httpCall({ headers: { authorization }, changes }));
    const also = ', DPoP algs="ES256 RS256"';
    expect(await ask('Bearer a b')).toEqual(
      answer(400, 'Bad Request', {
        'WWW-Authenticate': `Bearer error="invalid_request", error_description="the request carries no usable access token"${also}`,
      }),
    );
    expect(await ask('Bearer a.b.c')).toEqual(
      answer(401, 'Unauthorized', {
        'WWW-Authenticate': `Bearer error="invalid_token", error_description="the access token is not valid"${also}`,
      }),
    );
    const { authorization } = await bearer();
    expect(await ask(authorization, asked('POST /orders'))).toEqual(
      answer(403, 'Forbidden', {
        'WWW-Authenticate': 'Bearer error="insufficient_scope", scope="write"',
      }),
    );
    expect(await ask(authorization, asked('GET /other'))).toEqual(
      answer(403, 'Forbidden', { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' }),
    );
    expect(events).toEqual([]);
  });

  test.for([
    ['without scope', undefined],
    ['of earlier versions, with the empty scope,', ''],
  ] as const)('I09: a token %s is good, and has too little', async ([, scope]) => {
    const { handle } = api.guarded();
    const headers = { authorization: `Bearer ${await api.token({ claims: { scope } })}` };
    expect(await handle(httpCall({ headers }))).toEqual(
      answer(403, 'Forbidden', {
        'WWW-Authenticate': 'Bearer error="insufficient_scope", scope="read"',
      }),
    );
  });

  test('D14: under DPoP the challenge is of that scheme alone', async () => {
    const { handle } = api.guarded();
    const { access_token, prove } = await api.bound();
    expect(await handle(httpCall({ headers: shown(access_token, undefined) }))).toEqual(
      answer(401, 'Unauthorized', {
        'WWW-Authenticate':
          'DPoP error="invalid_dpop_proof", error_description="the DPoP proof is not valid: there is none", algs="ES256 RS256"',
      }),
    );
    const proof = await prove({ claims: { htm: 'POST', htu: `${apiUrl}/orders` } });
    const call = httpCall({ headers: shown(access_token, proof), changes: asked('POST /orders') });
    expect(await handle(call)).toEqual(
      answer(403, 'Forbidden', {
        'WWW-Authenticate': 'DPoP error="insufficient_scope", scope="write"',
      }),
    );
  });

  test('D15: a bound token as Bearer is no valid token, and the answer says which scheme there is', async () => {
    const { handle } = api.guarded();
    const { access_token } = await api.bound();
    const headers = { authorization: `Bearer ${access_token}` };
    expect(await handle(httpCall({ headers }))).toMatchObject({
      statusCode: 401,
      headers: {
        'WWW-Authenticate':
          'Bearer error="invalid_token", error_description="the access token is not valid", DPoP algs="ES256 RS256"',
      },
    });
  });

  test('D08: while the store is down it is 503, and the handler is not called', async () => {
    const replays = { firstUse: () => Promise.reject(unavailable('table gone')) };
    const { handle, events } = api.guarded({ replays });
    const { access_token, prove } = await api.bound();
    const call = httpCall({ headers: shown(access_token, await prove()) });
    expect(await handle(call)).toEqual(answer(503, 'Service Unavailable', { 'Retry-After': '2' }));
    expect(events).toEqual([]);
    expect(api.log.at(-1)).toMatchObject({ outcome: 'failed' });
  });

  test('D08: a fault of ours says nothing, and the handler is not called', async () => {
    const replays = { firstUse: () => Promise.reject(new Error('a secret of ours')) };
    const { handle, events } = api.guarded({ replays });
    const { access_token, prove } = await api.bound();
    const call = httpCall({ headers: shown(access_token, await prove()) });
    expect(await handle(call)).toEqual(answer(500, 'Internal Server Error'));
    expect(events).toEqual([]);
    expect(api.log.at(-1)).toMatchObject({ outcome: 'failed' });
  });
});

describe('an event that no API of the guard has sent', () => {
  const foreign = { ...(httpCall({ headers: {} }).requestContext as object), apiId: 'zyxwvu9876' };
  /** What a function URL sends: every path, under `$default`. */
  const functionUrl = { ...asked('GET /orders/7', '$default'), requestContext: foreign };

  test.for<[string, Readonly<Record<string, unknown>>]>([
    ['a function URL', functionUrl],
    ['a function URL, at a listed route', { ...functionUrl, routeKey: 'GET /orders/{id}' }],
    ['another HTTP API', { requestContext: foreign }],
    ['an HTTP API in payload format 1.0', { version: '1.0' }],
    ['an HTTP API in no payload format', { version: undefined }],
    ['a REST API', { version: undefined, ...restCall({ headers: {} }) }],
    ['a load balancer', { version: undefined, requestContext: { elb: { targetGroupArn: 'arn' } } }],
    ['whoever makes one up', { requestContext: { http: { method: 'GET' } } }],
    ['whoever names no API', { requestContext: { http: { method: 'GET' }, apiId: '' } }],
    ['whoever names them all', { requestContext: { apiId: 'abcdef1234 ghijkl5678' } }],
    ['whoever names several', { requestContext: { apiId: ['abcdef1234', 'ghijkl5678'] } }],
    ['whoever leaves out the context', { requestContext: undefined }],
  ])('I16: of %s is refused, with a token and without', async ([, changes]) => {
    const { handle, events } = api.guarded();
    for (const headers of [await bearer(), {}]) {
      const { authorization } = { authorization: undefined, ...headers };
      const event = { ...httpCall({ headers }), ...changes, headers: { authorization } };
      expect(await handle(event)).toEqual(answer(403, 'Forbidden'));
      expect(api.log.at(-1)).toMatchObject({ outcome: 'refused', reason: expect.any(String) });
    }
    expect(events).toEqual([]);
  });

  test('I16: is refused whatever it is', async () => {
    const { handle, events } = api.guarded();
    for (const event of ['no event', null, undefined, [], 7]) {
      expect(await handle(event)).toEqual(answer(403, 'Forbidden'));
    }
    expect(events).toEqual([]);
  });

  test('I16: while each of the APIs is known', async () => {
    const { handle } = api.guarded();
    const call = httpCall({ headers: await bearer() });
    const requestContext = { ...(call.requestContext as object), apiId: 'ghijkl5678' };
    expect(await handle({ ...call, requestContext })).toEqual({ statusCode: 200 });
  });
});

describe('RFC 9449 §9 with a client that others wrote', () => {
  test('D17: oauth4webapi is told the nonce, and is let in with it', async () => {
    const { handle, events } = api.guarded({ nonces });
    const pair = await oauth.generateKeyPair('ES256');
    const DPoP = oauth.DPoP(
      { [oauth.clockSkew]: api.clock.now - Math.floor(Date.now() / 1000) },
      pair,
    );
    const cnf = { jkt: await DPoP.calculateThumbprint() };
    const access_token = await api.token({ claims: { cnf } });
    const call = () =>
      oauth.protectedResourceRequest(
        access_token,
        'GET',
        new URL('https://api.example.com/orders/7'),
        undefined,
        null,
        {
          DPoP,
          [oauth.customFetch]: async (_, { headers }) => {
            const event = httpCall({ headers: Object.fromEntries(Object.entries(headers)) });
            const { statusCode: status, headers: ours } = (await handle(event)) as HttpResponse;
            return new Response(null, { status, headers: ours });
          },
        },
      );
    const error = await call().catch((thrown: unknown) => thrown);
    expect(oauth.isDPoPNonceError(error)).toBe(true);
    expect((await call()).status).toBe(200);
    expect((await call()).status).toBe(200);
    expect(events).toHaveLength(2);
  });
});

describe('a wrong setting fails the cold start', () => {
  test.for(['ftp://a.example', 'api.example.com', 'https://a.example/v%20', ''])(
    'D05: the public URL %j',
    (text) => {
      expect(() => parsePublicUrl(text)).toThrow(`the public URL ${JSON.stringify(text)} is none`);
    },
  );

  test.for([
    ['https://api.example.com', 'https://api.example.com'],
    ['https://API.example.com:443/v1/', 'https://api.example.com/v1'],
  ])('D05: %s is compared as %s', ([text = '', url]) => {
    expect(parsePublicUrl(text)).toBe(url);
  });

  test('D03: an algorithm that is none', () => {
    expect(parseAssertionAlgorithms('ES256 EdDSA')).toEqual(['ES256', 'EdDSA']);
    expect(() => parseAssertionAlgorithms('ES256 HS256')).toThrow(
      '"HS256" is no algorithm of clients',
    );
  });
});
