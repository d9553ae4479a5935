import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  dynamodbRevocationLog,
  dynamodbRevocationStore,
} from '../../functions/aws/dynamodb-revocations.ts';
import { dynamodbNumberCount } from '../../functions/aws/dynamodb-token-numbers.ts';
import { kmsSigningKeys } from '../../functions/aws/kms-signing-keys.ts';
import { unwrappedKeys } from '../../functions/aws/unwrapped-keys.ts';
import { cachedKeyRing } from '../../functions/oauth/cached-key-ring.ts';
import { currentRevocations } from '../../functions/oauth/current-revocations.ts';
import { publishedKeys } from '../../functions/oauth/key-ring.ts';
import { publisherFreshness } from '../../functions/oauth/key-times.ts';
import type { Revocation } from '../../functions/oauth/revocation.ts';
import type { RevocationListClaims } from '../../functions/oauth/revocation-list.ts';
import { decodeStatusList, isInvalid, placeOf } from '../../functions/oauth/status-list.ts';
import { createHandler } from '../../functions/revocation-list/handler.ts';
import { knownLists } from '../../functions/revocation-list/known-lists.ts';
import { encodedLists } from '../../functions/revocation-list/list-content.ts';
import { signedLists } from '../../functions/revocation-list/signed-lists.ts';
import { client_id, issuer } from '../support/a-client.ts';
import { httpApiEvent } from '../support/http-api-event.ts';
import { keyRotation, roles } from '../support/key-rotation.ts';
import { noteAll } from '../support/note-all.ts';
import { startServices } from '../support/services.ts';
import { troubledService } from '../support/troubled-service.ts';

const clock = { now: 1_700_000_010 };
const now = () => clock.now;
const services = await startServices(now);
const { troubles, via } = troubledService();
const { dynamodb, kms } = await services.via(via);

/** A publisher on the real adapters, whose key signs by an algorithm. */
async function publishing(alg: 'ES256' | 'Ed25519', name: string = alg) {
  const [registry, table] = [`registry-${name}`, `revocations-${name}`];
  await Promise.all([services.createTable(registry), services.createRevocations(table)]);
  const settings = {
    alg,
    rotationInterval: 86_400,
    mixedFamilies: false,
    wrappingKey: undefined,
    tokenRole: roles.token,
  };
  const rotation = keyRotation(services, now, { settings }, { registry });
  await rotation.done({ command: 'tend' });
  const keyRing = cachedKeyRing(rotation.keyRing, { now, freshness: publisherFreshness });
  const tooLong: unknown[] = [];
  const handler = createHandler({
    issuer,
    revocations: currentRevocations({
      log: dynamodbRevocationLog(dynamodb, table, now),
      now,
      oldest: 1,
    }),
    keyRing,
    encoded: encodedLists(),
    signList: signedLists({
      signingKeys: kmsSigningKeys({ kms, unwrapped: unwrappedKeys(kms, registry) }, keyRing),
      now,
      tooLong: (...what) => tooLong.push(what),
    }),
    knownLists: knownLists(dynamodbNumberCount(dynamodb, table), now),
    audit: () => undefined,
  });
  const get = () => handler(httpApiEvent({ method: 'GET', path: '/revocation-list' }));
  const verified = async () => {
    const { body } = await get();
    const keys = publishedKeys(await rotation.keyRing.load()).map(({ jwk }) => jwk);
    const { payload } = await jwtVerify<RevocationListClaims>(
      body,
      createLocalJWKSet({ keys: [...keys] }),
      { currentDate: new Date(clock.now * 1000) },
    );
    return payload;
  };
  const store = dynamodbRevocationStore(services.dynamodb, table);
  return { get, verified, store, tooLong };
}

/** One of each thousand of ten million. */
const numberOf = (each: number): number => each * 1000 + ((each * each) % 999);

const tokens = Array.from(
  { length: 10_000 },
  (_, each): Revocation => ({
    kind: 'token',
    id: `jti-${each}`,
    status: placeOf(numberOf(each), issuer),
    client_id,
    iat: clock.now - 10,
    // The emulator's index loses one of two items with the same time and the same 24 bits of a hash.
    revoked_at: clock.now - (each % 10),
    expires_at: clock.now + 3600,
  }),
);

describe('J05: a revocation list on DynamoDB and KMS', () => {
  test('has ten thousand tokens that were revoked at once, all of them and no others', async () => {
    const { verified, store, get } = await publishing('ES256');
    expect((await verified()).status_lists).toEqual({});
    await noteAll(store, tokens);
    clock.now += 1;
    const { status_lists } = await verified();
    const lists = new Map(
      Object.entries(status_lists).map(([uri, list]) => [uri, decodeStatusList(list)]),
    );
    const isRevoked = (number: number): boolean => {
      const { uri, idx } = placeOf(number, issuer);
      const list = lists.get(uri);
      return list !== undefined && isInvalid(list, idx);
    };
    expect(tokens.filter((_, each) => !isRevoked(numberOf(each)))).toEqual([]);
    expect(tokens.filter((_, each) => isRevoked(numberOf(each) + 1))).toEqual([]);
    expect((await get()).body.length).toBeLessThan(45_000);
  });

  test('is shorter by an Ed25519 key in KMS, which signs 4,096 bytes, and refuses more', async () => {
    const { verified, store, tooLong } = await publishing('Ed25519');
    await noteAll(store, tokens.slice(0, 1000));
    const { status_lists, clients } = await verified();
    expect(status_lists).toEqual({});
    expect(clients).toEqual({ [client_id]: (tokens[0]?.iat ?? 0) + 1 });
    expect(tooLong).toEqual([['/revocation-list', true]]);
  });

  test.for(['Query', 'Sign'])(
    'A24: is 503 where %s is throttled, and is there afterwards',
    async (operation) => {
      const { get } = await publishing('ES256', operation);
      troubles.set(operation, throttling);
      onTestFinished(() => void troubles.delete(operation));
      clock.now += 100;
      expect(await get()).toMatchObject({ statusCode: 503, headers: { 'Retry-After': '2' } });
      troubles.delete(operation);
      clock.now += 1;
      const { statusCode, body } = await get();
      expect(statusCode).toBe(200);
      expect(decodeJwt(body).iss).toBe(issuer);
    },
  );
});

const throttling = {
  status: 400,
  body: JSON.stringify({ __type: 'ThrottlingException', message: 'throttled' }),
};
