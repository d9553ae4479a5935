import { decodeJwt } from 'jose';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { signJwt } from '../../functions/oauth/jws.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import type { Revocation } from '../../functions/oauth/revocation.ts';
import { aRingKey } from '../support/a-ring-key.ts';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import {
  clientsOfEveryMethod,
  everyMethod,
  publishedKey,
} from '../support/clients-of-every-method.ts';
import { json } from '../support/document-server.ts';
import { dpopKey, signProof } from '../support/dpop.ts';
import { basic, httpApiEvent, type RequestInit } from '../support/http-api-event.ts';
import { memoryPlatform } from '../support/memory/memory-documents.ts';
import { memorySigningKeys } from '../support/memory/memory-signing-keys.ts';
import { serverInMemory, usualClient } from '../support/server-in-memory.ts';
import { testKey } from '../support/test-key.ts';
import {
  client_id,
  client_secret,
  issuer,
  mtlsOrigin,
  postingClient,
  stoppedAt,
} from '../support/token-endpoint.ts';

const documents = memoryPlatform();
documents.replies.set('/keys', json({ keys: [publishedKey] }));
documents.replies.set('/bundle', json({ keys: [{ ...publishedKey, use: 'jwt-svid' }] }));
const server = await serverInMemory({}, { fetch: documents.fetch });
const { revoke, issue, store, clock, audited, ring } = server;

const done = {
  statusCode: 200,
  headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache' },
  body: '',
};
async function noted(): Promise<readonly Revocation[]> {
  const all: Revocation[] = [];
  for await (const page of store.since(0)) all.push(...page);
  return all;
}
const line = () => audited.at(-1);
const anotherClient = { authorization: basic(postingClient, client_secret) };
const refused = (answer: { readonly statusCode: number; readonly body: string }) => ({
  status: answer.statusCode,
  ...JSON.parse(answer.body),
});

beforeEach(() => {
  clock.now = stoppedAt;
  store.trouble = undefined;
  ring.trouble = undefined;
});

/** How many revocations come of some work. */
async function notedBy(work: () => Promise<unknown>): Promise<number> {
  const before = (await noted()).length;
  await work();
  return (await noted()).length - before;
}

describe('RFC 7009 §2.1 revocation request', () => {
  test('J01: a client takes its own token back', async () => {
    const token = await issue();
    const { jti, iat, exp = 0 } = decodeJwt(token);
    expect(await revoke(token)).toEqual(done);
    expect((await noted()).at(-1)).toEqual({
      kind: 'token',
      id: jti,
      status: undefined,
      client_id,
      iat,
      revoked_at: stoppedAt,
      expires_at: exp + 60,
    });
    expect(line()).toMatchObject({ outcome: 'revoked', client_id, jti });
  });

  test('J01: the place of a token in its status list is noted with it', async () => {
    const status_list = { idx: 17, uri: `${issuer}/status-lists/0` };
    const key = await server.ports.signingKeys.active();
    const claims = { ...decodeJwt(await issue()), jti: 'placed', status: { status_list } };
    expect(await revoke(await signJwt('at+jwt', claims, key))).toEqual(done);
    expect((await noted()).at(-1)).toMatchObject({ id: 'placed', status: status_list });
  });

  test('J01: nothing is done of the token of another client, and it is not told so', async () => {
    const token = await issue();
    const another = { headers: anotherClient };
    expect(await notedBy(async () => expect(await revoke(token, another)).toEqual(done))).toBe(0);
    expect(line()).toMatchObject({
      outcome: 'ignored',
      client_id: postingClient,
      reason: 'the token is of another client',
    });
  });

  test.for([
    ['an unknown client', basic('nobody', client_secret)],
    ['another secret', basic(client_id, 'another')],
  ] as const)('J01: %s is invalid_client, and takes nothing back', async ([, authorization]) => {
    const token = await issue();
    const init = { headers: { authorization } };
    const count = await notedBy(async () =>
      expect(await revoke(token, init)).toMatchObject({
        statusCode: 401,
        headers: { 'WWW-Authenticate': `Basic realm="${issuer}", charset="UTF-8"` },
        body: JSON.stringify({
          error: 'invalid_client',
          error_description: 'client authentication failed',
        }),
      }),
    );
    expect(count).toBe(0);
  });

  test('J01: a disabled client takes nothing back', async () => {
    const token = await issue();
    await server.register({ disabled: true });
    const count = await notedBy(async () =>
      expect(refused(await revoke(token))).toMatchObject({ status: 401, error: 'invalid_client' }),
    );
    expect(count).toBe(0);
    await server.register({});
  });

  test.for(everyMethod)('J01: a client authenticates by %s as at /token', async (method) => {
    const id = `by-${method.replaceAll(/\W/g, '-')}`;
    const published = `${documents.url}/${method === 'spiffe_jwt' ? 'bundle' : 'keys'}`;
    const { client, ask } = await clientsOfEveryMethod[method]({
      client_id: id,
      issuer,
      published,
    });
    await server.register(client);
    const token = await issue(await ask(true));
    for (const [isRight, expected] of [
      [false, 0],
      [true, 1],
    ] as const) {
      const { body = '', headers = {}, ...rest }: RequestInit = await ask(isRight);
      const init = { ...rest, headers, body: withoutGrant(body) };
      const count = await notedBy(async () =>
        expect(await revoke(token, init)).toMatchObject({
          statusCode: isRight ? 200 : expect.any(Number),
        }),
      );
      expect(count).toBe(expected);
    }
  });

  test.for(['access_token', 'refresh_token', 'made-up'])(
    'J04: the hint %s changes nothing',
    async (hint) => {
      const token = await issue();
      const count = await notedBy(async () =>
        expect(await revoke(token, { body: `token_type_hint=${hint}` })).toEqual(done),
      );
      expect(count).toBe(1);
    },
  );

  test('J02: a token that is taken back twice is noted once', async () => {
    const token = await issue();
    expect(await notedBy(() => revoke(token))).toBe(1);
    expect(await notedBy(async () => expect(await revoke(token)).toEqual(done))).toBe(0);
  });
});

