import { DisableKeyCommand, EnableKeyCommand } from '@aws-sdk/client-kms';
import { decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import type { RingKey } from '../../functions/oauth/key-ring.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import { client_secret, postingClient } from '../support/token-endpoint.ts';
import { tokenEndpointOnServices } from '../support/token-endpoint-on-services.ts';
import { troubledService } from '../support/troubled-service.ts';

const form = `grant_type=client_credentials&client_id=${postingClient}&client_secret=${client_secret}`;
const unavailable503 = {
  statusCode: 503,
  headers: expect.objectContaining({ 'Retry-After': '2' }),
  body: expect.objectContaining({ error: 'temporarily_unavailable' }),
};

/** An endpoint on services that may be troubled, which count what they are asked. */
async function troubled() {
  const { troubles, calls, via } = troubledService();
  const endpoint = await tokenEndpointOnServices({}, { via });
  return { ...endpoint, troubles, calls };
}

type Endpoint = Awaited<ReturnType<typeof troubled>>;

async function kidOf({ post }: Pick<Endpoint, 'post'>): Promise<string | undefined> {
  const { statusCode, body } = await post(form);
  expect(statusCode).toBe(200);
  return decodeProtectedHeader(body.access_token).kid;
}

async function corrupt(
  { rotation: { keyRing } }: Endpoint,
  change: (keys: readonly RingKey[]) => readonly RingKey[],
): Promise<void> {
  const { keys, revision } = await keyRing.load();
  await keyRing.store({ keys: change(keys), revision: revision + 1 });
}

describe('a new active key', () => {
  test('is signed with within a minute, without a new instance', async () => {
    const endpoint = await troubled();
    const first = await kidOf(endpoint);
    await endpoint.rotation.done({ command: 'rotate', now: true });
    endpoint.clock.now += 59;
    expect(await kidOf(endpoint)).toBe(first);
    endpoint.clock.now += 1;
    const { keys } = await endpoint.rotation.done({ command: 'list' });
    expect(await kidOf(endpoint)).toBe(keys[0]?.kid);
    expect(keys[0]?.kid).not.toBe(first);
  });

  test('costs no read for each request: the ring is read once a minute', async () => {
    const endpoint = await troubled();
    await kidOf(endpoint);
    endpoint.calls.length = 0;
    for (let count = 0; count < 5; count += 1) await kidOf(endpoint);
    // A client and a resource server for each.
    expect(endpoint.calls.filter((call) => call === 'GetItem')).toHaveLength(10);
    endpoint.clock.now += 60;
    endpoint.calls.length = 0;
    for (let count = 0; count < 5; count += 1) await kidOf(endpoint);
    expect(endpoint.calls.filter((call) => call === 'GetItem')).toHaveLength(11);
  });

  test('is asked for once by requests that come together', async () => {
    const endpoint = await troubled();
    await Promise.all(Array.from({ length: 5 }, () => kidOf(endpoint)));
    expect(endpoint.calls.filter((call) => call === 'GetItem')).toHaveLength(3);
  });
});

describe('a key that was revoked a moment ago', () => {
  test('signs no more: the same request is signed by the one that is active now', async () => {
    const endpoint = await troubled();
    const kid = String(await kidOf(endpoint));
    await endpoint.rotation.done({ command: 'revoke', kid, replace: true });
    const now = await kidOf(endpoint);
    expect(now).not.toBe(kid);
    expect(endpoint.audited.at(-1)).toMatchObject({ outcome: 'issued', kid: now });
  });

  test('one that was disabled by hand is 503 until the schedule has repaired it, and works in between again', async () => {
    const endpoint = await troubled();
    await kidOf(endpoint);
    const [{ key_id: KeyId } = { key_id: '' }] = (await endpoint.rotation.keyRing.load()).keys;
    await endpoint.services.kms.send(new DisableKeyCommand({ KeyId }));
    expect(await endpoint.post(form)).toEqual(unavailable503);
    expect(endpoint.audited.at(-1)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('DisabledException'),
    });
    await endpoint.services.kms.send(new EnableKeyCommand({ KeyId }));
    await kidOf(endpoint);
    await endpoint.services.kms.send(new DisableKeyCommand({ KeyId }));
    await endpoint.rotation.done({ command: 'tend' });
    expect(await kidOf(endpoint)).toBe((await endpoint.rotation.keyRing.load()).keys[1]?.kid);
  });
});

describe('A24: a key that fails while the ring cannot be read anew', () => {
  test('A24: is 503, and the log names the first trouble', async () => {
    const sign = () => Promise.reject(unavailable(new Error('KMS is busy')));
    const signingKeys = {
      active: async () => ({ alg: 'RS256', kid: 'a-kid', sign }),
      successorOf: () => Promise.reject(unavailable(new Error('the registry is busy'))),
    };
    const endpoint = await tokenEndpointOnServices({ signingKeys });
    expect(await endpoint.post(form)).toEqual(unavailable503);
    expect(endpoint.audited.at(-1)).toMatchObject({ reason: 'Error: KMS is busy' });
  });
});

describe('A24: a ring that cannot be right is 503, and the log says why', () => {
  const wrong: readonly (readonly [string, Parameters<typeof corrupt>[1], RegExp])[] = [
    ['no key at all', () => [], /no active key/],
    [
      'no active key',
      (keys) => keys.map((key) => ({ ...key, state: 'pending' as const })),
      /no active key/,
    ],
    [
      'two active keys',
      (keys) => [
        ...keys,
        ...keys.map((key) => ({ ...key, kid: 'two', jwk: { ...key.jwk, kid: 'two' } })),
      ],
      /2 active keys/,
    ],
    [
      'an algorithm that nobody knows',
      (keys) => keys.map((key) => ({ ...key, alg: 'XS256', jwk: { ...key.jwk, alg: 'XS256' } })),
      /no token is signed with XS256/,
    ],
    [
      'a JWK of another key',
      (keys) => keys.map((key) => ({ ...key, jwk: { ...key.jwk, kid: 'other' } })),
      /malformed keys\.0\.jwk$/,
    ],
    [
      'a private key',
      (keys) => keys.map((key) => ({ ...key, jwk: { ...key.jwk, d: 'AQAB' } })),
      /malformed keys\.0\.jwk$/,
    ],
  ];

  test.for(wrong)('A24: %s', async ([, change, reason]) => {
    const endpoint = await troubled();
    await corrupt(endpoint, change);
    expect(await endpoint.post(form)).toEqual(unavailable503);
    expect(endpoint.audited.at(-1)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(reason),
    });
  });

  test('A24: and works as soon as it is repaired', async () => {
    const endpoint = await troubled();
    await corrupt(endpoint, (keys) => keys.map((key) => ({ ...key, state: 'retired' })));
    expect(await endpoint.post(form)).toEqual(unavailable503);
    await endpoint.rotation.done({ command: 'tend' });
    await kidOf(endpoint);
  });
});
