import { decodeJwt } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { signJwt } from '../../functions/oauth/jws.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import type { Revocation } from '../../functions/oauth/revocation.ts';
import { aRingKey } from '../support/a-ring-key.ts';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import { certificate } from '../support/certificates.ts';
import { dpopKey, signProof } from '../support/dpop.ts';
import { basic, httpApiEvent } from '../support/http-api-event.ts';
import { memorySigningKeys } from '../support/memory/memory-signing-keys.ts';
import { serverInMemory, usualClient } from '../support/server-in-memory.ts';
import { testKey } from '../support/test-key.ts';
import {
  api,
  client_id,
  client_secret,
  issuer,
  mtlsOrigin,
  stoppedAt,
} from '../support/token-endpoint.ts';

const server = await serverInMemory({}, { clientCache: 300 });
const { issue, store, clock, audited, ring } = server;

/** The API as a client that asks about tokens for it. */
const asker = 'the-api';
await server.register({
  client_id: asker,
  grants: new Map(),
  grant_types: [],
  introspection_resources: [api],
});
const byApi = { headers: { authorization: basic(asker, client_secret) } };

const ask = (token: string, init: Parameters<typeof server.introspect>[1] = byApi) =>
  server.introspect(token, init);
const said = async (token: string, init = byApi) => JSON.parse((await ask(token, init)).body);
const line = () => audited.at(-1);
const inactive = {
  statusCode: 200,
  headers: {
    'Content-Type': 'application/json;charset=UTF-8',
    'Cache-Control': 'no-store',
    Pragma: 'no-cache',
  },
  body: '{"active":false}',
};

/** Signs claims that are those of a good token but for some, as one of our keys would. */
async function ours(claims: object, typ = 'at+jwt'): Promise<string> {
  const key = await server.ports.signingKeys.active();
  return signJwt(typ, { ...decodeJwt(await issue()), ...claims }, key);
}

/** Notes that something is taken back, which is known a second later. */
async function note(revocation: Pick<Revocation, 'kind' | 'id'> & Partial<Revocation>) {
  const expires_at = clock.now + 100_000;
  await store.note({ revoked_at: clock.now, expires_at, ...revocation });
  clock.now += 1;
}

beforeEach(() => {
  // Of each test a time of its own: what one has taken back does not concern the next.
  clock.now += 10_000;
  store.trouble = undefined;
  ring.trouble = undefined;
  Object.assign(server.clients, { trouble: undefined });
  Object.assign(server.resourceServers, { trouble: undefined });
});

