import { JwtVerifier } from 'aws-jwt-verify';
import fc from 'fast-check';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  jwtVerify,
} from 'jose';
import { describe, expect, test } from 'vitest';
import { newJti } from '../../functions/token/access-token.ts';
import { basic } from '../support/http-api-event.ts';
import {
  api,
  client_id,
  client_secret,
  issuer,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const endpoint = await tokenEndpoint();

async function token(more = '', id = client_id): Promise<string> {
  const headers = { authorization: basic(id, client_secret) };
  const { statusCode, body } = await endpoint.post(`grant_type=client_credentials${more}`, {
    headers,
  });
  expect(statusCode).toBe(200);
  return body.access_token;
}

describe('RFC 9068 §2.1 header', () => {
  test('E01: jose verifies the RS256 signature with the published key', async () => {
    const jwks = createLocalJWKSet({ keys: [await endpoint.publicJwk()] });
    const { protectedHeader } = await jwtVerify(await token(), jwks, {
      issuer,
      audience: api,
      typ: 'at+jwt',
      algorithms: ['RS256'],
      currentDate: new Date(stoppedAt * 1000),
    });
    expect(protectedHeader.alg).toBe('RS256');
  });

  test('E01: aws-jwt-verify accepts it', async () => {
    const now = Math.floor(Date.now() / 1000);
    const fresh = await tokenEndpoint({ now: () => now });
    const jwk = await fresh.publicJwk();
    const verifier = JwtVerifier.create({ issuer, audience: api, jwksUri: `${issuer}/jwks.json` });
    verifier.cacheJwks({ keys: [jwk] });
    const headers = { authorization: basic(client_id, client_secret) };
    const { body } = await fresh.post('grant_type=client_credentials', { headers });
    expect(await verifier.verify(body.access_token)).toMatchObject({ client_id, aud: api });
  });

  test('E03: no two jti are the same, and each has 128 bits', () => {
    const made = Array.from({ length: 1000 }, newJti);
    expect(new Set(made).size).toBe(1000);
    for (const jti of made) expect(Buffer.from(jti, 'base64url')).toHaveLength(16);
  });

  test('E03: expires_in is exp - iat, however long the signature takes', async () => {
    const { clock, another } = endpoint;
    // Time goes on at each look at the clock.
    const post = another({ now: () => clock.now++ });
    const headers = { authorization: basic(client_id, client_secret) };
    const { body } = await post('grant_type=client_credentials', { headers });
    clock.now = stoppedAt;
    const { exp = 0, iat = 0 } = decodeJwt(body.access_token);
    expect(body.expires_in).toBe(exp - iat);
  });

  test('E02, E09: typ is at+jwt, kid is the RFC 7638 thumbprint, and there is nothing else', async () => {
    const kid = await calculateJwkThumbprint(await endpoint.publicJwk(), 'sha256');
    expect(decodeProtectedHeader(await token())).toEqual({ typ: 'at+jwt', alg: 'RS256', kid });
  });
});

describe('RFC 9068 §2.2 data structure', () => {
  test('E03, E04, E09: the claims are these and no others; the client is the subject', async () => {
    expect(decodeJwt(await token())).toEqual({
      iss: issuer,
      sub: client_id,
      client_id,
      aud: api,
      scope: 'read write',
      iat: stoppedAt,
      nbf: stoppedAt,
      exp: stoppedAt + 3600,
      jti: expect.stringMatching(/^[\w-]{22}$/),
    });
  });

  test('E05: scope tells what was granted, not what was asked for', async () => {
    expect(decodeJwt(await token('&scope=write')).scope).toBe('write');
  });

  test('E06: the audience is the resource server of the grant', async () => {
    expect(decodeJwt(await token(`&resource=${encodeURIComponent(api)}`)).aud).toBe(api);
  });

  test('E08: no two tokens have the same jti, and it carries 128 bits', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => token()));
    const ids = tokens.map((text) => String(decodeJwt(text).jti));
    expect(new Set(ids).size).toBe(20);
    expect(ids.every((id) => Buffer.from(id, 'base64url').length === 16)).toBe(true);
  });

  test('E07, E10: nothing in a request sets or changes a claim', async () => {
    const names = ['iss', 'sub', 'client_id', 'aud', 'iat', 'nbf', 'exp', 'jti', 'cnf', 'claims'];
    const parameter = fc.tuple(
      fc.constantFrom(...names.slice(0, 2), ...names.slice(3)),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(parameter, { selector: ([name]) => name }), async (extra) => {
        const form = new URLSearchParams(Object.fromEntries(extra));
        const { jti, ...claims } = decodeJwt(await token(`&${form}`));
        expect(claims).toEqual({
          iss: issuer,
          sub: client_id,
          client_id,
          aud: api,
          scope: 'read write',
          iat: stoppedAt,
          nbf: stoppedAt,
          exp: stoppedAt + 3600,
        });
      }),
      { numRuns: 30 },
    );
  });

  test.for([
    ['the deployment', undefined, undefined, 3600],
    ['the resource server', undefined, 600, 600],
    ['the client, before all others', 120, 600, 120],
  ] as const)('E03: the lifetime comes from %s', async ([, ofClient, ofApi, expected]) => {
    await endpoint.register({ client_id: 'timed', access_token_lifetime: ofClient });
    await endpoint.registerApi({ access_token_lifetime: ofApi });
    const { exp = 0, iat = 0 } = decodeJwt(await token('', 'timed'));
    await endpoint.registerApi({});
    expect(exp - iat).toBe(expected);
  });
});

describe('RFC 7518 §3.3 RSASSA-PKCS1-v1_5', () => {
  test('E11: the key has 2048 bits, the signature 256 octets without padding', async () => {
    const { n } = await endpoint.publicJwk();
    expect(Buffer.from(String(n), 'base64url')).toHaveLength(256);
    const signature = (await token()).split('.')[2];
    expect(signature).toMatch(/^[\w-]{342}$/);
  });
});
