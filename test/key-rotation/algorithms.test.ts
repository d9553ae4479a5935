import { JwtVerifier } from 'aws-jwt-verify';
import { createLocalJWKSet, type JWTVerifyOptions, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import type { SigningAlgorithmName } from '../../functions/aws/signing-algorithms.ts';
import { createHandler as createDiscovery } from '../../functions/discovery/handler.ts';
import { publishLead } from '../../functions/oauth/key-times.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import { basic, httpApiEvent } from '../support/http-api-event.ts';
import { keyRotation } from '../support/key-rotation.ts';
import {
  api,
  client_id,
  client_secret,
  issuer,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';
import { settings } from './test-deployment.ts';

/** A deployment that signs with one algorithm, on real services. */
async function deployed(alg: SigningAlgorithmName) {
  const endpoint = await tokenEndpoint({}, { keys: { settings: { ...settings, alg } } });
  const discovery = createDiscovery({
    issuer,
    profile: profiles.none,
    keyRing: endpoint.keyRing,
    now: () => endpoint.clock.now,
    audit: () => {},
  });
  return {
    ...endpoint,
    token: (more = '') =>
      endpoint.post(`grant_type=client_credentials${more}`, {
        headers: { authorization: basic(client_id, client_secret) },
      }),
    /** The JWK Set as it goes out now. */
    async jwks() {
      const event = httpApiEvent({ method: 'GET', path: '/.well-known/jwks.json' });
      return JSON.parse((await discovery(event)).body);
    },
    /** Another setting, and the deployment that brings it. */
    async change(to: SigningAlgorithmName, mixedFamilies = false) {
      const changed = { ...settings, alg: to, mixedFamilies };
      const rotation = keyRotation(endpoint.services, () => endpoint.clock.now, {
        settings: changed,
      });
      await rotation.done({ command: 'tend' });
      return rotation;
    },
    /** Lets the caches of our own functions see what has changed. */
    settle: () => {
      endpoint.clock.now += 60;
    },
  };
}

const verifyOptions = (alg: string, now = stoppedAt): JWTVerifyOptions => ({
  issuer,
  audience: api,
  typ: 'at+jwt',
  algorithms: [alg],
  currentDate: new Date(now * 1000),
});

const algorithms: readonly (readonly [SigningAlgorithmName, string, number])[] = [
  ['RS256', 'RSA', 342],
  ['PS256', 'RSA', 342],
  ['ES256', 'EC', 86],
  ['ES384', 'EC', 128],
  ['Ed25519', 'OKP', 86],
  ['EdDSA', 'OKP', 86],
  ['ML-DSA-44', 'AKP', 3227],
  ['ML-DSA-65', 'AKP', 4412],
];

describe('RFC 7518 §3, RFC 8037 §3.1, RFC 9864 §2.2, RFC 9964: tokens of each algorithm', () => {
  test.for(algorithms)(
    'E11, E12, E13: %s verifies with jose by the published %s key, its signature has %i characters',
    async ([alg, kty, length]) => {
      const { token, jwks } = await deployed(alg);
      const set = await jwks();
      expect(set.keys).toMatchObject([{ alg, kty, use: 'sig' }]);
      const { body } = await token();
      const { protectedHeader } = await jwtVerify(
        body.access_token,
        createLocalJWKSet(set),
        verifyOptions(alg),
      );
      expect(protectedHeader).toEqual({ typ: 'at+jwt', alg, kid: set.keys[0].kid });
      expect(body.access_token.split('.')[2]).toHaveLength(length);
    },
  );

  // It knows no PS256, no Ed25519 by that name, and no ML-DSA.
  test.for(['RS256', 'ES256', 'ES384', 'EdDSA'] as const)(
    'E11: %s verifies with aws-jwt-verify',
    async (alg) => {
      const deployment = await deployed(alg);
      deployment.clock.now = Math.floor(Date.now() / 1000);
      const verifier = JwtVerifier.create({ issuer, audience: api, jwksUri: `${issuer}/jwks` });
      verifier.cacheJwks(await deployment.jwks());
      const { body } = await deployment.token();
      expect(await verifier.verify(body.access_token)).toMatchObject({ client_id });
    },
  );

  test.for(['ES256', 'ES384'] as const)(
    'E11: %s has r and s of full length, whatever zeros they begin with',
    async (alg) => {
      const { token, jwks } = await deployed(alg);
      const keys = createLocalJWKSet(await jwks());
      const lengths = new Set<number>();
      for (let count = 0; count < 300; count += 1) {
        const { access_token } = (await token()).body;
        await jwtVerify(access_token, keys, verifyOptions(alg));
        lengths.add(Buffer.from(access_token.split('.')[2], 'base64url').length);
      }
      expect([...lengths]).toEqual([alg === 'ES256' ? 64 : 96]);
    },
  );

  test.for(['Ed25519', 'ML-DSA-44'] as const)(
    '%s: a token that KMS would not take is refused, and says what to ask for',
    async (alg) => {
      const { token, register, registerApi, audited } = await deployed(alg);
      const resource = `https://${'long.'.repeat(240)}example.com`;
      const scope = new Set(Array.from({ length: 200 }, (_, index) => `scope-${index}`));
      await registerApi({ resource, scope });
      await register({ grants: new Map([[resource, scope]]) });
      expect(await token()).toMatchObject({
        statusCode: 400,
        body: {
          error: 'invalid_scope',
          error_description: 'the token would be too long to sign: ask for less scope',
        },
      });
      expect(audited.at(-1)).toMatchObject({ outcome: 'refused', error: 'invalid_scope' });
      expect(await token('&scope=scope-1')).toMatchObject({ statusCode: 200 });
    },
  );
});

describe('another algorithm of the same family', () => {
  test.for([
    ['RS256', 'PS256'],
    ['ES384', 'ES256'],
    ['Ed25519', 'EdDSA'],
    ['ML-DSA-44', 'ML-DSA-65'],
  ] as const)(
    'G05: %s to %s is a rotation: published first, and old tokens stay valid',
    async ([from, to]) => {
      const deployment = await deployed(from);
      const old = (await deployment.token()).body.access_token;
      const rotation = await deployment.change(to);
      deployment.settle();
      const published = await deployment.jwks();
      expect(published.keys).toMatchObject([{ alg: from }, { alg: to }]);

      deployment.clock.now += publishLead;
      await rotation.done({ command: 'tend' });
      deployment.settle();
      const { body } = await deployment.token();
      const { now } = deployment.clock;
      // By the set as it was before the change of the active key.
      const keys = createLocalJWKSet(published);
      await jwtVerify(body.access_token, keys, verifyOptions(to, now));
      await jwtVerify(old, createLocalJWKSet(await deployment.jwks()), verifyOptions(from));
    },
  );
});

describe('an algorithm of another family', () => {
  test('G07: by default the JWK Set never has keys of two families: the old ones leave as the new one enters', async () => {
    const deployment = await deployed('RS256');
    await deployment.rotation.done({ command: 'rotate', now: true });
    const before = (await deployment.jwks()).keys;
    await deployment.change('ES256');
    deployment.settle();
    const after = await deployment.jwks();
    expect(before.map(({ kty }: { kty: string }) => kty)).toEqual(['RSA', 'RSA']);
    expect(after.keys).toMatchObject([{ kty: 'EC', alg: 'ES256' }]);
    const { body } = await deployment.token();
    const options = verifyOptions('ES256', deployment.clock.now);
    await jwtVerify(body.access_token, createLocalJWKSet(after), options);
    const { keys } = await deployment.rotation.done({ command: 'list' });
    expect(keys.map(({ alg, state }) => [alg, state])).toEqual([
      ['ES256', 'active'],
      ['RS256', 'removed'],
      ['RS256', 'removed'],
    ]);
  });

  test('where two families may be mixed, it is a rotation like any other', async () => {
    const deployment = await deployed('RS256');
    const old = (await deployment.token()).body.access_token;
    const rotation = await deployment.change('ES256', true);
    deployment.settle();
    const published = await deployment.jwks();
    expect(published.keys).toMatchObject([{ alg: 'RS256' }, { alg: 'ES256' }]);
    deployment.clock.now += publishLead;
    await rotation.done({ command: 'tend' });
    deployment.settle();
    const { body } = await deployment.token();
    const options = verifyOptions('ES256', deployment.clock.now);
    await jwtVerify(body.access_token, createLocalJWKSet(published), options);
    const keys = createLocalJWKSet(await deployment.jwks());
    await jwtVerify(old, keys, verifyOptions('RS256'));
  });

  test('the mixture ends where it is no longer allowed', async () => {
    const deployment = await deployed('RS256');
    const rotation = await deployment.change('ES256', true);
    deployment.clock.now += publishLead;
    await rotation.done({ command: 'tend' });
    await deployment.change('ES256');
    deployment.settle();
    expect((await deployment.jwks()).keys).toMatchObject([{ alg: 'ES256' }]);
  });

  test('a pending key of the new family is taken, and no second one made', async () => {
    const deployment = await deployed('RS256');
    await deployment.change('ES256', true);
    await deployment.change('ES256');
    const { keys } = await deployment.rotation.done({ command: 'list' });
    expect(keys.map(({ alg, state }) => [alg, state])).toEqual([
      ['ES256', 'active'],
      ['RS256', 'removed'],
    ]);
  });
});
