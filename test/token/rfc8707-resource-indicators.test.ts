import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { basic } from '../support/http-api-event.ts';
import { api, client_id, client_secret, tokenEndpoint } from '../support/token-endpoint.ts';

const endpoint = await tokenEndpoint();
const orders = 'https://orders.example.com/v1/';

await endpoint.registerApi({ resource: orders, scope: new Set(['read', 'refund']) });
await endpoint.register({
  client_id: 'two-apis',
  grants: new Map([
    [api, new Set(['read', 'write'])],
    [orders, new Set(['read', 'refund', 'withdrawn'])],
    ['https://gone.example.com', new Set(['archive'])],
  ]),
});

const ask = (more: string, id = 'two-apis') =>
  endpoint.post(`grant_type=client_credentials${more}`, {
    headers: { authorization: basic(id, client_secret) },
  });
const resource = (uri: string) => `&resource=${encodeURIComponent(uri)}`;
const invalidTarget = { statusCode: 400, body: { error: 'invalid_target' } };

async function audience(more: string, id?: string) {
  const { statusCode, body } = await ask(more, id);
  expect(statusCode).toBe(200);
  return [decodeJwt(body.access_token).aud, body.scope];
}

describe('RFC 8707 §2 resource parameter', () => {
  test.for([
    'api.example.com',
    '/v1/',
    '//api.example.com',
    'https://api.example.com#top',
    'https://api.example.com/ x',
    'https://',
    'https:',
    'not a uri',
    '__proto__',
    'https://api.example.com/"',
    'https://api.example.com/ü',
  ])('F01: %s is no absolute URI without a fragment', async (uri) => {
    expect(await ask(resource(uri))).toMatchObject(invalidTarget);
  });

  test('F02: more than one resource is refused, so that a token has one audience', async () => {
    expect(await ask(resource(api) + resource(orders))).toMatchObject(invalidTarget);
    expect(await ask(resource(api) + resource(api))).toMatchObject(invalidTarget);
  });

  test.for([
    ['nobody knows', 'https://unknown.example.com'],
    ['is registered but not granted', 'https://granted-to-others.example.com'],
    ['is granted but no longer registered', 'https://gone.example.com'],
    ['is another URN', 'urn:example:api'],
  ] as const)('F03: a resource that %s is invalid_target', async ([, uri]) => {
    await endpoint.registerApi({ resource: 'https://granted-to-others.example.com' });
    expect(await ask(resource(uri))).toMatchObject(invalidTarget);
  });

  test('F04: the scope is what is granted at that resource, and offered by it', async () => {
    expect(await audience(resource(orders))).toEqual([orders, 'read refund']);
    expect(await audience(resource(api))).toEqual([api, 'read write']);
    expect(await ask(`${resource(api)}&scope=refund`)).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_scope' },
    });
    expect(await ask(`${resource(orders)}&scope=withdrawn`)).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_scope' },
    });
  });

  test.for([
    'https://orders.example.com/v1',
    'https://orders.example.com/V1/',
    'https://ORDERS.example.com/v1/',
    'https://orders.example.com:443/v1/',
    'https://orders.example.com/v1/?',
  ])('F05: %s is not the same string', async (uri) => {
    expect(await ask(resource(uri))).toMatchObject(invalidTarget);
  });
});

describe('RFC 9068 §3 audience without a resource parameter', () => {
  test('E06: a client with one grant gets a token for that resource server', async () => {
    expect(await audience('', client_id)).toEqual([api, 'read write']);
  });

  test('E06: with several grants, a scope that belongs to one of them tells which', async () => {
    expect(await audience('&scope=refund')).toEqual([orders, 'refund']);
    expect(await audience('&scope=write')).toEqual([api, 'write']);
  });

  test.for([
    ['no scope', ''],
    ['a scope of several resource servers', '&scope=read'],
  ] as const)('E06: with several grants, %s leaves open which is meant', async ([, more]) => {
    expect(await ask(more)).toMatchObject(invalidTarget);
  });

  test.for([
    ['scopes of different resource servers are', '&scope=write+refund'],
    ['a scope of none is', '&scope=admin'],
  ] as const)('E06: with several grants, %s invalid_scope', async ([, more]) => {
    expect(await ask(more)).toMatchObject({ statusCode: 400, body: { error: 'invalid_scope' } });
  });

  test('E06: a client without any grant gets nothing', async () => {
    await endpoint.register({ client_id: 'nowhere', grants: new Map() });
    expect(await ask('', 'nowhere')).toMatchObject(invalidTarget);
  });
});
