import { DisableKeyCommand, EnableKeyCommand } from '@aws-sdk/client-kms';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import type { RingKey } from '../../functions/oauth/key-ring.ts';
import { publishLead } from '../../functions/oauth/key-times.ts';
import { keyRotation, makeWrappingKey, roles } from '../support/key-rotation.ts';
import { client_secret, postingClient } from '../support/token-endpoint.ts';
import { tokenEndpointOnServices } from '../support/token-endpoint-on-services.ts';
import { type Trouble, troubledService } from '../support/troubled-service.ts';

const form = `grant_type=client_credentials&client_id=${postingClient}&client_secret=${client_secret}`;
const throttled: Trouble = { status: 400, body: '{"__type":"ThrottlingException"}' };
const unavailable = { statusCode: 503, body: { error: 'temporarily_unavailable' } };

/** An endpoint whose key is wrapped, with what it has asked KMS. */
async function wrapped(alg: 'RS256' | 'PS256' | 'ES256' | 'ES384' | 'Ed25519' | 'EdDSA' = 'ES256') {
  const { troubles, calls, via } = troubledService();
  const settings = {
    alg,
    wrappingKey: undefined,
    tokenRole: roles.token,
    rotationInterval: 90 * 86_400,
    mixedFamilies: true,
  } as const;
  const endpoint = await tokenEndpointOnServices({}, { via });
  const { services, clock } = endpoint;
  const wrappingKey = await makeWrappingKey(services);
  const special = { settings };
  const rotation = keyRotation(services, () => clock.now, special, { wrappingKey });
  await rotation.done({ command: 'rotate', now: true });
  clock.now += 60;
  const kmsCalls = () => calls.splice(0).filter((call) => call === 'Sign' || call === 'Decrypt');
  const { post } = endpoint;
  return { ...endpoint, rotation, wrappingKey, troubles, kmsCalls, ask: () => post(form) };
}

/** Asks for a token, and lets jose verify it by the key that is published; gives its `kid`. */
async function verifiedKid({ publicJwk, clock, ask }: Awaited<ReturnType<typeof wrapped>>) {
  const jwk = await publicJwk();
  const { statusCode, body } = await ask();
  expect(statusCode, JSON.stringify(body)).toBe(200);
  const { protectedHeader } = await jwtVerify(
    body.access_token,
    createLocalJWKSet({ keys: [jwk] }),
    {
      typ: 'at+jwt',
      algorithms: [jwk.alg],
      currentDate: new Date(clock.now * 1000),
    },
  );
  return protectedHeader.kid;
}

describe('a token that is signed by a wrapped key', () => {
  test.for(['RS256', 'PS256', 'ES256', 'ES384', 'Ed25519', 'EdDSA'] as const)(
    'E01: verifies with %s, and KMS is asked once',
    async (alg) => {
      const endpoint = await wrapped(alg);
      const [key] = (await endpoint.rotation.done({ command: 'list' })).keys;
      expect(key).toMatchObject({ custody: 'kms-wrapped', alg });
      for (let count = 0; count < 5; count += 1) {
        expect(await verifiedKid(endpoint)).toBe(key?.kid);
      }
      expect(endpoint.kmsCalls()).toEqual(['Decrypt']);
    },
  );

  test('is asked for once by requests that come together', async () => {
    const { ask, kmsCalls } = await wrapped();
    const answers = await Promise.all(Array.from({ length: 10 }, ask));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(10).fill(200));
    expect(kmsCalls()).toEqual(['Decrypt']);
  });

  test('comes from the next key within a minute of its turn', async () => {
    const endpoint = await wrapped();
    const first = await verifiedKid(endpoint);
    await endpoint.rotation.done({ command: 'rotate', now: true });
    endpoint.clock.now += 60;
    expect(await verifiedKid(endpoint)).not.toBe(first);
    expect(endpoint.kmsCalls()).toEqual(['Decrypt', 'Decrypt']);
  });

  test('comes from no key that was revoked a minute ago, though it was in memory', async () => {
    const endpoint = await wrapped();
    const revoked = await verifiedKid(endpoint);
    await endpoint.rotation.done({ command: 'revoke', kid: revoked, replace: true });
    endpoint.clock.now += 60;
    expect(await verifiedKid(endpoint)).not.toBe(revoked);
  });

  test('comes from KMS itself again when the setting is taken back', async () => {
    const endpoint = await wrapped('RS256');
    const first = await verifiedKid(endpoint);
    const { services, clock } = endpoint;
    // What was wrapped signs on, until the key in KMS is known to all.
    const back = keyRotation(services, () => clock.now);
    await back.done({ command: 'tend' });
    clock.now += publishLead;
    expect(await verifiedKid(endpoint)).toBe(first);
    await back.done({ command: 'tend' });
    clock.now += 60;
    endpoint.kmsCalls();
    expect(await verifiedKid(endpoint)).not.toBe(first);
    expect(endpoint.kmsCalls()).toEqual(['Sign']);
  });
});

