import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  clientItem,
  parseClient,
  parseResourceServer,
} from '../../functions/aws/registry-items.ts';
import { ownClaims } from '../../functions/oauth/custom-claims.ts';
import { placeOf } from '../../functions/oauth/status-list.ts';
import { tokenReuse } from '../../functions/token/token-reuse.ts';
import { dpopKey, signProof } from '../support/dpop.ts';
import { basic } from '../support/http-api-event.ts';
import {
  aClient,
  api,
  client_id,
  client_secret,
  issuer,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const asking = { headers: { authorization: basic(client_id, client_secret) } };
const form = 'grant_type=client_credentials';

type Endpoint = Awaited<ReturnType<typeof tokenEndpoint>>;

async function said({ post }: Pick<Endpoint, 'post'>, more = '') {
  const { statusCode, body } = await post(form + more, asking);
  expect(statusCode, JSON.stringify(body)).toBe(200);
  return decodeJwt(body.access_token);
}

describe('RFC 9068 §2.2.2 further claims', () => {
  test('E10: a token says those of its resource server and of its client, whose counts', async () => {
    const endpoint = await tokenEndpoint();
    await endpoint.registerApi({ claims: { region: 'eu', plan: 'free' } });
    await endpoint.register({ claims: { plan: { name: 'gold' }, roles: ['ops'] } });
    const { jti, ...claims } = await said(endpoint);
    expect(claims).toEqual({
      iss: issuer,
      sub: client_id,
      client_id,
      aud: api,
      scope: 'read write',
      iat: stoppedAt,
      nbf: stoppedAt,
      exp: stoppedAt + 3600,
      region: 'eu',
      plan: { name: 'gold' },
      roles: ['ops'],
    });
  });

  test('E10: no record takes the place of what this server says', async () => {
    const endpoint = await tokenEndpoint();
    await endpoint.register({ grants: new Map([[api, new Set()]]) });
    const plain = await said(endpoint);
    const wrong = Object.fromEntries(ownClaims.map((name) => [name, 'wrong']));
    await endpoint.register({ grants: new Map([[api, new Set()]]), claims: wrong });
    await endpoint.registerApi({ claims: wrong });
    expect(await said(endpoint)).toEqual({ ...plain, jti: expect.not.stringMatching('wrong') });
  });

  test('E10: no parameter sets a claim, not even one that a record has', async () => {
    const endpoint = await tokenEndpoint();
    await endpoint.register({ claims: { tenant: 'acme' } });
    const { tenant, roles } = await said(endpoint, '&tenant=other&roles=admin&claims={"roles":[]}');
    expect({ tenant, roles }).toEqual({ tenant: 'acme', roles: undefined });
  });
});

describe('records', () => {
  const { claims: _, ...older } = clientItem(aClient());

  test('from before there was any of this have no claims', () => {
    expect(parseClient(older).claims).toEqual({});
    const server = { resource: api, scope: 'read', created_at: 1, updated_at: 1 };
    expect(parseResourceServer(server).claims).toEqual({});
  });

  test.for<readonly [unknown]>([
    [['a']],
    ['a'],
    [1n],
    [{ a: 1n }],
    [{ a: [new Set('a')] }],
    [{ a: new Uint8Array(1) }],
    [{ a: undefined }],
  ])('with %o are none of ours', ([claims]) => {
    expect(() => parseClient({ ...older, claims })).toThrow('malformed claims');
  });
});

describe('token reuse', () => {
  test('E10: a claim that was changed is in the next token, others are in the cached one', async () => {
    const endpoint = await tokenEndpoint();
    const { clock } = endpoint;
    const now = () => clock.now;
    const reuse = tokenReuse({ seconds: 600, now, isRevoked: async () => false });
    const post = endpoint.another({ reuse });
    await endpoint.register({ claims: { plan: { name: 'free' } } });
    const first = await said({ post });
    expect(await said({ post })).toEqual(first);
    await endpoint.register({ claims: { plan: { name: 'gold' } } });
    const second = await said({ post });
    expect(second).toMatchObject({ plan: { name: 'gold' } });
    expect(second.jti).not.toBe(first.jti);
    await endpoint.registerApi({ claims: { region: 'eu' } });
    expect(await said({ post })).toMatchObject({ plan: { name: 'gold' }, region: 'eu' });
  });
});

describe('a key that signs 4,096 bytes at most', () => {
  test('E10: all that three origins may add fits, with all that a usual token says', async () => {
    const place = placeOf(2 ** 40, issuer);
    const endpoint = await tokenEndpoint({ newPlace: () => place }, { alg: 'EdDSA' });
    const full = (name: string) => ({
      [name]: 'x'.repeat(512 - JSON.stringify({ [name]: '' }).length),
    });
    await endpoint.register({ claims: full('a'), dpop_bound_access_tokens: true });
    await endpoint.registerApi({ claims: full('b') });
    const dpop = await signProof(await dpopKey(), { claims: { htu: `${issuer}/token` } });
    const init = { headers: { ...asking.headers, dpop } };
    const { statusCode, body } = await endpoint.post(form, init);
    expect(statusCode).toBe(200);
    const [header = '', claims = ''] = String(body.access_token).split('.');
    expect(decodeJwt(body.access_token)).toMatchObject({ status: { status_list: place } });
    // The hook's may be as many.
    expect(header.length + 1 + claims.length + (512 * 4) / 3).toBeLessThanOrEqual(4096);
  });
});