/** A form without the parameter of the token endpoint. */
function withoutGrant(form: string): string {
  const parameters = new URLSearchParams(form);
  parameters.delete('grant_type');
  return parameters.toString();
}

const strange = await memorySigningKeys('RS256');

/** Signs claims that are those of a good token but for some, as one of our keys would. */
async function ours(claims: object, typ = 'at+jwt'): Promise<string> {
  const key = await server.ports.signingKeys.active();
  return signJwt(typ, { ...decodeJwt(await issue()), ...claims }, key);
}

/** A token as we issue it, but for who has signed it. */
async function signed(keys: Pick<typeof strange, 'active'>): Promise<string> {
  return signJwt('at+jwt', decodeJwt(await issue()), await keys.active());
}

const atMostOne = (count: number): boolean => count <= 1;

describe('RFC 7009 §2.2 revocation response', () => {
  const useless: readonly (readonly [what: string, make: () => Promise<string>, why: string])[] = [
    ['what is no JWT', async () => 'x', 'not written as a JWT is'],
    ['a huge text', async () => 'x'.repeat(16_000), 'JWSInvalid'],
    ['a token with a space behind it', async () => `${await issue()} `, 'not written as a JWT is'],
    ['a token of a key that is not ours', async () => signed(strange), 'JWKSNoMatchingKey'],
    ['a token of another issuer', () => ours({ iss: 'https://other.example' }), 'another issuer'],
    ['a token that we would not issue', () => ours({ jti: 7 }), 'malformed'],
    ['a token that expired a minute ago', () => ours({ exp: stoppedAt - 60 }), 'has expired'],
    ['the token of another client', () => ours({ client_id: 'other' }), 'another client'],
  ];
  test.for(useless)(
    'J02: %s is answered with 200, and nothing is noted',
    async ([, make, reason]) => {
      const token = await make();
      const count = await notedBy(async () => expect(await revoke(token)).toEqual(done));
      expect(count).toBe(0);
      expect(line()).toMatchObject({ outcome: 'ignored', client_id });
      expect(line()?.reason).toContain(reason);
      expect(JSON.stringify(line())).not.toContain(token);
    },
  );

  /** What a request costs: signatures that are verified, reads of clients, writes. */
  async function cost(token: string) {
    const verify = vi.spyOn(crypto.subtle, 'verify');
    const writes = [vi.spyOn(store, 'note'), vi.spyOn(server.ports.counter, 'increment')];
    server.clients.reads.splice(0);
    await revoke(token);
    const [verified = 0, ...written] = [verify, ...writes].map(({ mock }) => mock.calls.length);
    vi.restoreAllMocks();
    return { verified, reads: server.clients.reads.length, written };
  }

  test.for(useless)('J02: %s costs no more than a token that is revoked', async ([, make]) => {
    const own = await cost(await issue());
    const foreign = await cost(await make());
    expect(own).toEqual({ verified: 1, reads: 1, written: [1, 1] });
    expect(foreign).toEqual({ ...own, verified: expect.toSatisfy(atMostOne), written: [0, 0] });
  });

  test('J02: a token that has just expired is noted: the clock of an API may be slow', async () => {
    const token = await ours({ exp: stoppedAt - 59, jti: 'late' });
    expect(await notedBy(() => revoke(token))).toBe(1);
  });

  test('J02: another key that says to be ours is not', async () => {
    const { kid } = await server.publicJwk();
    const forged = await signed({ active: async () => ({ ...(await strange.active()), kid }) });
    expect(await notedBy(async () => expect(await revoke(forged)).toEqual(done))).toBe(0);
    expect(line()?.reason).toContain('JWSSignatureVerificationFailed');
  });

  test.for(['none', 'HS256'])('J02: alg %s is not taken for one of ours', async (alg) => {
    const [, payload, signature] = (await issue()).split('.');
    const { kid } = await server.publicJwk();
    const header = Buffer.from(JSON.stringify({ typ: 'at+jwt', alg, kid })).toString('base64url');
    for (const last of ['', signature]) {
      const token = `${header}.${payload}.${last}`;
      expect(await notedBy(async () => expect(await revoke(token)).toEqual(done))).toBe(0);
    }
  });

  test('J02: a token of ours that names no key is none: each of ours does', async () => {
    const key = await server.ports.signingKeys.active();
    const nameless = await signJwt('at+jwt', decodeJwt(await issue()), {
      ...key,
      kid: undefined as unknown as string,
    });
    expect(await notedBy(() => revoke(nameless))).toBe(0);
    expect(line()?.reason).toBe('the JWT names no key (kid)');
  });

  test.for(['statuslist+jwt', 'revocation-list+jwt', 'token-introspection+jwt', 'JWT'])(
    'J03: our own %s is unsupported_token_type',
    async (typ) => {
      const token = await ours({}, typ);
      const count = await notedBy(async () =>
        expect(refused(await revoke(token))).toEqual({
          status: 400,
          error: 'unsupported_token_type',
          error_description: 'the token is no access token',
        }),
      );
      expect(count).toBe(0);
    },
  );

  test('J01: the token of a key that signs no more is taken back', async () => {
    const token = await issue();
    ring.change({ state: 'retired' });
    expect(await notedBy(() => revoke(token))).toBe(1);
    ring.change({ state: 'active' });
  });

  test('J01: a token of a key that a cached key ring lacks is revoked, by the ring as it is now', async () => {
    const now = await server.ring.current();
    for (const keys of [[], [aRingKey({ kid: 'of-before' })]]) {
      const cached = { ring: { keys, revision: 0 }, at: stoppedAt };
      const keyRing = { current: async () => cached, reread: async () => now };
      const late = await serverInMemory({
        revocation: { keyRing },
      });
      const foreign = await signJwt('at+jwt', decodeJwt(await issue()), await strange.active());
      expect(await late.revoke(foreign)).toEqual(done);
      expect(late.audited.at(-1)).toMatchObject({ outcome: 'ignored' });
      expect(await late.revoke(await issue())).toEqual(done);
      expect(late.audited.at(-1)).toMatchObject({ outcome: 'revoked' });
    }
  });

  test('J03: of what may be of a key that an old key ring lacks it is not said that it is revoked', async () => {
    const keyRing = {
      ...server.ring,
      reread: () => Promise.reject(unavailable('the key ring cannot be read')),
    };
    const old = await serverInMemory({ revocation: { keyRing } });
    const foreign = await signJwt('at+jwt', decodeJwt(await issue()), {
      ...(await server.ports.signingKeys.active()),
      kid: 'the-next-one',
    });
    expect(refused(await old.revoke(foreign))).toMatchObject({ status: 503 });
    expect((await old.revoke(await old.issue())).statusCode).toBe(200);
  });

  test('J02: of the token of a key that is published no more nothing is done', async () => {
    const token = await issue();
    ring.change({ state: 'removed' });
    ring.add(aRingKey({ kid: 'next', jwk: { ...(await strange.publicJwk), kid: 'next' } }));
    expect(await notedBy(async () => expect(await revoke(token)).toEqual(done))).toBe(0);
    ring.change({ state: 'active' });
  });

  test.for([
    ['the key ring', () => Object.assign(ring, { trouble: unavailable('down') })],
    ['the table of revocations', () => Object.assign(store, { trouble: unavailable('down') })],
    ['the registry', () => Object.assign(server.clients, { trouble: unavailable('down') })],
  ] as const)('J03: while %s is in trouble the answer is 503, never 200', async ([, break_]) => {
    const token = await issue();
    break_();
    expect(await revoke(token)).toMatchObject({
      statusCode: 503,
      headers: { 'Retry-After': '2', 'Cache-Control': 'no-store' },
    });
    expect(line()).toMatchObject({ outcome: 'failed', error: 'temporarily_unavailable' });
    Object.assign(server.clients, { trouble: undefined });
  });
});

