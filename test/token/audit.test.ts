import { createHash } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { newClientSecret } from '../../functions/oauth/client-secret.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import { type AssertionChange, assertionForm, signAssertion } from '../support/assertions.ts';
import { dpopKey, signProof } from '../support/dpop.ts';
import { basic } from '../support/http-api-event.ts';
import { testKey } from '../support/test-key.ts';
import {
  api,
  aSecret,
  client_id,
  client_secret,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const endpoint = await tokenEndpoint();
const secret = newClientSecret();
const key = await testKey('ES256');
const form = 'grant_type=client_credentials';

const ask = (authorization: string) => endpoint.post(form, { headers: { authorization } });

describe('the audit line', () => {
  test('does not grow with what a stranger sends', async () => {
    await ask(basic('a'.repeat(10_000), 'x'));
    expect(JSON.stringify(endpoint.audited.at(-1)).length).toBeLessThan(300);
  });

  test.for([
    ['an identifier that nobody has', 'nobody'],
    ['a secret in the wrong field', secret],
    ['what a password may be', 'correct horse battery staple'],
    ['a whole JWT', `${'eyJhbGciOiJFUzI1NiJ9.'.repeat(3)}c2lnbmF0dXJl`],
    ['what no identifier looks like', `${'ä'.repeat(300)}\n`],
  ])('has the digest of a client_id that is no client’s: %s', async ([, id = '']) => {
    const assertion = await signAssertion(key, { claims: { iss: id, sub: id } });
    const other = await signAssertion(key, { claims: { iss: 'x', sub: 'y' } });
    const body = (more: Record<string, string>) => `${form}&${new URLSearchParams(more)}`;
    const digest = createHash('sha256').update(id).digest('hex').slice(0, 16);
    for (const [request, way] of [
      [() => ask(basic(encodeURIComponent(id), 'x')), 'client_secret_basic'],
      [() => endpoint.post(body({ client_id: id, client_secret: 'x' })), 'client_secret_post'],
      [() => endpoint.post(assertionForm(assertion)), 'client_assertion'],
      [() => endpoint.post(assertionForm(other, { client_id: id })), 'client_assertion'],
      [() => endpoint.post(assertionForm('no JWT', { client_id: id })), 'client_assertion'],
      [
        () => endpoint.post(body({ client_id: id }), { certificate: 'no PEM' }),
        'client_certificate',
      ],
    ] as const) {
      await request();
      const line = endpoint.audited.at(-1);
      expect(line).toMatchObject({ client_id_digest: digest, presented: way });
      expect(line?.auth_method).toBe(undefined);
      expect(line?.client_id).toBe(undefined);
      expect(JSON.stringify(line)).not.toContain(id.slice(0, 12));
    }
  });

  test('names what is presented, and the method of a client that it lets in', async () => {
    await endpoint.register({
      client_id: 'signs',
      token_endpoint_auth_method: 'private_key_jwt',
      secrets: [],
      jwks: { keys: [key.jwk] },
    });
    const claims = { iss: 'signs', sub: 'signs' };
    const signed = async (more: object) =>
      endpoint.post(assertionForm(await signAssertion(key, { claims: { ...claims, ...more } })));
    await signed({ exp: 1 });
    expect(endpoint.audited.at(-1)).toMatchObject({
      outcome: 'refused',
      client_id: 'signs',
      presented: 'client_assertion',
    });
    expect(endpoint.audited.at(-1)).not.toHaveProperty('auth_method');
    await signed({});
    expect(endpoint.audited.at(-1)).toMatchObject({
      outcome: 'issued',
      presented: 'client_assertion',
      auth_method: 'private_key_jwt',
    });
    const assertion = await signAssertion(key, { claims });
    await endpoint.post(assertionForm(assertion, { scope: 'unknown' }));
    expect(endpoint.audited.at(-1)).toMatchObject({
      outcome: 'refused',
      error: 'invalid_scope',
      presented: 'client_assertion',
      auth_method: 'private_key_jwt',
    });
  });

  test('says what is presented once, where that is the method of the client', async () => {
    await ask(basic(client_id, client_secret));
    expect(endpoint.audited.at(-1)?.auth_method).toBe('client_secret_basic');
    expect(endpoint.audited.at(-1)?.presented).toBe(undefined);
    await ask(basic(client_id, 'wrong'));
    expect(endpoint.audited.at(-1)?.presented).toBe('client_secret_basic');
  });

  test('has the client_id of a client, also where it fails, is disabled, or is locked out', async () => {
    await endpoint.register({ client_id: 'disabled', disabled: true });
    for (const id of [client_id, 'disabled']) {
      await ask(basic(id, 'wrong'));
      const line = endpoint.audited.at(-1);
      expect(line).toMatchObject({ outcome: 'refused', client_id: id });
      expect(line?.client_id_digest).toBe(undefined);
    }
    await ask(basic(client_id, client_secret));
    expect(endpoint.audited.at(-1)?.client_id_digest).toBe(undefined);
  });

  test('has the client_id of a client whose credentials are malformed', async () => {
    await endpoint.register({ client_id: 'signs' });
    const signed = (change: AssertionChange) =>
      signAssertion(key, { ...change, claims: { iss: 'signs', sub: 'signs' } });
    const lines = [
      () => endpoint.post(assertionForm('no JWT', { client_id: 'signs' })),
      async () => endpoint.post(assertionForm(await signed({ header: { typ: 'at+jwt' } }))),
      async () => endpoint.post(assertionForm(await signed({ header: { kid: 1 } }))),
      () => endpoint.post(`${form}&client_id=signs`, { certificate: 'no PEM' }),
    ];
    for (const request of lines) {
      await request();
      expect(endpoint.audited.at(-1)).toMatchObject({ outcome: 'refused', client_id: 'signs' });
    }
  });

  test('has the digest where the registry cannot say whether there is such a client', async () => {
    endpoint.clients.trouble = unavailable('busy');
    await ask(basic(client_id, client_secret));
    endpoint.clients.trouble = undefined;
    expect(endpoint.audited.at(-1)).toMatchObject({
      outcome: 'failed',
      client_id: undefined,
      client_id_digest: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  test('quotes nothing of a request that is refused, whatever is wrong with it', async () => {
    await endpoint.register({
      client_id: 'signs',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key.jwk] },
    });
    await endpoint.register({ secrets: [aSecret(client_secret)] });
    const mark = 'xyzzyMARKxyzzy';
    const claims = { iss: 'signs', sub: 'signs' };
    const extension = { crit: ['http://example.com/unknown'], 'http://example.com/unknown': mark };
    const asserted = async (change: AssertionChange) =>
      endpoint.post(assertionForm(await signAssertion(key, change), { client_id: 'signs' }));
    const right = { authorization: basic(client_id, client_secret) };
    const requests = [
      () => asserted({ claims: { ...claims, iss: mark } }),
      () => asserted({ claims: { ...claims, aud: mark } }),
      () => asserted({ claims: { ...claims, exp: mark } }),
      () => asserted({ claims: { ...claims, nbf: mark } }),
      () => asserted({ claims, header: { kid: mark } }),
      () => asserted({ claims, header: { typ: mark } }),
      () => asserted({ claims, header: extension }),
      () => asserted({ claims, payload: `{"iss":"signs","sub":"signs","${mark}":` }),
      () => endpoint.post(`grant_type=${mark}`),
      () => endpoint.post(form, { headers: { authorization: mark } }),
      () => endpoint.post(`${form}&scope=${mark}`, { headers: right }),
      () => endpoint.post(`${form}&scope="${mark}`, { headers: right }),
      () => endpoint.post(`${form}&resource=${mark}`, { headers: right }),
      () => endpoint.post(`${form}&resource=https://${mark}@x.example/`, { headers: right }),
      () => endpoint.post(`${form}&resource=https://x.example/?a=${mark}`, { headers: right }),
      () => endpoint.post(`${form}&client_id=${mark}`, { headers: right }),
      () => endpoint.post(form, { headers: { ...right, dpop: mark } }),
      () => endpoint.post(form, { headers: { ...right, 'content-type': mark } }),
      () => endpoint.post(form, { query: `client_id=${mark}` }),
      () => endpoint.post(`${form}&${mark}=1&${mark}=2`),
      () => endpoint.post(`${form}&client_id=x&client_assertion_type=${mark}&client_assertion=a`),
    ];
    for (const request of requests) {
      endpoint.audited.splice(0);
      expect((await request()).statusCode).toBeGreaterThanOrEqual(400);
      expect(endpoint.audited).toHaveLength(1);
      expect(JSON.stringify(endpoint.audited)).not.toContain(mark);
    }
    const proof = await signProof(await dpopKey(), {
      header: { ...extension, crit: ['http://example.com/unknown'] },
    });
    await endpoint.post(form, { headers: { ...right, dpop: proof } });
    expect(endpoint.audited.at(-1)).toMatchObject({ reason: 'DPoP proof: JOSENotSupported' });
  });

  test('tells who got which token', async () => {
    await endpoint.register({ secrets: [aSecret(client_secret, { id: 'the-only-one' })] });
    const { body } = await ask(basic(client_id, client_secret));
    const { jti, exp } = decodeJwt(body.access_token);
    expect(endpoint.audited.at(-1)).toEqual({
      outcome: 'issued',
      client_id,
      auth_method: 'client_secret_basic',
      secret_id: 'the-only-one',
      aud: api,
      scope: 'read write',
      jti,
      exp,
      kid: decodeProtectedHeader(body.access_token).kid,
      request_id: 'JKJaXmPLvHcESHA=',
      source_ip: '192.0.2.1',
    });
  });

  test.for([
    ['unknown client_id', basic('nobody', client_secret)],
    ['wrong secret', basic(client_id, 'wrong')],
    ['the client is disabled', basic('disabled', client_secret)],
    ['the Authorization header is not well-formed Basic', 'Basic !'],
    ['no credentials', undefined],
  ] as const)('tells what the answer does not: %s', async ([reason, authorization]) => {
    await endpoint.register({ client_id: 'disabled', disabled: true });
    await endpoint.post(form, authorization ? { headers: { authorization } } : {});
    expect(endpoint.audited.at(-1)).toMatchObject({
      outcome: 'refused',
      error: 'invalid_client',
      reason,
    });
  });

  test('never holds a secret, a token or a header, also where a secret stands in the wrong field', async () => {
    await endpoint.register({ client_id: 'careful', secrets: [aSecret(secret)] });
    const { body } = await ask(basic('careful', secret));
    await ask(basic(secret, 'careful'));
    await ask(basic('careful', `${secret}x`));
    await ask(basic(`careful-${secret}`, 'x'));
    await ask(basic(`${secret}\n`, 'x'));
    await endpoint.post(`${form}&client_id=careful&client_secret=${secret}&scope=nope`);
    await endpoint.post(`${form}&client_id=careful&client_secret=${secret}`, {
      query: `client_secret=${secret}`,
    });
    const log = JSON.stringify(endpoint.audited);
    expect(log).toContain('careful');
    for (const hidden of [secret, secret.slice(12, 40), body.access_token, 'Basic ']) {
      expect(log).not.toContain(hidden);
    }
  });
});
