import { JwtVerifier } from 'aws-jwt-verify';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import type { SigningAlgorithmName } from '../../functions/aws/signing-algorithms.ts';
import { api, client_id, issuer } from '../support/token-endpoint.ts';
import { deployed, verifyOptions } from './algorithm-deployment.ts';

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

  // It does not know PS256, ML-DSA, or Ed25519 by that name.
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