describe('J03: a request that is not well-formed is invalid_request, and nothing is noted', () => {
  test.for([
    ['no token', 'token_type_hint=access_token', 'token is missing'],
    ['an empty token', 'token=', 'token is missing'],
    ['two tokens', 'token=a&token=b', 'token is repeated'],
    ['two hints', 'token=a&token_type_hint=b&token_type_hint=c', 'token_type_hint is repeated'],
    [
      'a repeated parameter that nobody knows',
      'token=a&resource=b&resource=c',
      'a parameter is repeated',
    ],
  ] as const)('%s', async ([, body, error_description]) => {
    const answer = await server.revocation(
      httpApiEvent({ path: '/revoke', headers: usualClient, body }),
    );
    expect(refused(answer)).toEqual({ status: 400, error: 'invalid_request', error_description });
  });

  test('a token in the query', async () => {
    const answer = await server.revocation(
      httpApiEvent({ path: '/revoke', headers: usualClient, query: 'token=a', body: 'token=a' }),
    );
    expect(refused(answer)).toMatchObject({ status: 400, error: 'invalid_request' });
  });

  test('a body of another type', async () => {
    const headers = { ...usualClient, 'content-type': 'application/json' };
    expect(refused(await revoke('a', { headers }))).toMatchObject({ error: 'invalid_request' });
  });

  test('a token that is larger than any body may be', async () => {
    expect(refused(await revoke('x'.repeat(17_000)))).toMatchObject({
      status: 400,
      error: 'invalid_request',
    });
  });

  test.for(['GET', 'DELETE'])('%s is 405', async (method) => {
    expect(await revoke('a', { method })).toMatchObject({
      statusCode: 405,
      headers: { Allow: 'POST' },
    });
  });
});

