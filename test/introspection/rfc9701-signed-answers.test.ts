import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import { basic } from '../support/http-api-event.ts';
import { serverInMemory } from '../support/server-in-memory.ts';
import { api, client_id, client_secret, issuer, stoppedAt } from '../support/token-endpoint.ts';

const asker = 'the-api';
const authorization = basic(asker, client_secret);
const type = 'application/token-introspection+jwt';

async function serverWithAsker(special: Parameters<typeof serverInMemory>[0] = {}) {
  const made = await serverInMemory(special);
  await made.register({ client_id: asker, introspection_resources: [api] });
  return made;
}

const server = await serverWithAsker();
const ask = (token: string, accept: string) =>
  server.introspect(token, { headers: { authorization, accept } });

describe('RFC 9701 §5 introspection response as a JWT', () => {
  test('K05: it is signed by the key of the server, for who asked, and says no more', async () => {
    const token = await server.issue();
    const answer = await ask(token, type);
    expect(answer).toMatchObject({
      statusCode: 200,
      headers: { 'Content-Type': type, 'Cache-Control': 'no-store', Pragma: 'no-cache' },
    });
    const jwk = await server.publicJwk();
    const { payload, protectedHeader } = await jwtVerify(answer.body, await importJWK(jwk), {
      typ: 'token-introspection+jwt',
      issuer,
      audience: asker,
      currentDate: new Date(stoppedAt * 1000),
    });
    expect(protectedHeader).toEqual({ typ: 'token-introspection+jwt', alg: jwk.alg, kid: jwk.kid });
    const { body } = await ask(token, 'application/json');
    expect(payload).toEqual({
      iss: issuer,
      aud: asker,
      iat: stoppedAt,
      token_introspection: JSON.parse(body),
    });
    expect(payload.token_introspection).toMatchObject({ active: true, client_id });
  });

  test('K05: that a token is not active is signed, too', async () => {
    const { token_introspection } = decodeJwt((await ask('x', type)).body);
    expect(token_introspection).toEqual({ active: false });
  });

  test('K05: such an answer is no access token', async () => {
    const { body } = await ask(await server.issue(), type);
    expect(JSON.parse((await ask(body, 'application/json')).body)).toEqual({ active: false });
  });

  test.for([
    type,
    'Application/Token-Introspection+JWT',
    `${type};q=0.1`,
    `${type} ; q=0.5 , application/json;q=0.4`,
    `${type}, application/json`,
    `application/json;q=0.9, ${type}, */*;q=0.8`,
    `${type};q=nonsense`,
    `text/html, ${type}`,
  ])('K05: Accept: %s is answered with a JWT', async (accept) => {
    expect((await ask('x', accept)).headers).toMatchObject({ 'Content-Type': type });
  });

  test.for([
    '',
    '*/*',
    'application/*',
    'application/json',
    'application/jwt',
    'text/html',
    `${type};q=0`,
    `${type};q=0.4, application/json;q=0.5`,
    `${type};q=0.4, */*;q=0.5`,
    `x${type}`,
  ])('K05: Accept: %s is answered with JSON', async (accept) => {
    expect((await ask('x', accept)).headers['Content-Type']).toMatch(/^application\/json/);
  });

  test('K05: without Accept the answer is JSON', async () => {
    const { headers } = await server.introspect('x', { headers: { authorization } });
    expect(headers['Content-Type']).toMatch(/^application\/json/);
  });
});

describe('K05: what cannot be signed is not answered unsigned', () => {
  const { signingKeys } = server.ports;
  const broken = new Error('KMS is out of order');
  const cases: readonly (readonly [
    string,
    NonNullable<Parameters<typeof serverInMemory>[0]>,
    number,
  ])[] = [
    [
      'there is no active key',
      {
        introspection: {
          signingKeys: { ...signingKeys, active: () => Promise.reject(unavailable('none')) },
        },
      },
      503,
    ],
    [
      'the profile excludes the algorithm of the active key',
      { introspection: { profile: { ...profiles.none, maySign: () => false } } },
      503,
    ],
    [
      'the signature fails',
      {
        introspection: {
          signingKeys: {
            ...signingKeys,
            active: async () => ({
              ...(await signingKeys.active()),
              sign: () => Promise.reject(broken),
            }),
          },
        },
      },
      500,
    ],
  ];
  test.for(cases)('%s', async ([, special, statusCode]) => {
    const troubled = await serverWithAsker(special);
    const token = await troubled.issue();
    const answer = await troubled.introspect(token, { headers: { authorization, accept: type } });
    expect(answer.statusCode).toBe(statusCode);
    expect(answer.body).not.toContain('active":');
  });

  test('the key that has taken the place of a revoked one signs', async () => {
    const active = async () => ({
      ...(await signingKeys.active()),
      sign: () => Promise.reject(broken),
    });
    const successor = { ...(await signingKeys.active()), kid: 'the next one' };
    const successorOf = async () => successor;
    const rotated = await serverWithAsker({
      introspection: { signingKeys: { active, successorOf } },
    });
    const { body } = await rotated.introspect('x', { headers: { authorization, accept: type } });
    expect(decodeProtectedHeader(body)).toMatchObject({ kid: 'the next one' });
  });
});
