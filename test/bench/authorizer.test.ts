import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { api, issuer } from '../support/a-client.ts';
import { testKey } from '../support/test-key.ts';
import {
  awsVerifier,
  bareSignature,
  bareVerifier,
  fastVerifier,
  joseVerifier,
  type VerifyToken,
} from './authorizer/peers.ts';

const algorithms = ['ES256', 'RS256', 'PS256', 'EdDSA'];
const now = Math.floor(Date.now() / 1000);
const other = 'https://other.example.com';

const right = {
  iss: issuer,
  sub: 'a',
  aud: api,
  client_id: 'a',
  scope: 'read',
  iat: now,
  nbf: now,
  exp: now + 3600,
  jti: '1',
};

const wrong: readonly (readonly [what: string, change: Change])[] = [
  ['typ', { typ: 'JWT' }],
  ['iss', { claims: { iss: other } }],
  ['aud', { claims: { aud: other } }],
  ['exp', { claims: { exp: now - 60 } }],
  ['nbf', { claims: { nbf: now + 60 } }],
];

interface Change {
  readonly typ?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
}

const verified = async (verify: VerifyToken, token: string) => await verify(token);

describe.for(algorithms)('the verifiers that are measured, with %s', async (alg) => {
  const [key, otherKey] = [await testKey(alg), await testKey(alg)];
  const token = ({ typ = 'at+jwt', claims }: Change = {}, signer = key) =>
    new SignJWT({ ...right, ...claims })
      .setProtectedHeader({ alg, typ, kid: key.kid })
      .sign(signer.privateKey);
  const verifiers: readonly (readonly [string, VerifyToken])[] = [
    ['jose', joseVerifier(key)],
    ...(alg === 'PS256' ? [] : [['aws-jwt-verify', awsVerifier(key)] as const]),
    ['fast-jwt', fastVerifier(key, false)],
    ['fast-jwt with its cache', fastVerifier(key, true)],
  ];

  test.for(verifiers)(
    '%s takes a token that is right, and none that is not',
    async ([, verify]) => {
      await expect(verified(verify, await token())).resolves.toBeDefined();
      for (const [what, change] of wrong) {
        await expect(verified(verify, await token(change)), what).rejects.toThrow();
      }
      await expect(verified(verify, await token({}, otherKey)), 'signature').rejects.toThrow();
    },
  );

  test('node:crypto alone looks at the signature', async () => {
    const verify = bareVerifier(key);
    expect(() => verify(bareSignature('a.b.c'))).toThrow();
    expect(verify(bareSignature(await token()))).toBeUndefined();
    const forged = bareSignature(await token({}, otherKey));
    expect(() => verify(forged)).toThrow('the signature is wrong');
  });
});