describe('what counts once', async () => {
  const key = await testKey('ES256');
  await server.register({
    client_id: 'asserts',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [key.jwk] },
  });
  const assert = (aud: string, special: object = {}) =>
    signAssertion(key, { claims: { iss: 'asserts', sub: 'asserts', aud, ...special } });
  const by = (assertion: string) => ({ headers: {}, body: withoutGrant(assertionForm(assertion)) });

  test.for([
    ['the issuer', issuer],
    ['the token endpoint', `${issuer}/token`],
    ['the token endpoint where certificates are asked for', `${mtlsOrigin}/token`],
    ['its own URL', `${issuer}/revoke`],
    ['its own URL where certificates are asked for', `${mtlsOrigin}/revoke`],
  ] as const)('B04: an assertion may name %s as its audience', async ([, aud]) => {
    expect(await revoke('x', by(await assert(aud)))).toEqual(done);
  });

  test('B04: an assertion for another endpoint is refused', async () => {
    const answer = await revoke('x', by(await assert(`${issuer}/introspect`)));
    expect(refused(answer)).toMatchObject({ error: 'invalid_client' });
  });

  test('B08: an assertion that was used at /token is refused', async () => {
    const assertion = await assert(issuer);
    const token = await issue({ body: assertionForm(assertion) });
    const count = await notedBy(async () =>
      expect(refused(await revoke(token, by(assertion)))).toMatchObject({
        error: 'invalid_client',
      }),
    );
    expect(count).toBe(0);
  });

  test('B08: an assertion that was used here is refused at /token', async () => {
    const assertion = await assert(issuer);
    expect(await revoke('x', by(assertion))).toEqual(done);
    const { body } = await server.post(assertionForm(assertion));
    expect(body).toMatchObject({ error: 'invalid_client' });
  });

  test('B08: an assertion is given back where the revocation cannot be written', async () => {
    const token = await issue({ body: assertionForm(await assert(issuer)) });
    const assertion = await assert(issuer);
    store.trouble = unavailable('down');
    expect(await revoke(token, by(assertion))).toMatchObject({ statusCode: 503 });
    store.trouble = undefined;
    expect(await notedBy(() => revoke(token, by(assertion)))).toBe(1);
  });

  test('D08: a DPoP proof is for this endpoint, and counts once', async () => {
    const proofKey = await dpopKey();
    const shown = (DPoP: string) => ({ headers: { ...usualClient, DPoP } });
    const proof = await signProof(proofKey, { claims: { htu: `${mtlsOrigin}/revoke` } });
    expect(await revoke(await issue(), shown(proof))).toEqual(done);
    const again = await revoke(await issue(), shown(proof));
    expect(refused(again)).toMatchObject({ error: 'invalid_dpop_proof' });
    const ofToken = await revoke(await issue(), shown(await signProof(proofKey)));
    expect(refused(ofToken)).toMatchObject({
      error: 'invalid_dpop_proof',
      error_description: 'the DPoP proof is not valid: htu is not the URI of this request',
    });
  });

  test('D06: a nonce for the next proof comes along', async () => {
    const nonces = { check: async () => undefined, issue: async () => 'the next one' };
    const special = await serverInMemory({ revocation: { nonces } });
    const claims = { htu: `${issuer}/revoke` };
    const DPoP = await signProof(await dpopKey(), { claims });
    const answer = await special.revoke('x', { headers: { ...usualClient, DPoP } });
    expect(answer).toEqual({ ...done, headers: { ...done.headers, 'DPoP-Nonce': 'the next one' } });
  });
});