describe('RFC 7662 §2.2 introspection response', () => {
  test('K02: of a token that can be used it is said whose it is and for what', async () => {
    const token = await issue();
    const { jti } = decodeJwt(token);
    expect(await ask(token)).toEqual({
      ...inactive,
      body: JSON.stringify({
        active: true,
        scope: 'read write',
        client_id,
        token_type: 'Bearer',
        exp: clock.now + 3600,
        iat: clock.now,
        nbf: clock.now,
        sub: client_id,
        aud: api,
        iss: issuer,
        jti,
      }),
    });
    expect(line()).toMatchObject({
      outcome: 'introspected',
      active: true,
      client_id: asker,
      token_client_id: client_id,
      jti,
    });
  });

  test('K02: the claims that its owner has added are beside those, and take the place of none', async () => {
    const added = { tenant: 'acme', roles: ['ops'] };
    const jti = 'a-token';
    const plain = await said(await ours({ jti }));
    expect(await said(await ours({ jti, ...added }))).toEqual({ ...plain, ...added });
    expect(await said(await ours({ jti, active: false, token_type: 'x' }))).toEqual(plain);
  });

  test('K02: a token without scope has none in the answer', async () => {
    expect(await said(await ours({ scope: undefined }))).not.toHaveProperty('scope');
  });

  test('K04: cnf comes along, and the type of a token that is bound to a key is DPoP', async () => {
    const key = await dpopKey();
    const DPoP = await signProof(key, { claims: { iat: clock.now } });
    const token = await issue({ headers: { ...usualClient, DPoP } });
    const { cnf } = decodeJwt(token);
    expect(await said(token)).toMatchObject({ active: true, token_type: 'DPoP', cnf });
  });

  test('K04: a token that is bound to a certificate is Bearer, with its cnf', async () => {
    await server.register({ tls_client_certificate_bound_access_tokens: true });
    const { cert } = await certificate({ at: clock.now });
    const token = await issue({ headers: usualClient, certificate: cert });
    const { cnf } = decodeJwt(token);
    expect(cnf).toEqual({ 'x5t#S256': expect.any(String) });
    expect(await said(token)).toMatchObject({ active: true, token_type: 'Bearer', cnf });
    await server.register({});
  });

  const strangers = memorySigningKeys('RS256');
  async function signedByStranger(kid?: string): Promise<string> {
    const key = await (await strangers).active();
    return signJwt('at+jwt', decodeJwt(await issue()), { ...key, kid: kid ?? key.kid });
  }

  const unusable: readonly (readonly [string, () => Promise<string>, string])[] = [
    ['what is no JWT', async () => 'x', 'not written as a JWT is'],
    ['a token of a key that is not ours', () => signedByStranger(), 'JWKSNoMatchingKey'],
    [
      'a token that another key signed in the name of ours',
      async () => signedByStranger((await server.publicJwk()).kid),
      'JWSSignatureVerificationFailed',
    ],
    ['our own JWT of another kind', () => ours({}, 'token-introspection+jwt'), 'no access token'],
    ['a token of another issuer', () => ours({ iss: 'https://other.example' }), 'another issuer'],
    ['a token without a jti', () => ours({ jti: undefined }), 'malformed'],
    ['a token with a malformed place', () => ours({ status: { status_list: 7 } }), 'malformed'],
    ['a token for another API', () => ours({ aud: 'https://other.example' }), 'another resource'],
    ['a token for two APIs', () => ours({ aud: [api, 'https://other.example'] }), 'malformed'],
    ['a token that expires now', () => ours({ exp: clock.now }), 'has expired'],
    ['a token that is not valid yet', () => ours({ nbf: clock.now + 6 }), 'not valid yet'],
    ['a token of no client', () => ours({ client_id: 'nobody' }), 'client is not registered'],
  ];
  test.for(unusable)('K02, K03: %s is not active, and nothing else is said', async (row) => {
    const [, make, reason] = row;
    const token = await make();
    expect(await ask(token)).toEqual(inactive);
    expect(line()).toMatchObject({ outcome: 'introspected', active: false, client_id: asker });
    expect(line()?.reason).toContain(reason);
    expect(JSON.stringify(line())).not.toContain(token);
  });

  test.for(['none', 'HS256', 'ES256'])(
    'K03: alg %s is not taken for that of the key',
    async (alg) => {
      const [, payload, signature] = (await issue()).split('.');
      const { kid } = await server.publicJwk();
      const header = Buffer.from(JSON.stringify({ typ: 'at+jwt', alg, kid })).toString('base64url');
      expect(await ask(`${header}.${payload}.${signature}`)).toEqual(inactive);
      expect(await ask(`${header}.${payload}.`)).toEqual(inactive);
    },
  );

  test('K02: a caller may not see its own token, unless it is for an API that it asks for', async () => {
    const introspection_resources = ['https://other.example'];
    const grants = new Map([[api, new Set(['read'])]]);
    await server.register({ client_id: 'curious', grants, introspection_resources });
    const own = { headers: { authorization: basic('curious', client_secret) } };
    expect(await ask(await issue(own), own)).toEqual(inactive);
    await server.register({ client_id: 'curious', grants, introspection_resources: [api] });
    expect(await said(await issue(own), own)).toMatchObject({ active: true, client_id: 'curious' });
  });

  test('K03: within the tolerance for clocks a token is valid already', async () => {
    expect(await said(await ours({ nbf: clock.now + 5 }))).toMatchObject({ active: true });
  });

  test('K06: no cache keeps an answer', async () => {
    const { headers } = await ask('x');
    expect(headers).toMatchObject({ 'Cache-Control': 'no-store' });
    expect(await ask('x', { headers: {} })).toMatchObject({
      headers: { 'Cache-Control': 'no-store' },
    });
  });
});

