import { describe, expect, test } from 'vitest';
import { parseOrigins } from '../../functions/http/cors.ts';
import { RetryLater, unavailable } from '../../functions/oauth/oauth-error.ts';
import type { TokenEndpoint } from '../../functions/token/handler.ts';
import { basic, httpApiEvent, type RequestInit } from '../support/http-api-event.ts';
import { client_id, client_secret, tokenEndpoint } from '../support/token-endpoint.ts';

/** The CORS protocol (Fetch §3.2) at the token endpoint: which pages' scripts may read its answers. */

const origin = 'https://console.example.com';
const corsOrigins = [origin, 'http://localhost:8080'];
const form = 'grant_type=client_credentials';
const authorization = basic(client_id, client_secret);

async function answer(init: RequestInit, special: Partial<TokenEndpoint> = {}) {
  const { handler, audited } = await tokenEndpoint({ corsOrigins, ...special });
  return { ...(await handler(httpApiEvent({ body: form, ...init }))), audited };
}

/** The headers of the protocol in an answer. */
const corsOf = ({ headers }: { readonly headers: Readonly<Record<string, string>> }) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => /^(access-|vary)/i.test(name)));

const preflight = (from: string): RequestInit => ({
  method: 'OPTIONS',
  headers: { origin: from, 'access-control-request-method': 'POST' },
});

const readable = {
  'Access-Control-Allow-Origin': origin,
  'Access-Control-Expose-Headers': 'DPoP-Nonce, Retry-After, WWW-Authenticate',
  Vary: 'Origin',
};

const broken = (): never => {
  throw new Error('broken');
};
const down = () => Promise.reject(unavailable('down'));

describe('a page that is listed', () => {
  test('may ask beforehand, and nothing of it is in the log', async () => {
    const { audited, ...response } = await answer(preflight(origin));
    expect(response).toEqual({
      statusCode: 204,
      headers: {
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Methods': 'POST',
        'Access-Control-Allow-Headers': 'Authorization, Content-Type, DPoP, X-Requested-With',
        'Access-Control-Max-Age': '7200',
        Vary: 'Origin',
      },
      body: '',
    });
    expect(audited).toEqual([]);
  });

  test('may read a token', async () => {
    const response = await answer({ headers: { origin, authorization } });
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({ 'Cache-Control': 'no-store' });
    expect(corsOf(response)).toEqual(readable);
  });

  test.for<[number, RequestInit, Partial<TokenEndpoint>]>([
    [400, { body: 'grant_type=none', headers: { authorization } }, {}],
    [401, { headers: { authorization: basic(client_id, 'wrong') } }, {}],
    [405, { method: 'GET' }, {}],
    [
      429,
      { headers: { authorization: basic(client_id, 'wrong') } },
      {
        failedAttempts: {
          limitedFor: () => 60,
          record: async () => {
            throw new RetryLater(429, 60);
          },
        },
      },
    ],
    [500, { headers: { authorization } }, { newJti: broken }],
    [503, { headers: { authorization } }, { signingKeys: { active: down, successorOf: down } }],
  ])('may read a %s', async ([status, init, special]) => {
    const response = await answer({ ...init, headers: { origin, ...init.headers } }, special);
    expect(response.statusCode).toBe(status);
    expect(corsOf(response)).toEqual(readable);
  });
});

describe('a page that is not listed', () => {
  test.for([
    ['https://evil.example'],
    ['null'],
    ['*'],
    [`${origin}.evil.example`],
    [`${origin}:8443`],
    ['http://console.example.com'],
    ['http://localhost:8081'],
    [`${origin},${origin}`],
    ['loopback'],
    ['none'],
    [''],
  ])('cannot read anything: %j', async ([other = '']) => {
    const response = await answer({ headers: { origin: other, authorization } });
    expect(response.statusCode).toBe(200);
    expect(corsOf(response)).toEqual({ Vary: 'Origin' });
    const asked = await answer(preflight(other));
    expect(asked.statusCode).toBe(405);
    expect(corsOf(asked)).toEqual({ Vary: 'Origin' });
  });

  test('nor is a machine, which says no origin', async () => {
    const response = await answer({ headers: { authorization } });
    expect(response.statusCode).toBe(200);
    expect(corsOf(response)).toEqual({ Vary: 'Origin' });
  });

  test('is every page by default', async () => {
    const none = { corsOrigins: [] };
    expect(corsOf(await answer({ headers: { origin, authorization } }, none))).toEqual({});
    expect(corsOf(await answer(preflight(origin), none))).toEqual({});
  });
});

describe('loopback', () => {
  const loopback = { corsOrigins: ['loopback'] };

  test.for([
    ['http://127.0.0.1:8080'],
    ['http://localhost'],
    ['https://localhost:5173'],
    ['http://[::1]:6274'],
  ])('is every page of this computer: %s', async ([page = '']) => {
    expect(corsOf(await answer({ headers: { origin: page, authorization } }, loopback))).toEqual({
      ...readable,
      'Access-Control-Allow-Origin': page,
    });
  });

  test.for([
    ['https://localhost.evil.example'],
    ['http://127.0.0.1.evil.example'],
    ['http://127.0.0.1:8080/'],
    ['http://localhost:80'],
    ['http://evil.example@localhost'],
    ['null'],
    ['loopback'],
    ['localhost'],
  ])('and no other: %s', async ([page = '']) => {
    const response = await answer({ headers: { origin: page, authorization } }, loopback);
    expect(corsOf(response)).toEqual({ Vary: 'Origin' });
  });
});

test('a variable of the environment has origins, or says that there are none', () => {
  expect(parseOrigins('none')).toEqual([]);
  expect(parseOrigins(`${origin} loopback`)).toEqual([origin, 'loopback']);
});
