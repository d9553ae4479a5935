import { createPublicKey, KeyObject } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { kmsSigningKeys } from '../../functions/aws/kms-signing-keys.ts';
import { servesSeveral } from '../../functions/aws/lambda-settings.ts';
import { cachedKeyRing } from '../../functions/oauth/cached-key-ring.ts';
import { type SigningKey, signJwt } from '../../functions/oauth/jws.ts';
import { publicJwk } from '../../functions/oauth/public-jwk.ts';
import { aRingKey } from '../support/a-ring-key.ts';
import { memoryKeyRing } from '../support/memory/memory-key-ring.ts';
import { testKey } from '../support/test-key.ts';

/** A key that KMS has wrapped, and that is in memory already. */
async function wrappedKey(alg: string, servesSeveral: boolean) {
  const privateKey = KeyObject.from((await testKey(alg)).privateKey);
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const jwk = await publicJwk(spki, alg);
  const ring = memoryKeyRing({
    keys: [aRingKey({ kid: jwk.kid, alg, jwk, custody: 'kms-wrapped' })],
    revision: 1,
  });
  const unwrapped = { privateKey: async () => privateKey, drop: () => undefined };
  const keys = kmsSigningKeys(
    // No call of KMS is made.
    { kms: {} as never, unwrapped, servesSeveral },
    cachedKeyRing(ring, { now: () => 0, freshness: 60 }),
  );
  return { key: await keys.active(), jwk };
}

/** Whether a signature is made before this thread does anything else. */
async function isMadeOnThisThread(key: SigningKey): Promise<boolean> {
  let isMade = false;
  const made = key.sign(Buffer.from('header.claims')).then(() => {
    isMade = true;
  });
  // Whatever these wait for, no other thread is heard before they are through.
  for (let count = 0; count < 50; count += 1) await undefined;
  const answer = isMade;
  await made;
  return answer;
}

describe('a signature by a wrapped key', () => {
  test.for([
    ['RS256', false],
    ['PS256', false],
    ['ES384', false],
    ['ES256', true],
    ['Ed25519', true],
    ['EdDSA', true],
  ] as const)(
    'where requests come at the same time, %s is made on this thread: %s',
    async ([alg, expected]) => {
      const { key } = await wrappedKey(alg, true);
      expect(await isMadeOnThisThread(key)).toBe(expected);
    },
  );

  test.for(['RS256', 'PS256', 'ES384', 'ES256', 'Ed25519'])(
    'where they come one by one, %s is made on this thread',
    async (alg) => {
      const { key } = await wrappedKey(alg, false);
      expect(await isMadeOnThisThread(key)).toBe(true);
    },
  );

  test.for(['RS256', 'PS256', 'ES256', 'ES384', 'Ed25519', 'EdDSA'])(
    'E01: verifies with %s where 64 are made at the same time',
    async (alg) => {
      const { key, jwk } = await wrappedKey(alg, true);
      const keySet = createLocalJWKSet({ keys: [jwk] });
      const verified = await Promise.all(
        Array.from({ length: 64 }, async (_, count) => {
          const jwt = await signJwt('at+jwt', { jti: String(count) }, key);
          return (await jwtVerify(jwt, keySet, { algorithms: [alg] })).payload.jti;
        }),
      );
      expect(verified).toEqual(Array.from({ length: 64 }, (_, count) => String(count)));
    },
  );
});

describe('AWS_LAMBDA_MAX_CONCURRENCY', () => {
  afterEach(() => vi.unstubAllEnvs());

  test.for([
    [undefined, false],
    ['', false],
    ['1', false],
    ['0', false],
    ['many', false],
    ['2', true],
    ['64', true],
  ] as const)('%s: several requests are served at the same time: %s', ([value, expected]) => {
    vi.stubEnv('AWS_LAMBDA_MAX_CONCURRENCY', value);
    expect(servesSeveral()).toBe(expected);
  });
});
