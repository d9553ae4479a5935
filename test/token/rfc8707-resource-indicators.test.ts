import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import { basic } from '../support/http-api-event.ts';
import { testKey } from '../support/test-key.ts';
import { api, client_id, client_secret, tokenEndpoint } from '../support/token-endpoint.ts';

const endpoint = await tokenEndpoint();
const orders = 'https://orders.example.com/v1/';

await endpoint.registerApi({ resource: orders, scope: new Set(['read', 'refund']) });
const twoApis = new Map([
  [api, new Set(['read', 'write'])],
  [orders, new Set(['read', 'refund', 'withdrawn'])],
  ['https://gone.example.com', new Set(['archive'])],
]);
await endpoint.register({ client_id: 'two-apis', grants: twoApis });

const ask = (more: string, id = 'two-apis') =>
  endpoint.post(`grant_type=client_credentials${more}`, {
    headers: { authorization: basic(id, client_secret) },
  });
const resource = (uri: string) => `&resource=${encodeURIComponent(uri)}`;
const audienceOf = (uri: string) => `&audience=${encodeURIComponent(uri)}`;
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
    ['https://ORDERS.example.com/v1/', orders],
    ['HTTPS://orders.example.com:443/v1/', orders],
    ['https://orders.example.com/%761/', orders],
    ['https://orders.example.com/a/%2e%2e/v1/.', orders],
    [`${api}/`, api],
    [`${api}:443`, api],
  ] as const)('F05: %s is the same, and aud is as registered', async ([uri, aud]) => {
    expect((await audience(resource(uri)))[0]).toBe(aud);
    expect((await audience(audienceOf(uri)))[0]).toBe(aud);
    expect((await audience(resource(aud) + audienceOf(uri)))[0]).toBe(aud);
  });

  test.for([
    'https://orders.example.com/v1',
    'https://orders.example.com/V1/',
    'https://orders.example.com/v1//',
    'https://orders.example.com/v1/?',
    'https://orders.example.com:80/v1/',
    'http://orders.example.com/v1/',
  ])('F05: %s is another', async (uri) => {
    expect(await ask(resource(uri))).toMatchObject(invalidTarget);
    expect(await ask(resource(orders) + audienceOf(uri))).toMatchObject(invalidTarget);
  });

  describe('two that are the same, which an earlier release has registered', () => {
    const bare = 'https://twin.example.com';
    const twins = [
      endpoint.registerApi({ resource: bare, scope: new Set(['bare']) }),
      endpoint.registerApi({ resource: `${bare}/`, scope: new Set(['slash']) }),
      endpoint.register({
        client_id: 'both-twins',
        grants: new Map([
          [bare, new Set(['bare'])],
          [`${bare}/`, new Set(['slash'])],
        ]),
      }),
      endpoint.register({
        client_id: 'one-twin',
        grants: new Map([[`${bare}/`, new Set(['slash'])]]),
      }),
    ];

    test('F05: are told apart by the same text', async () => {
      await Promise.all(twins);
      expect(await audience(resource(bare), 'both-twins')).toEqual([bare, 'bare']);
      expect(await audience(resource(`${bare}/`), 'both-twins')).toEqual([`${bare}/`, 'slash']);
    });

    test('F05: are refused to a client of both where the text is neither', async () => {
      await Promise.all(twins);
      expect(await ask(resource('https://TWIN.example.com'), 'both-twins')).toMatchObject(
        invalidTarget,
      );
    });

    test('F05: are the one that the client has a grant for', async () => {
      await Promise.all(twins);
      for (const uri of [bare, `${bare}/`, 'https://TWIN.example.com']) {
        expect(await audience(resource(uri), 'one-twin')).toEqual([`${bare}/`, 'slash']);
      }
    });
  });
});

describe('RFC 8693 §2.1 audience, another name of resource', () => {
  test('E06: the audience of the request becomes that of the token', async () => {
    expect(await audience(audienceOf(orders))).toEqual([orders, 'read refund']);
    expect(await audience(`${audienceOf(api)}&scope=read`)).toEqual([api, 'read']);
    expect(await audience(audienceOf(api), client_id)).toEqual([api, 'read write']);
    expect(await ask(`${audienceOf(api)}&scope=refund`)).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_scope' },
    });
  });

  test('E06: a client of private_key_jwt says it in the same way', async () => {
    const key = await testKey('ES256');
    await endpoint.register({
      client_id: 'signing',
      token_endpoint_auth_method: 'private_key_jwt',
      secrets: [],
      jwks: { keys: [key.jwk] },
      grants: twoApis,
    });
    const post = async (more: Readonly<Record<string, string>>) => {
      const claims = { iss: 'signing', sub: 'signing' };
      return endpoint.post(assertionForm(await signAssertion(key, { claims }), more));
    };
    const { body } = await post({ audience: orders });
    expect(decodeJwt(body.access_token).aud).toBe(orders);
    expect(await post({ audience: orders, resource: api })).toMatchObject(invalidTarget);
  });

  test('F02: the same resource server by both names is one', async () => {
    expect(await audience(resource(orders) + audienceOf(orders))).toEqual([orders, 'read refund']);
  });

  test.for([
    ['two that differ', audienceOf(orders) + audienceOf(api)],
    ['the same twice', audienceOf(orders) + audienceOf(orders)],
    ['another than resource', resource(orders) + audienceOf(api)],
    ['another than resource behind it', audienceOf(orders) + resource(api)],
    ['another than resource, which is granted', resource(api) + audienceOf('urn:unknown')],
    ['one beside two resources', resource(orders) + resource(api) + audienceOf(api)],
  ] as const)('F02: of audience, %s is refused', async ([, more]) => {
    expect(await ask(more)).toMatchObject(invalidTarget);
  });

  test.for([
    ['a name that is no URI', 'my-api'],
    ['a URI with a fragment', `${api}#top`],
    ['a resource server that nobody knows', 'https://unknown.example.com'],
    ['one that is registered but not granted', orders],
  ] as const)('F03: an audience that is %s is invalid_target', async ([, uri]) => {
    expect(await ask(audienceOf(uri), client_id)).toMatchObject(invalidTarget);
  });

  test('A03: an audience without a value counts as left out', async () => {
    expect(await audience(`${resource(api)}&audience=&audience`)).toEqual([api, 'read write']);
    expect(await audience('&audience=', client_id)).toEqual([api, 'read write']);
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
