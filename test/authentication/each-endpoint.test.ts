import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HttpFunction } from '../../functions/http/http-function.ts';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import { basic, httpApiEvent, type RequestInit } from '../support/http-api-event.ts';
import { serverInMemory, usualClient } from '../support/server-in-memory.ts';
import { testKey } from '../support/test-key.ts';
import { api, client_id, client_secret, issuer } from '../support/token-endpoint.ts';

/** What is the same at each endpoint at which clients authenticate: none tells more than another, or is cheaper to guess at. */

const origin = 'https://console.example.com';
const special = { corsOrigins: [origin] };
const server = await serverInMemory(
  { token: special, revocation: special, introspection: special },
  { clientCache: 30 },
);
const [key, other] = [await testKey('ES256'), await testKey('ES256')];
await server.register({ introspection_resources: [api] });
await server.register({
  client_id: 'signs',
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [key.jwk] },
  introspection_resources: [api],
});

const endpoints: readonly (readonly [path: string, handler: HttpFunction, form: string])[] = [
  ['/token', server.handler, 'grant_type=client_credentials'],
  ['/revoke', server.revocation, 'token=x'],
  ['/introspect', server.introspection, 'token=x'],
];

/** jose verifies with this, and our own code verifies nothing. */
const verify = vi.spyOn(crypto.subtle, 'verify');
afterAll(() => void verify.mockRestore());
beforeEach(() => void verify.mockClear());

/** An assertion of a client that another key has signed. */
async function wrongly(client: string): Promise<string> {
  const claims = { iss: client, sub: client };
  return assertionForm(await signAssertion({ ...other, kid: key.kid }, { claims }));
}

/** What an answer says, and what it has cost. */
async function cost(handler: HttpFunction, init: RequestInit) {
  verify.mockClear();
  server.clients.reads.splice(0);
  // Of a source of its own: a limit would answer otherwise.
  const answer = await handler(httpApiEvent({ ...init, sourceIp: randomUUID() }));
  const reads = server.clients.reads.map(({ consistency }) => consistency);
  return { answer, verifications: verify.mock.calls.length, reads };
}

describe.for(endpoints)('%s', ([path, handler, form]) => {
  const by = (id: string, secret: string): RequestInit => ({
    path,
    body: form,
    headers: { authorization: basic(id, secret) },
  });
  const body = (parameters: string): string => {
    const all = new URLSearchParams(parameters);
    all.delete('grant_type');
    return `${form}&${all}`;
  };

  test('A11: an unknown client and a wrong secret are answered by the same bytes, for the same reads', async () => {
    const unknown = await cost(handler, by(`nobody ${path}`, client_secret));
    const wrong = await cost(handler, by(client_id, 'another'));
    expect(wrong).toEqual(unknown);
    expect(unknown.answer).toMatchObject({ statusCode: 401 });
  });

  test('A11: an unknown client and a wrong key are answered by the same bytes, for the same work', async () => {
    const unknown = await cost(handler, { path, body: body(await wrongly(`nobody ${path}`)) });
    const wrong = await cost(handler, { path, body: body(await wrongly('signs')) });
    expect(wrong).toEqual(unknown);
    expect(unknown).toMatchObject({ answer: { statusCode: 400 }, verifications: 3 });
  });

  test('A08: more than one way of authentication is invalid_request', async () => {
    const { answer } = await cost(handler, {
      path,
      headers: usualClient,
      body: body(await wrongly('signs')),
    });
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'invalid_request' });
  });

  test('A23: a body of more parameters than an honest one has is invalid_request', async () => {
    const { answer } = await cost(handler, {
      ...by(client_id, client_secret),
      body: `${form}${'&a='.repeat(100)}`,
    });
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'invalid_request' });
  });

  test('A02: what authenticates a client may not be in the URL', async () => {
    const query = `client_secret=${client_secret}`;
    const { answer } = await cost(handler, { ...by(client_id, client_secret), query });
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'invalid_request' });
  });

  test('A01: a preflight of a page that is listed is answered, and its script may read answers', async () => {
    const asked = httpApiEvent({ path, method: 'OPTIONS', headers: { origin } });
    expect(await handler(asked)).toMatchObject({
      statusCode: 204,
      headers: { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Methods': 'POST' },
    });
    const { answer } = await cost(handler, { ...by(client_id, 'another'), headers: { origin } });
    expect(answer.headers).toMatchObject({ 'Access-Control-Allow-Origin': origin });
  });

  test('B08: an assertion that was used at one of them is refused at each', async () => {
    for (const [firstPath, first, firstForm] of endpoints) {
      const claims = { iss: 'signs', sub: 'signs', aud: issuer };
      const assertion = assertionForm(await signAssertion(key, { claims }));
      const all = new URLSearchParams(assertion);
      all.delete('grant_type');
      const used = await first(httpApiEvent({ path: firstPath, body: `${firstForm}&${all}` }));
      expect(used.statusCode).toBe(200);
      const { answer } = await cost(handler, { path, body: body(assertion) });
      expect(JSON.parse(answer.body)).toMatchObject({ error: 'invalid_client' });
    }
  });
});
