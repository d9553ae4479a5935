import 'reflect-metadata';
import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { type AuthMethod, authMethods } from '../../functions/oauth/client.ts';
import { parseProfile, profiles } from '../../functions/oauth/profile.ts';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import { authority, certificate } from '../support/certificates.ts';
import { dpopKey, signProof } from '../support/dpop.ts';
import { basic } from '../support/http-api-event.ts';
import { testKey } from '../support/test-key.ts';
import {
  client_id,
  client_secret,
  issuer,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const endpoint = await tokenEndpoint({ profile: profiles.fapi2 }, { alg: 'PS256' });
const grant = 'grant_type=client_credentials';
const own = await testKey('ES256');
const dpop = await dpopKey('ES256');
const { cert } = await certificate({
  issuer: authority(),
  subject: [{ O: ['Example'] }, { CN: ['billing'] }],
  at: stoppedAt,
});
const signing = {
  token_endpoint_auth_method: 'private_key_jwt',
  secrets: [],
  jwks: { keys: [own.jwk] },
} as const;
const unknown = { statusCode: 400, body: { error: 'invalid_client' } };
const issued = { statusCode: 200, body: { token_type: 'DPoP' } };

const ask = async (change = {}, proof?: string, key = own) =>
  endpoint.post(assertionForm(await signAssertion(key, change)), {
    headers: { DPoP: proof ?? (await signProof(dpop)) },
  });

describe('FAPI 2.0 Security Profile §5.3.2.1 client authentication', () => {
  const out = authMethods.filter(
    (method) => !profiles.fapi2.authMethods.some((one) => one === method),
  );

  test('L08: private_key_jwt is a way in', async () => {
    await endpoint.register(signing);
    expect(await ask()).toMatchObject(issued);
  });

  test.for(out)('L08: %s is none, which its owner alone is told', async (method: AuthMethod) => {
    await endpoint.register({ client_id: method, token_endpoint_auth_method: method });
    const DPoP = await signProof(dpop);
    const by = (id: string, secret: string) =>
      endpoint.post(grant, { headers: { authorization: basic(id, secret), DPoP } });
    const refused = await by(method, 'wrong');
    expect(refused).toMatchObject({ ...unknown, statusCode: 401 });
    expect(refused).toEqual(await by('nobody', client_secret));
    expect(endpoint.audited.at(-2)).toMatchObject({ reason: `the profile excludes ${method}` });
    expect(await by(method, client_secret)).toMatchObject({
      statusCode: 401,
      body: { error_description: `client authentication failed: the profile excludes ${method}` },
    });
  });

  test.for(['RS256', 'RS384', 'RS512', 'PS384', 'PS512', 'ES384', 'ES512'])(
    'L08: an assertion with %s is refused',
    async (alg) => {
      const key = await testKey(alg);
      await endpoint.register({ ...signing, jwks: { keys: [key.jwk] } });
      expect(await ask({}, undefined, key)).toMatchObject(unknown);
    },
  );

  test.for(['PS256', 'ES256', 'EdDSA', 'Ed25519'])('L08: one with %s is taken', async (alg) => {
    const key = await testKey(alg);
    await endpoint.register({ ...signing, jwks: { keys: [key.jwk] } });
    expect(await ask({}, undefined, key)).toMatchObject(issued);
  });

  test.for([
    ['the token endpoint', `${issuer}/token`],
    ['a list with the issuer', [issuer]],
    ['the issuer and the token endpoint', [issuer, `${issuer}/token`]],
  ])('B04, L08: an assertion for %s is refused', async ([, aud]) => {
    await endpoint.register(signing);
    expect(await ask({ claims: { aud } })).toMatchObject(unknown);
    expect(endpoint.audited.at(-1)).toMatchObject({
      reason: `aud of the assertion is not ${issuer} as a string`,
    });
  });

  test.for([
    ['iat', 10, 200],
    ['nbf', 10, 200],
    ['iat', 61, 400],
    ['nbf', 61, 400],
  ] as const)('B07, L08: %s %d s ahead: %d', async ([name, ahead, statusCode]) => {
    await endpoint.register(signing);
    const claims = { [name]: stoppedAt + ahead, exp: stoppedAt + 120 };
    expect(await ask({ claims })).toMatchObject({ statusCode });
  });
});

describe('FAPI 2.0 Security Profile §5.3.2.1 sender-constrained tokens', () => {
  test('L08: without a proof and without a certificate there is no token', async () => {
    await endpoint.register(signing);
    expect(await endpoint.post(assertionForm(await signAssertion(own)))).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_dpop_proof' },
    });
  });

  test.for(['RS256', 'ES384'])('L08: a proof with %s is refused', async (alg) => {
    await endpoint.register(signing);
    expect(await ask({}, await signProof(await dpopKey(alg)))).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_dpop_proof' },
    });
  });

  test('C04, L08: a certificate binds the token, whether or not the client asked for it', async () => {
    await endpoint.register({
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: 'CN=billing,O=Example',
      secrets: [],
    });
    const form = `${grant}&client_id=${client_id}`;
    const answer = await endpoint.post(form, { certificate: cert });
    expect(answer).toMatchObject({ statusCode: 200, body: { token_type: 'Bearer' } });
    expect(Object.keys(decodeJwt(answer.body.access_token).cnf ?? {})).toEqual(['x5t#S256']);
    const proven = { certificate: cert, headers: { DPoP: await signProof(dpop) } };
    const { body } = await endpoint.post(form, proven);
    expect(Object.keys(decodeJwt(body.access_token).cnf ?? {})).toEqual(['jkt']);
  });
});

test('L08: while the active key is for RS256 there is no token', async () => {
  const before = await tokenEndpoint({ profile: profiles.fapi2 });
  await before.register(signing);
  const headers = { DPoP: await signProof(dpop) };
  const form = assertionForm(await signAssertion(own));
  expect(await before.post(form, { headers })).toMatchObject({
    statusCode: 503,
    body: { error: 'temporarily_unavailable' },
  });
  expect(before.audited.at(-1)).toMatchObject({
    reason: "the profile excludes the active key's RS256",
  });
});

test('a profile that is none fails the cold start', () => {
  expect(parseProfile('fapi2')).toBe(profiles.fapi2);
  expect(() => parseProfile('fapi')).toThrow('there is no profile fapi');
});