describe('without its private key there is no token', () => {
  test.for<[string, Trouble]>([
    ['is throttled', throttled],
    ['does not answer', 'hang'],
    ['breaks off', 'reset'],
    ['gives nothing', { status: 200, body: '{}' }],
    ['gives no key', { status: 200, body: '{"Plaintext":"AAAA"}' }],
  ])(
    'A24: while KMS %s the answer is 503, and afterwards it is asked again',
    async ([, trouble]) => {
      const { ask, troubles, audited } = await wrapped();
      troubles.set('Decrypt', trouble);
      // Also of those who wait for the same call.
      const together = await Promise.all([ask(), ask(), ask()]);
      expect(together.map(({ statusCode }) => statusCode)).toEqual([503, 503, 503]);
      expect(await ask()).toMatchObject(unavailable);
      expect(audited.at(-1)).toMatchObject({ outcome: 'failed', reason: expect.any(String) });
      troubles.clear();
      expect((await ask()).statusCode).toBe(200);
    },
  );

  test('while the key is disabled that wraps it', async () => {
    const { ask, services, wrappingKey } = await wrapped();
    await services.kms.send(new DisableKeyCommand({ KeyId: wrappingKey }));
    expect(await ask()).toMatchObject(unavailable);
    await services.kms.send(new EnableKeyCommand({ KeyId: wrappingKey }));
    expect((await ask()).statusCode).toBe(200);
  });

  test.for<[string, (key: RingKey, other: RingKey) => Partial<RingKey>]>([
    ['another key', (_, { wrapped_private_key }) => ({ wrapped_private_key })],
    ['nothing', () => ({ wrapped_private_key: undefined })],
    [
      'a text that was changed',
      ({ wrapped_private_key = '' }) => ({ wrapped_private_key: flipped(wrapped_private_key) }),
    ],
    ['a key of another algorithm', () => ({ alg: 'ML-DSA-44' })],
  ])('where the ring has %s in its place', async ([, change]) => {
    const { ask, rotation, audited } = await wrapped();
    await rotation.done({ command: 'rotate', now: false });
    const { keys, revision } = await rotation.keyRing.load();
    const [active, other] = ['active', 'pending'].map((state) =>
      keys.find((key) => key.state === state),
    );
    if (!active || !other) throw new Error('two keys are needed');
    const changed = { ...active, ...change(active, other) };
    await rotation.keyRing.store({
      keys: keys.map((key) =>
        key === active ? { ...changed, jwk: { ...active.jwk, alg: changed.alg } } : key,
      ),
      revision: revision + 1,
    });
    expect(await ask()).toMatchObject(unavailable);
    expect(JSON.stringify(audited)).not.toContain(active.wrapped_private_key);
  });
});

function flipped(base64: string): string {
  const octets = Buffer.from(base64, 'base64');
  octets[octets.length - 1] = (octets.at(-1) ?? 0) ^ 1;
  return octets.toString('base64');
}
