import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { OpenIdProviderMetadataSchema } from '@modelcontextprotocol/sdk/shared/auth.js';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, test } from 'vitest';
import { createHandler, type Discovery } from '../../functions/discovery/handler.ts';
import { parseAuthorizationEndpointStub } from '../../functions/discovery/metadata.ts';
import type { CachedKeyRing } from '../../functions/oauth/cached-key-ring.ts';
import type { KeyRing } from '../../functions/oauth/key-ring.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import { publicJwk } from '../../functions/oauth/public-jwk.ts';
import { aRingKey } from '../support/a-ring-key.ts';
import { assertionAlgorithms } from '../support/assertions.ts';
import { httpApiEvent, type RequestInit } from '../support/http-api-event.ts';

const issuer = 'https://as.example.com';
const metadataPath = '/.well-known/oauth-authorization-server';
const openidPath = '/.well-known/openid-configuration';
const jwksPath = '/.well-known/jwks.json';
const paths = [metadataPath, openidPath, jwksPath] as const;

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = await publicJwk(publicKey.export({ format: 'der', type: 'spki' }), 'RS256');
const ring = { keys: [aRingKey({ jwk, kid: jwk.kid })], revision: 1 };
const at = 1_700_000_000;

const held = (what: KeyRing, readAt = at): CachedKeyRing => ({
  current: async () => ({ ring: what, at: readAt }),
  reread: async () => ({ ring: what, at: readAt }),
});
const broken = (error: unknown): CachedKeyRing => ({
  current: () => Promise.reject(error),
  reread: () => Promise.reject(error),
});

async function get(path: string, init: RequestInit = {}, special: Partial<Discovery> = {}) {
  const handler = createHandler({
    issuer,
    profile: profiles.none,
    authorizationEndpoint: 'openid',
    keyRing: held(ring),
    now: () => at,
    audit: () => {},
    ...special,
  });
  const response = await handler(httpApiEvent({ method: 'GET', path, ...init }));
  return { ...response, document: response.body && JSON.parse(response.body) };
}

