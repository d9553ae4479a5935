import { describe, expect, test } from 'vitest';
import { statelessNonces } from '../../functions/oauth/dpop-nonce.ts';
import { asked } from '../authorizer/events.ts';
import { httpCall, restCall } from '../authorizer/possession-events.ts';
import { apiUrl, boundApi, shown } from '../support/bound-api.ts';
import { memoryNonceKeys } from '../support/memory/memory-nonce-keys.ts';

const resourceMetadata = `${apiUrl}/.well-known/oauth-protected-resource`;
const api = await boundApi({ resourceMetadata });
const named = `resource_metadata="${resourceMetadata}"`;
const { handle } = api.guarded();
const headersOf = async (event: object) => (await handle(event)).headers;

describe('RFC 9728 §5.1 where a challenge says that the metadata are', () => {
  test('I17, M05: a request without a token is told the scope of its route, too', async () => {
    expect(await headersOf(httpCall({ headers: {} }))).toMatchObject({
      'WWW-Authenticate': `Bearer realm="https://api.example.com", ${named}, scope="read", DPoP algs="ES256 RS256", ${named}, scope="read"`,
    });
    const post = httpCall({ headers: {}, changes: asked('POST /orders') });
    expect((await headersOf(post))['WWW-Authenticate']).toContain('scope="write"');
  });

  test.for([
    ['GET /other', 'GET /other'],
    ['GET /other', undefined],
  ] as const)('I17: what is no route has no scope: %s by %s', async ([request, routeKey]) => {
    const event = { ...httpCall({ headers: {}, changes: asked(request) }), routeKey };
    const { 'WWW-Authenticate': challenge } = await headersOf(event);
    expect(challenge).toBe(
      `Bearer realm="https://api.example.com", ${named}, DPoP algs="ES256 RS256", ${named}`,
    );
  });

  test('I17: an invalid token is told the same', async () => {
    expect(await headersOf(httpCall({ headers: { authorization: 'Bearer a.b.c' } }))).toMatchObject(
      {
        'WWW-Authenticate': `Bearer error="invalid_token", error_description="the access token is not valid", ${named}, scope="read", DPoP algs="ES256 RS256", ${named}, scope="read"`,
      },
    );
  });

  test('I17: so is a token with too little scope', async () => {
    const headers = { authorization: `Bearer ${await api.token()}` };
    const call = httpCall({ headers, changes: asked('POST /orders') });
    expect(await headersOf(call)).toMatchObject({
      'WWW-Authenticate': `Bearer error="insufficient_scope", scope="write", ${named}`,
    });
  });

  test('I17: under the scheme DPoP, too', async () => {
    const { access_token } = await api.bound();
    const call = httpCall({ headers: shown(access_token, undefined) });
    expect((await headersOf(call))['WWW-Authenticate']).toMatch(
      new RegExp(`^DPoP error="invalid_dpop_proof", .*, ${named}, scope="read"$`),
    );
  });

  test('I17: a REST API hands it over in the context of a denial', async () => {
    const keys = memoryNonceKeys();
    const nonces = statelessNonces({ keys, now: () => api.clock.now });
    const decide = api.handler({ nonces });
    const unbound = { authorization: `Bearer ${await api.token()}` };
    const denied = restCall({
      headers: unbound,
      changes: { resource: '/orders', httpMethod: 'POST' },
    });
    expect(await decide(denied)).toMatchObject({
      context: { wwwAuthenticate: expect.stringContaining(named) },
    });
    const { access_token, prove } = await api.bound();
    const withoutNonce = restCall({ headers: shown(access_token, await prove()) });
    expect(await decide(withoutNonce)).toMatchObject({
      context: {
        wwwAuthenticate: expect.stringMatching(
          new RegExp(`^DPoP error="use_dpop_nonce".*${named}$`),
        ),
      },
    });
  });
});