describe('K03: what was taken back is not active', () => {
  test('J05: a token by itself that its client has revoked, a second later', async () => {
    const token = await issue();
    expect(await said(token)).toMatchObject({ active: true });
    expect(await server.revoke(token)).toMatchObject({ statusCode: 200 });
    clock.now += 1;
    expect(await ask(token)).toEqual(inactive);
    expect(line()?.reason).toBe('it was revoked');
    expect(await said(await issue())).toMatchObject({ active: true });
  });

  test('a token by its place in a status list', async () => {
    const status_list = { idx: 5, uri: `${issuer}/status-lists/0` };
    const token = await ours({ status: { status_list }, jti: 'placed' });
    const beside = await ours({ status: { status_list: { ...status_list, idx: 6 } } });
    expect(await server.revoke(token)).toMatchObject({ statusCode: 200 });
    clock.now += 1;
    expect(await ask(token)).toEqual(inactive);
    expect(await said(beside)).toMatchObject({ active: true });
  });

  const all: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['all of a client', () => note({ kind: 'client', id: client_id, not_before: clock.now + 1 })],
    ['all for an API', () => note({ kind: 'resource', id: api, not_before: clock.now + 1 })],
    [
      'all of a client by its record, before the list says so',
      () => server.register({ tokens_not_before: clock.now + 1 }),
    ],
    [
      'all for an API by its record, before the list says so',
      () => server.registerApi({ tokens_not_before: clock.now + 1 }),
    ],
  ];
  test.for(all)('%s up to now, and not later ones', async ([, takeBack]) => {
    const token = await issue();
    await takeBack();
    expect(await ask(token)).toEqual(inactive);
    clock.now += 2;
    expect(await said(await issue())).toMatchObject({ active: true });
    await server.register({});
    await server.registerApi({});
  });

  const gone: readonly (readonly [string, () => Promise<unknown>, string])[] = [
    ['a client that is disabled', () => server.register({ disabled: true }), 'disabled'],
    ['a client that was deleted', () => server.unregister(client_id), 'is not registered'],
    [
      'an API that was deleted',
      async () => server.resourceServers.delete(api),
      'resource server is not registered',
    ],
  ];
  test.for(gone)('the token of %s, at once', async ([, remove, reason]) => {
    const token = await issue();
    expect(await said(token)).toMatchObject({ active: true });
    await remove();
    expect(await ask(token)).toEqual(inactive);
    expect(line()?.reason).toContain(reason);
    await server.register({});
    await server.registerApi({});
  });

  test('all that a key has signed that was revoked, though it is still in the ring', async () => {
    const { kid } = await server.publicJwk();
    const other = await serverInMemory();
    await other.register({ client_id: asker, introspection_resources: [api] });
    const token = await other.issue();
    const about = async () => JSON.parse((await other.introspect(token, byApi)).body);
    expect(await about()).toMatchObject({ active: true });
    const expires_at = stoppedAt + 100_000;
    await other.store.note({ kind: 'key', id: kid, revoked_at: stoppedAt, expires_at });
    other.clock.now += 1;
    expect(await about()).toEqual({ active: false });
  });

  test('the token of a key that signs no more is active, as long as the key is published', async () => {
    const token = await issue();
    ring.change({ state: 'retired' });
    expect(await said(token)).toMatchObject({ active: true });
    ring.change({ state: 'removed' });
    const { publicJwk } = await strange;
    ring.add(aRingKey({ kid: 'next', jwk: { ...publicJwk, kid: 'next' } }));
    expect(await ask(token)).toEqual(inactive);
    ring.change({ state: 'active' });
  });
});

const strange = memorySigningKeys('RS256');