describe('RFC 8414 authorization server metadata', () => {
  const proofAlgorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'];
  const endpointsBelow = (origin: string) => ({
    token_endpoint: `${origin}/token`,
    revocation_endpoint: `${origin}/revoke`,
    introspection_endpoint: `${origin}/introspect`,
  });
  const methods = (supported: readonly string[]) => ({
    token_endpoint_auth_methods_supported: supported,
    revocation_endpoint_auth_methods_supported: supported,
    introspection_endpoint_auth_methods_supported: supported,
  });
  const algorithms = (supported: readonly string[]) => ({
    token_endpoint_auth_signing_alg_values_supported: supported,
    revocation_endpoint_auth_signing_alg_values_supported: supported,
    introspection_endpoint_auth_signing_alg_values_supported: supported,
  });
  const secretsAndKeys = [
    'client_secret_basic',
    'client_secret_post',
    'private_key_jwt',
    'spiffe_jwt',
  ];
  const announced = {
    issuer,
    ...endpointsBelow(issuer),
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    ...methods(secretsAndKeys),
    ...algorithms(assertionAlgorithms),
    introspection_signing_alg_values_supported: ['RS256'],
    dpop_signing_alg_values_supported: proofAlgorithms,
    revocation_list_uri: `${issuer}/revocation-list`,
  };

  test('D12, H01, H03, H04, H05, H06, M02: the document announces what works and nothing else', async () => {
    const { statusCode, document } = await get(metadataPath);
    expect(statusCode).toBe(200);
    expect(document).toEqual(announced);
  });

  test('C06, C07, H05, H06: it announces client certificates, and where, if there is such a place', async () => {
    const mtlsOrigin = 'https://mtls.as.example.com';
    const { document } = await get(metadataPath, {}, { mtlsOrigin });
    expect(document).toEqual({
      ...announced,
      ...methods([
        ...secretsAndKeys,
        'tls_client_auth',
        'self_signed_tls_client_auth',
        'spiffe_x509',
      ]),
      tls_client_certificate_bound_access_tokens: true,
      mtls_endpoint_aliases: endpointsBelow(mtlsOrigin),
    });
  });

  test('L08: under the profile fapi2 it announces no secret, no platform and no RS256', async () => {
    const mtlsOrigin = 'https://mtls.as.example.com';
    const fapi2 = ['PS256', 'ES256', 'EdDSA', 'Ed25519'];
    const { document } = await get(metadataPath, {}, { mtlsOrigin, profile: profiles.fapi2 });
    expect(document).toMatchObject({
      ...methods(['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth']),
      ...algorithms(fapi2),
      dpop_signing_alg_values_supported: fapi2,
      tls_client_certificate_bound_access_tokens: true,
    });
    const without = await get(metadataPath, {}, { profile: profiles.fapi2 });
    expect(without.document).toMatchObject(methods(['private_key_jwt']));
    // The key of this ring is one of RS256.
    expect(without.document).not.toHaveProperty('introspection_signing_alg_values_supported');
  });

  test('K05: it announces what signs answers to introspection, if that is known', async () => {
    const { kid } = jwk;
    const next = aRingKey({
      kid: 'next',
      alg: 'ES256',
      jwk: { ...jwk, kid: 'next', alg: 'ES256' },
    });
    const keys = [aRingKey({ jwk, kid, state: 'retired' }), next];
    const keyRing = held({ keys, revision: 2 });
    expect((await get(metadataPath, {}, { keyRing })).document).toMatchObject({
      introspection_signing_alg_values_supported: ['ES256', 'RS256'],
    });
    const empty = await get(metadataPath, {}, { keyRing: held({ keys: [], revision: 3 }) });
    expect(empty.document).not.toHaveProperty('introspection_signing_alg_values_supported');
  });

  const authorization_endpoint = `${issuer}/authorize`;
  test.for([
    ['openid', undefined, authorization_endpoint],
    ['both', authorization_endpoint, authorization_endpoint],
    ['none', undefined, undefined],
  ] as const)(
    'H06, H07, M02: which of the two documents names an authorization endpoint: %s',
    async ([authorizationEndpoint, inMetadata, inOpenid]) => {
      const named = async (path: string) =>
        (await get(path, {}, { authorizationEndpoint })).document.authorization_endpoint;
      expect(await named(metadataPath)).toBe(inMetadata);
      expect(await named(openidPath)).toBe(inOpenid);
    },
  );

  test('H07, M04: it is as the schema of the MCP SDK wants an OpenID document', async () => {
    const { document } = await get(openidPath);
    expect(OpenIdProviderMetadataSchema.parse(document)).toEqual(document);
    const without = await get(openidPath, {}, { authorizationEndpoint: 'none' });
    expect(() => OpenIdProviderMetadataSchema.parse(without.document)).toThrow(
      'authorization_endpoint',
    );
  });

  test('H07: a word for the stub that nobody knows fails the cold start', () => {
    expect(parseAuthorizationEndpointStub('both')).toBe('both');
    expect(() => parseAuthorizationEndpointStub('stub')).toThrow('no authorization endpoint is');
  });

  test.for([
    ['none', {}],
    ['a place for client certificates', { mtlsOrigin: 'https://mtls.as.example.com' }],
    ['the stub in both', { authorizationEndpoint: 'both' }],
    ['no stub', { authorizationEndpoint: 'none' }],
  ] as const)('H07: the OpenID document says what the metadata say: %s', async ([, special]) => {
    const { document: metadata } = await get(metadataPath, {}, special);
    expect((await get(openidPath, {}, special)).document).toMatchObject(metadata);
  });

  test('H02, H07: the OpenID document says the same, and what verifiers of AWS need', async () => {
    const { document: metadata } = await get(metadataPath);
    const { document } = await get(openidPath);
    expect(document).toEqual({
      ...metadata,
      authorization_endpoint,
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    });
  });

  test.for(paths)(
    'H03, H09, G04: %s is JSON, cacheable, with an ETag, for any origin',
    async (path) => {
      expect((await get(path)).headers).toEqual({
        'Content-Type': 'application/json',
        'Cache-Control': 'public, max-age=300',
        'Access-Control-Allow-Origin': '*',
        ETag: expect.stringMatching(/^"[\w-]{43}"$/),
      });
    },
  );

  test.for(paths)('H09: %s answers a known ETag with 304', async (path) => {
    const { ETag = '' } = (await get(path)).headers;
    for (const known of [ETag, `W/${ETag}`, `"other", ${ETag}`, '*']) {
      const response = await get(path, { headers: { 'If-None-Match': known } });
      expect(response).toMatchObject({ statusCode: 304, body: '', headers: { ETag } });
    }
    const other = await get(path, { headers: { 'If-None-Match': '"other"' } });
    expect(other.statusCode).toBe(200);
  });

  test.for(paths)('H09: %s answers a preflight, and HEAD without a body', async (path) => {
    expect(await get(path, { method: 'OPTIONS' })).toMatchObject({
      statusCode: 204,
      headers: {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
      },
    });
    const { headers } = await get(path);
    expect(await get(path, { method: 'HEAD' })).toMatchObject({
      statusCode: 200,
      headers,
      body: '',
    });
  });

  test.for(['POST', 'PUT', 'DELETE', ''])('H09: %s is 405', async (method) => {
    expect(await get(metadataPath, { method })).toMatchObject({
      statusCode: 405,
      headers: { Allow: 'GET, HEAD, OPTIONS', 'Cache-Control': 'no-store' },
    });
  });

  test.for(['/', '/.well-known/', '/.well-known/jwks.json/', '/__proto__', ''])(
    'H02: %s is nothing of ours',
    async (path) => {
      expect((await get(path)).statusCode).toBe(404);
    },
  );
});

