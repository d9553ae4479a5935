import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { publishLead } from '../../functions/oauth/key-times.ts';
import { deployed, verifyOptions } from './algorithm-deployment.ts';

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
      // By the JWK Set as it was before the active key changed.
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