describe('RFC 7662 §2.1 introspection request', () => {
  test('K01: a client that is registered for no API may not ask', async () => {
    const token = await issue();
    const answer = await ask(token, { headers: usualClient });
    expect(answer).toMatchObject({ statusCode: 400 });
    expect(JSON.parse(answer.body)).toEqual({
      error: 'unauthorized_client',
      error_description: 'the client may not ask about tokens',
    });
    expect(line()).toMatchObject({ outcome: 'refused', error: 'unauthorized_client' });
  });

  test.for([
    ['an unknown client', basic('nobody', client_secret)],
    ['another secret', basic(asker, 'another')],
  ] as const)('K01: %s is refused by the same bytes', async ([, authorization]) => {
    expect(await ask(await issue(), { headers: { authorization } })).toEqual({
      statusCode: 401,
      headers: {
        'Content-Type': 'application/json;charset=UTF-8',
        'Cache-Control': 'no-store',
        Pragma: 'no-cache',
        'WWW-Authenticate': `Basic realm="${issuer}", charset="UTF-8"`,
      },
      body: '{"error":"invalid_client","error_description":"client authentication failed"}',
    });
  });

  test('K01: nobody may ask without credentials', async () => {
    expect(JSON.parse((await ask('x', { headers: {} })).body)).toMatchObject({
      error: 'invalid_client',
    });
  });

  test('K01: an assertion of another endpoint does not count twice here', async () => {
    const key = await testKey('ES256');
    await server.register({
      client_id: 'asserts',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key.jwk] },
      introspection_resources: [api],
    });
    const times = { iat: clock.now, exp: clock.now + 60 };
    const assert = (aud: string) =>
      signAssertion(key, { claims: { iss: 'asserts', sub: 'asserts', aud, ...times } });
    const by = (assertion: string) => ({ headers: {}, body: assertionForm(assertion) });
    const assertion = await assert(`${mtlsOrigin}/introspect`);
    expect(await ask('x', by(assertion))).toEqual(inactive);
    expect(JSON.parse((await ask('x', by(assertion))).body)).toMatchObject({
      error: 'invalid_client',
    });
    const forToken = await assert(issuer);
    await issue({ body: assertionForm(forToken) });
    expect(JSON.parse((await ask('x', by(forToken))).body)).toMatchObject({
      error: 'invalid_client',
    });
  });

  test.for([
    ['no token', '', 'token is missing'],
    ['two tokens', 'token=a&token=b', 'token is repeated'],
    ['two hints', 'token=a&token_type_hint=b&token_type_hint=c', 'token_type_hint is repeated'],
  ] as const)('K01: %s is invalid_request', async ([, body, error_description]) => {
    const event = httpApiEvent({ path: '/introspect', ...byApi, body });
    const { statusCode, body: answer } = await server.introspection(event);
    expect(statusCode).toBe(400);
    expect(JSON.parse(answer)).toEqual({ error: 'invalid_request', error_description });
  });

  test('K01: a token in the query is refused: URLs are logged', async () => {
    const query = new URLSearchParams({ token: await issue() }).toString();
    expect(await ask('x', { ...byApi, query })).toMatchObject({ statusCode: 400 });
  });

  test('K01: GET is 405', async () => {
    expect(await ask('x', { ...byApi, method: 'GET' })).toMatchObject({
      statusCode: 405,
      headers: { Allow: 'POST' },
    });
  });

  test('K01: the hint changes nothing', async () => {
    const body = 'token_type_hint=refresh_token';
    const { body: answer } = await ask(await issue(), { ...byApi, body });
    expect(JSON.parse(answer)).toMatchObject({ active: true });
  });

  test('D08: a DPoP proof beside the credentials is for this endpoint, and counts once', async () => {
    const claims = { htu: `${issuer}/introspect`, iat: clock.now };
    const DPoP = await signProof(await dpopKey(), { claims });
    const shown = { headers: { ...byApi.headers, DPoP } };
    expect(await ask('x', shown)).toEqual(inactive);
    expect(JSON.parse((await ask('x', shown)).body)).toMatchObject({ error: 'invalid_dpop_proof' });
  });
});

describe('K03: what cannot be told is 503, and never a guess', () => {
  const troubles: readonly (readonly [string, () => unknown])[] = [
    ['the key ring', () => Object.assign(ring, { trouble: unavailable('down') })],
    ['the table of revocations', () => Object.assign(store, { trouble: unavailable('down') })],
    ['the clients', () => Object.assign(server.clients, { trouble: unavailable('down') })],
    ['the APIs', () => Object.assign(server.resourceServers, { trouble: unavailable('down') })],
  ];
  test.for(troubles)('%s in trouble', async ([, cause]) => {
    const token = await issue();
    cause();
    expect(await ask(token)).toMatchObject({
      statusCode: 503,
      headers: { 'Retry-After': '2', 'Cache-Control': 'no-store' },
    });
    expect(line()).toMatchObject({ outcome: 'failed', error: 'temporarily_unavailable' });
  });
});