describe('RFC 6749 §3.1 authorization endpoint', () => {
  const query = 'response_type=code&client_id=a&redirect_uri=https%3A%2F%2Fevil.example&state=xyz';
  const methods = ['GET', 'POST', 'OPTIONS', 'DELETE'];

  test.for(methods)(
    'M02: the stub answers %s with an error, and sends nobody anywhere',
    async (method) => {
      const response = await get('/authorize', { method, query });
      expect(response).toMatchObject({
        statusCode: 400,
        headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
        document: {
          error: 'unsupported_response_type',
          error_description: expect.stringMatching(/^[ !#-[\]-~]+$/),
        },
      });
      expect(response.headers).not.toHaveProperty('Location');
      expect(response.body).not.toMatch(/evil|xyz/);
      expect(response).toEqual(await get('/authorize', { method: 'GET' }));
    },
  );

  test.for(methods)('without the stub there is none: %s', async (method) => {
    const without = { authorizationEndpoint: 'none' } as const;
    expect((await get('/authorize', { method, query }, without)).statusCode).toBe(404);
  });

  test('what lies below the stub is nothing of ours', async () => {
    expect((await get('/authorize/')).statusCode).toBe(404);
  });
});

describe('RFC 7517 JWK Set', () => {
  test('G01, G02, G03, G05: one public key with its use, algorithm and id', async () => {
    const { document } = await get(jwksPath);
    expect(document).toEqual({
      keys: [
        {
          kty: 'RSA',
          use: 'sig',
          alg: 'RS256',
          kid: expect.stringMatching(/^[\w-]{43}$/),
          n: expect.stringMatching(/^[\w-]{342}$/),
          e: 'AQAB',
        },
      ],
    });
    const [{ n }] = document.keys;
    expect(Buffer.from(n, 'base64url')[0]).toBeGreaterThan(0);
  });

  test('G06: kid is the thumbprint of the canonical members', async () => {
    const [{ kid, kty, n, e }] = (await get(jwksPath)).document.keys;
    expect(kid).toBe(await calculateJwkThumbprint({ kty, n, e }, 'sha256'));
  });

  test('G06: the thumbprint of RFC 7638 §3.1', async () => {
    const n =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
    const key = createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' });
    const { kid } = await publicJwk(key.export({ format: 'der', type: 'spki' }), 'RS256');
    expect(kid).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  });

  test('G02: no private member is published, whatever key is read', async () => {
    const { document } = await get(jwksPath);
    const members = document.keys.flatMap(Object.keys);
    expect(members.filter((name: string) => /^(d|p|q|dp|dq|qi|oth|k|priv)$/.test(name))).toEqual(
      [],
    );
  });

  test('G05: the next, the current and the previous key, the current one first; no removed one', async () => {
    const states = ['retired', 'pending', 'removed', 'active'] as const;
    const keys = states.map((state) =>
      aRingKey({ state, kid: state, jwk: { ...jwk, kid: state } }),
    );
    const keyRing = held({ keys, revision: 4 });
    const { document } = await get(jwksPath, {}, { keyRing });
    const kids = document.keys.map(({ kid }: { kid: string }) => kid);
    expect(kids).toEqual(['active', 'pending', 'retired']);
  });

  test('H07: the OpenID document names the algorithm of each published key once', async () => {
    const algorithms = ['RS256', 'PS256', 'RS256'];
    const keys = algorithms.map((alg, index) =>
      aRingKey({ state: index === 1 ? 'active' : 'retired', jwk: { ...jwk, alg } }),
    );
    const { document } = await get(openidPath, {}, { keyRing: held({ keys, revision: 3 }) });
    expect(document.id_token_signing_alg_values_supported).toEqual(['PS256', 'RS256']);
  });

  test.for([
    [0, 300],
    [10, 290],
    [299, 1],
    [400, 0],
    // The clock was put back.
    [-10, 290],
    [-3600, 0],
  ] as const)(
    'G04: a set that was read %i s ago may be kept for %i s more',
    async ([age, maxAge]) => {
      const keyRing = held(ring, at - age);
      const { headers } = await get(jwksPath, {}, { keyRing });
      expect(headers['Cache-Control']).toBe(`public, max-age=${maxAge}`);
    },
  );
});

describe('A24: a key that cannot be read', () => {
  test('A24: KMS in trouble is 503 with Retry-After, and is logged', async () => {
    const audited: unknown[] = [];
    const response = await get(
      jwksPath,
      {},
      {
        keyRing: broken(unavailable(new Error('ThrottlingException of the account'))),
        audit: (entry) => audited.push(entry),
      },
    );
    expect(response).toMatchObject({
      statusCode: 503,
      headers: { 'Retry-After': '2', 'Cache-Control': 'no-store' },
      document: { error: 'temporarily_unavailable' },
    });
    expect(response.body).not.toContain('account');
    expect(audited).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('Throttling') },
    ]);
  });

  test('A24: another failure is a 500 that says nothing', async () => {
    const response = await get(jwksPath, {}, { keyRing: broken(new Error('bug')) });
    expect(response).toMatchObject({ statusCode: 500, document: { error: 'server_error' } });
  });

  test.for([
    ['none at all', []],
    ['only removed ones', [aRingKey({ state: 'removed' })]],
  ] as const)('A24: %s is 503: an empty set would refuse every token', async ([, keys]) => {
    const response = await get(jwksPath, {}, { keyRing: held({ keys, revision: 1 }) });
    expect(response).toMatchObject({ statusCode: 503, headers: { 'Retry-After': '2' } });
  });

  test('A24: the metadata needs no key', async () => {
    const keyRing = broken(unavailable('down'));
    expect((await get(metadataPath, {}, { keyRing })).statusCode).toBe(200);
  });
});
