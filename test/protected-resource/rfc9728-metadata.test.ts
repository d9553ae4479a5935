import { describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/protected-resource/handler.ts';
import {
  type ProtectedResource,
  protectedResourceMetadata,
} from '../../functions/protected-resource/metadata.ts';
import { httpApiEvent, type RequestInit } from '../support/http-api-event.ts';

// The example of RFC 9728 §3.2, as far as it applies.
const resource = 'https://resource.example.com';
const issuer = 'https://as1.example.com';
const api: ProtectedResource = { resource, issuer, scopes: ['profile', 'email', 'phone'] };
const boundTokens = { areRequired: false, dpopAlgorithms: ['ES256'], mutualTls: false };
const least = {
  resource,
  authorization_servers: [issuer],
  scopes_supported: ['profile', 'email', 'phone'],
  bearer_methods_supported: ['header'],
};

describe('RFC 9728 §2 metadata of a protected resource', () => {
  test.for<[string, Partial<ProtectedResource>, object]>([
    ['an API that takes bearer tokens', {}, {}],
    [
      'one with a name and documentation',
      { name: 'Orders', documentation: 'https://resource.example.com/docs' },
      { resource_name: 'Orders', resource_documentation: 'https://resource.example.com/docs' },
    ],
    ['one that takes bound tokens', { boundTokens }, dpop()],
    [
      'one that takes no others',
      { boundTokens: { ...boundTokens, areRequired: true } },
      { ...dpop(), dpop_bound_access_tokens_required: true },
    ],
    [
      'one that sees certificates',
      { boundTokens: { ...boundTokens, mutualTls: true } },
      { ...dpop(), tls_client_certificate_bound_access_tokens: true },
    ],
    [
      'one that takes bound tokens of both kinds alone',
      { boundTokens: { ...boundTokens, areRequired: true, mutualTls: true } },
      { ...dpop(), tls_client_certificate_bound_access_tokens: true },
    ],
  ])('I17: %s', ([, special, members]) => {
    expect(protectedResourceMetadata({ ...api, ...special })).toEqual({ ...least, ...members });
  });

  test('I17: no list is empty (§3.2)', () => {
    const { scopes_supported: _none, ...others } = least;
    expect(protectedResourceMetadata({ ...api, scopes: [] })).toEqual(others);
  });
});

function dpop() {
  return { dpop_signing_alg_values_supported: ['ES256'] };
}

describe('RFC 9728 §3.2 the response', () => {
  const handle = createHandler(protectedResourceMetadata(api));
  const http = (init: RequestInit) =>
    httpApiEvent({ path: '/.well-known/oauth-protected-resource', ...init });
  // What is read of the event of a REST API, payload format 1.0.
  const rest = ({ method = 'GET', headers }: RequestInit) => ({
    httpMethod: method,
    path: '/.well-known/oauth-protected-resource',
    headers,
    requestContext: { httpMethod: method },
  });

  describe.for([
    ['an HTTP API', http],
    ['a REST API', rest],
  ] as const)('of %s', ([, eventOf]) => {
    test('I17, H09: can be cached, and read by pages of any origin', async () => {
      const response = await handle(eventOf({ method: 'GET' }));
      expect({ ...response, body: JSON.parse(response.body) }).toEqual({
        statusCode: 200,
        headers: {
          'Content-Type': 'application/json',
          'Cache-Control': 'public, max-age=300',
          'Access-Control-Allow-Origin': '*',
          ETag: expect.stringMatching(/^"[\w-]{43}"$/),
        },
        body: least,
      });
    });

    test('H09: who has it already is told so', async () => {
      const { headers } = await handle(eventOf({ method: 'GET' }));
      const again = { 'If-None-Match': headers.ETag ?? '' };
      expect(await handle(eventOf({ method: 'GET', headers: again }))).toMatchObject({
        statusCode: 304,
        body: '',
      });
    });

    test('H09: HEAD has no body', async () => {
      expect(await handle(eventOf({ method: 'HEAD' }))).toMatchObject({
        statusCode: 200,
        body: '',
      });
    });

    test('H09: a page may ask beforehand', async () => {
      expect(await handle(eventOf({ method: 'OPTIONS' }))).toMatchObject({
        statusCode: 204,
        headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' },
      });
    });

    test('H09: no other method reads it', async () => {
      expect(await handle(eventOf({ method: 'POST' }))).toMatchObject({
        statusCode: 405,
        headers: { Allow: 'GET, HEAD, OPTIONS' },
      });
    });
  });

  test('H09: an event of no API is refused', async () => {
    expect(await handle(undefined)).toMatchObject({ statusCode: 405 });
  });
});