describe('A11: guessing costs its source at each endpoint together', () => {
  test('failures here count at /token', async () => {
    const guessed = await serverInMemory();
    const headers = { authorization: basic(client_id, 'guess') };
    for (let count = 0; count < 60; count += 1) await guessed.revoke('x', { headers });
    expect(await guessed.revoke('x', { headers })).toMatchObject({ statusCode: 429 });
    const atToken = await guessed.post('grant_type=client_credentials', { headers });
    // An instance learns of it with its first failure.
    expect(atToken.statusCode).toBe(401);
    expect(await guessed.post('grant_type=client_credentials', { headers })).toMatchObject({
      statusCode: 429,
    });
    expect(await guessed.revoke('x')).toEqual(done);
  });
});

describe('J03: one client cannot make it too much to read what is revoked', async () => {
  const { revoke, issue, store, clock, audited } = await serverInMemory();
  const [token, another] = [await issue(), await issue({ headers: anotherClient })];
  const inTime = Array.from({ length: 300 }, () => token);

  test('it takes back 300 tokens in a minute, and is told to come again with the next', async () => {
    for (const each of inTime) expect((await revoke(each)).statusCode).toBe(200);
    store.trouble = new Error('nothing is to be noted');
    const answer = await revoke(token);
    expect(refused(answer)).toMatchObject({ status: 429, error: 'temporarily_unavailable' });
    expect(answer.headers['Retry-After']).toBe(String(60 - (clock.now % 60)));
    expect(audited.at(-1)).toMatchObject({
      outcome: 'refused',
      reason: 'the client takes back more than 300 tokens in 60 seconds',
    });
    store.trouble = undefined;
  });

  test('another client is not concerned, nor is a token of which nothing is done', async () => {
    expect((await revoke(another, { headers: anotherClient })).statusCode).toBe(200);
    expect((await revoke(another)).statusCode).toBe(200);
  });

  test('a minute later it may go on', async () => {
    clock.now += 60;
    expect((await revoke(token)).statusCode).toBe(200);
  });
});
