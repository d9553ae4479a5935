import fc from 'fast-check';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { bearerTokensAlone } from '../../functions/authorizer/bearer-tokens.ts';
import { createHandler } from '../../functions/authorizer/handler.ts';
import { parseKeySet } from '../../functions/authorizer/key-set.ts';
import { noRevocations } from '../../functions/authorizer/revocations/revocations.ts';
import { parseRoutes } from '../../functions/authorizer/routes.ts';
import {
  type SigningAlgorithmName,
  signingAlgorithms,
} from '../../functions/aws/signing-algorithms.ts';
import { type TestIssuer, testIssuer, wrongTokens } from '../../testing/index.ts';
import { httpEvent } from '../authorizer/events.ts';
import { basic } from '../support/http-api-event.ts';
import {
  api,
  client_id,
  client_secret,
  issuer as realIssuer,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const algorithms = Object.keys(signingAlgorithms) as SigningAlgorithmName[];

/** An issuer that says what the token endpoint of the tests says, at the same time. */
const twin = await testIssuer({
  issuer: realIssuer,
  audience: api,
  client_id,
  now: () => stoppedAt,
});
const endpoint = await tokenEndpoint();

/** What the real authorizer answers to a token. */
async function authorized(issuer: TestIssuer, token: string): Promise<unknown> {
  const keySet = parseKeySet(issuer.jwks, undefined);
  const handler = createHandler({
    issuer: issuer.issuer,
    audience: api,
    algorithms: issuer.jwks.keys.map(({ alg }) => alg),
    basePath: '',
    confirm: bearerTokensAlone,
    revocations: noRevocations,
    dpopAlgorithms: [],
    routes: parseRoutes('{"GET /orders/{id}":["read"]}'),
    keys: async () => keySet,
    now: () => stoppedAt,
    audit: () => undefined,
  });
  return await handler(httpEvent(`Bearer ${token}`));
}

/** A token as far as it can be told from another: its `jti` and its key are its own. */
function parts(token: string) {
  const { kid: _kid, ...header } = decodeProtectedHeader(token);
  const { jti, ...claims } = decodeJwt(token);
  return { header, claims, names: Object.keys(decodeJwt(token)), jti: String(jti).length };
}

describe('a token of testIssuer()', () => {
  const scopes = fc.uniqueArray(fc.constantFrom('read', 'write'), { minLength: 1 });
  const lifetimes = fc.option(fc.integer({ min: 60, max: 86_400 }), { nil: undefined });

  test('E01: says exactly what one of the real token endpoint says, and the authorizer takes it', () =>
    fc.assert(
      fc.asyncProperty(scopes, lifetimes, async (scope, access_token_lifetime) => {
        await endpoint.register({ access_token_lifetime });
        const real = await endpoint.post(`grant_type=client_credentials&scope=${scope.join('+')}`, {
          headers: { authorization: basic(client_id, client_secret) },
        });
        const lifetime =
          access_token_lifetime === undefined ? {} : { lifetime: access_token_lifetime };
        const token = await twin.token({ scope, ...lifetime });
        expect(parts(token)).toEqual(parts(real.body.access_token));
        const isAuthorized = scope.includes('read');
        expect(await authorized(twin, token)).toMatchObject({ isAuthorized });
      }),
      { numRuns: 30 },
    ));

  test.for(algorithms)('I06: is signed by %s as a deployment signs', async (algorithm) => {
    const issuer = await testIssuer({ issuer: realIssuer, algorithm, now: () => stoppedAt });
    const token = await issuer.token({ scope: 'read' });
    expect(decodeProtectedHeader(token)).toEqual({
      typ: 'at+jwt',
      alg: algorithm,
      kid: issuer.jwks.keys[0]?.kid,
    });
    expect(await authorized(issuer, token)).toMatchObject({ isAuthorized: true });
  });

  test('says what a test wants it to say', async () => {
    const token = await twin.token({
      client_id: 'batch',
      audience: 'https://other.example',
      lifetime: 60,
      claims: { scope: undefined, team: 'orders' },
    });
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({ client_id: 'batch', sub: 'batch', team: 'orders' });
    expect(claims).toMatchObject({ aud: 'https://other.example', exp: stoppedAt + 60 });
    expect(claims).not.toHaveProperty('scope');
  });

  test('of an issuer without properties has a client, an API and an hour', async () => {
    const before = Math.floor(Date.now() / 1000);
    const issuer = await testIssuer();
    const { iss, aud, client_id, scope, iat = 0, exp } = decodeJwt(await issuer.token());
    expect({ iss, aud, client_id, scope }).toEqual({
      iss: 'https://issuer.example',
      aud: 'https://api.example.com',
      client_id: 'test-client',
      scope: undefined,
    });
    expect(exp).toBe(iat + 3600);
    expect(iat - before).toBeLessThan(60);
    expect(issuer.issuer).toBe(iss);
  });
});

describe('a wrong token of testIssuer()', () => {
  test.for(wrongTokens)('I06: %s is refused by the authorizer', async (wrong) => {
    const token = await twin.wrongToken(wrong, { scope: 'read' });
    await expect(authorized(twin, token)).rejects.toThrow('Unauthorized');
  });

  test('of a kind that there is not is an error', async () => {
    await expect(twin.wrongToken('strange' as never)).rejects.toThrow(
      /^there is no wrong token "strange": take one of expired, .*\.$/,
    );
  });
});

describe('testIssuer() refuses', () => {
  test.for([
    [{ algorithm: 'HS256' }, 'algorithm is "HS256", but it must be one of RS256, PS256'],
    [{ algorithm: 'toString' }, 'algorithm is "toString", but it must be one of'],
    [{ audience: 'orders' }, 'audience is "orders", which is no absolute URI.'],
    [{ client_id: '' }, 'client_id has to be 1 to 256 printable characters of ASCII.'],
    [{ lifetime: 0 }, 'lifetime has to be 1 to 86400 whole seconds.'],
    [{ lifetime: 90_000 }, 'lifetime has to be 1 to 86400 whole seconds.'],
    [{ issuer: 'http://auth.example.com' }, 'is not an https URL without query and fragment'],
  ] as const)('%j', async ([props, message]) => {
    await expect(testIssuer(props as never)).rejects.toThrow(message);
  });

  test('a certificate that is none', async () => {
    const bound = twin.certificateToken({ certificate: 'no PEM' });
    await expect(bound).rejects.toThrow('certificate is not a certificate in PEM.');
  });
});
