import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { compactVerify, importJWK, type JWK } from 'jose';
import { describe, expect, test } from 'vitest';
import { dynamodbCounter } from '../../functions/aws/dynamodb-counter.ts';
import { dynamodbKeyRingStore } from '../../functions/aws/dynamodb-key-ring-store.ts';
import { dynamodbNonceKeys } from '../../functions/aws/dynamodb-nonce-keys.ts';
import { dynamodbClients } from '../../functions/aws/dynamodb-registry.ts';
import { dynamodbReplayGuard } from '../../functions/aws/dynamodb-replay-guard.ts';
import type { Item } from '../../functions/aws/item.ts';
import { kmsSigningKeys } from '../../functions/aws/kms-signing-keys.ts';
import { clientItem, parseClient, registryKey } from '../../functions/aws/registry-items.ts';
import { unwrappedKeys } from '../../functions/aws/unwrapped-keys.ts';
import { cachedKeyRing } from '../../functions/oauth/cached-key-ring.ts';
import { signJwt } from '../../functions/oauth/jws.ts';
import { activeKey } from '../../functions/oauth/key-ring.ts';
import { aClient } from '../support/a-client.ts';
import { aRingKey } from '../support/a-ring-key.ts';
import { keyRotation, roles } from '../support/key-rotation.ts';
import { memoryCounter } from '../support/memory/memory-counter.ts';
import { memoryKeyRing } from '../support/memory/memory-key-ring.ts';
import { memoryNonceKeys } from '../support/memory/memory-nonce-keys.ts';
import { memoryRecords } from '../support/memory/memory-records.ts';
import { memoryReplayGuard } from '../support/memory/memory-replay-guard.ts';
import { memorySigningKeys } from '../support/memory/memory-signing-keys.ts';
import { startServices, tables } from '../support/services.ts';

const start = 1_700_000_000;
const services = await startServices(() => start);
const { dynamodb, kms } = services;

describe.for([
  ['in memory', memoryReplayGuard],
  ['in DynamoDB', (now: () => number) => dynamodbReplayGuard(dynamodb, tables.ephemera, now)],
] as const)('a replay guard %s', ([, make]) => {
  test('lets each identifier through once', async () => {
    const guard = make(() => start);
    expect(await guard.firstUse('once', start + 60)).toBeTypeOf('function');
    expect(await guard.firstUse('once', start + 60)).toBeUndefined();
    expect(await guard.firstUse('another', start + 60)).toBeTypeOf('function');
  });

  test('lets one of several through that come at once', async () => {
    const guard = make(() => start);
    const uses = await Promise.all([1, 2, 3, 4].map(() => guard.firstUse('at once', start + 60)));
    expect(uses.filter(Boolean)).toHaveLength(1);
  });

  test('forgets an identifier a minute after its expiry, and remembers it from then on', async () => {
    const clock = { now: start };
    const guard = make(() => clock.now);
    expect(await guard.firstUse('expires', start + 10)).toBeTypeOf('function');
    clock.now = start + 69;
    expect(await guard.firstUse('expires', start + 200)).toBeUndefined();
    clock.now = start + 70;
    expect(await guard.firstUse('expires', start + 200)).toBeTypeOf('function');
    clock.now = start + 259;
    expect(await guard.firstUse('expires', start + 400)).toBeUndefined();
  });

  test('lets an identifier that was given back through once more', async () => {
    const guard = make(() => start);
    const giveBack = await guard.firstUse('given back', start + 60);
    await giveBack?.();
    const again = [1, 2, 3].map(() => guard.firstUse('given back', start + 60));
    expect((await Promise.all(again)).filter(Boolean)).toHaveLength(1);
  });

  test('gives back nothing of somebody else’s, whether the own use has expired or was given back', async () => {
    const clock = { now: start };
    const guard = make(() => clock.now);
    const expired = await guard.firstUse('of another', start + 10);
    clock.now = start + 70;
    const twice = await guard.firstUse('of another', start + 200);
    await expired?.();
    expect(await guard.firstUse('of another', start + 200)).toBeUndefined();
    await twice?.();
    expect(await guard.firstUse('of another', start + 200)).toBeTypeOf('function');
    await twice?.();
    expect(await guard.firstUse('of another', start + 200)).toBeUndefined();
  });
});

describe.for([
  ['in memory', memoryCounter],
  ['in DynamoDB', () => dynamodbCounter(dynamodb, tables.ephemera)],
] as const)('a counter %s', ([, make]) => {
  test('counts each key by itself', async () => {
    const counter = make();
    expect(await counter.increment('a', start)).toBe(1);
    expect(await counter.increment('a', start)).toBe(2);
    expect(await counter.increment('b', start)).toBe(1);
    expect(await counter.increment('a', start)).toBe(3);
  });

  test('counts all that come at once', async () => {
    const counter = make();
    const sums = await Promise.all([1, 2, 3, 4].map(() => counter.increment('at once', start)));
    expect(new Set(sums)).toEqual(new Set([1, 2, 3, 4]));
  });
});

describe.for([
  ['in memory', memoryNonceKeys],
  ['in DynamoDB', () => dynamodbNonceKeys(dynamodb, tables.ephemera)],
] as const)('the keys of nonces %s', ([, make]) => {
  test('are 256 bits, the same throughout a period, and another in the next', async () => {
    const keys = make();
    const key = await keys.ofPeriod(1);
    expect(key).toHaveLength(32);
    expect(await keys.ofPeriod(1)).toEqual(key);
    expect(await keys.ofPeriod(2)).not.toEqual(key);
    expect(await keys.ofPeriod(1)).toEqual(key);
  });

  test('are the same for all that ask at once', async () => {
    const keys = make();
    const made = await Promise.all([1, 2, 3, 4].map(() => keys.ofPeriod(10)));
    expect(new Set(made.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  });
});

/** Clients in the registry table, and what writes one there. */
function clientsInDynamodb() {
  const put = async (id: string, item: Item): Promise<void> => {
    const Item = marshall({ ...item, ...registryKey.client(id) }, { removeUndefinedValues: true });
    await dynamodb.send(new PutItemCommand({ TableName: tables.registry, Item }));
  };
  return { read: dynamodbClients(dynamodb, tables.registry), put };
}

describe.for([
  ['in memory', () => memoryRecords(parseClient)],
  ['in DynamoDB', clientsInDynamodb],
] as const)('clients %s', ([, make]) => {
  test.for(['eventual', 'strong'] as const)(
    'are read with %s consistency, once there is one',
    async (consistency) => {
      const { read, put } = make();
      const client = aClient({ client_id: `read-${consistency}` });
      expect(await read(client.client_id, consistency)).toBeUndefined();
      await put(client.client_id, clientItem(client));
      expect(await read(client.client_id, consistency)).toEqual(client);
    },
  );
});

const rotation = { identity: 'rotation', tool: 'key-rotation' };

describe.for([
  ['in memory', () => memoryKeyRing()],
  ['in DynamoDB', () => dynamodbKeyRingStore(dynamodb, tables.registry, rotation)],
] as const)('a key ring %s', ([, make]) => {
  test('is empty, then what was stored last; a change of an older one is not stored', async () => {
    const store = make();
    const [a, b] = [aRingKey({ kid: 'a' }), aRingKey({ kid: 'b', state: 'pending' })];
    expect(await store.load()).toEqual({ keys: [], revision: 0 });
    expect(await store.store({ keys: [b], revision: 2 })).toBe(false);
    expect(await store.store({ keys: [a], revision: 1 })).toBe(true);
    expect(await store.store({ keys: [b], revision: 1 })).toBe(false);
    expect(await store.load()).toEqual({ keys: [a], revision: 1 });
    expect(await store.store({ keys: [a, b], revision: 2 })).toBe(true);
    expect(await store.store({ keys: [b], revision: 2 })).toBe(false);
    expect(await store.store({ keys: [b], revision: 4 })).toBe(false);
    expect(await store.load()).toEqual({ keys: [a, b], revision: 2 });
  });

  test('takes one of several changes that come at once', async () => {
    const store = make();
    const { revision } = await store.load();
    const changes = ['c', 'd', 'e'].map((kid) =>
      store.store({ keys: [aRingKey({ kid })], revision: revision + 1 }),
    );
    expect((await Promise.all(changes)).filter(Boolean)).toHaveLength(1);
  });
});

/** Keys of a ring with one key in KMS, and its public half. */
async function keysInKms(alg: 'RS256' | 'ES256' | 'Ed25519') {
  const registry = `ring-${alg}`;
  await services.createTable(registry);
  const settings = {
    alg,
    rotationInterval: 86_400,
    mixedFamilies: false,
    wrappingKey: undefined,
    tokenRole: roles.token,
  };
  const rotation = keyRotation(services, () => start, { settings }, { registry });
  await rotation.done({ command: 'tend' });
  const ring = cachedKeyRing(rotation.keyRing, { now: () => start, freshness: 60 });
  const keys = kmsSigningKeys({ kms, unwrapped: unwrappedKeys(kms, registry) }, ring);
  return { ...keys, publicJwk: activeKey(await rotation.keyRing.load()).jwk };
}

describe.for([
  ['in memory', memorySigningKeys],
  ['in KMS', keysInKms],
] as const)('signing keys %s', ([, make]) => {
  test.for(['RS256', 'ES256', 'Ed25519'] as const)(
    'sign with %s what their public key verifies, and have no successor',
    async (alg) => {
      const keys = await make(alg);
      const key = await keys.active();
      const jwt = await signJwt('at+jwt', { sub: 'a' }, key);
      const jwk: JWK = keys.publicJwk;
      const { payload, protectedHeader } = await compactVerify(jwt, await importJWK(jwk));
      expect(JSON.parse(Buffer.from(payload).toString())).toEqual({ sub: 'a' });
      expect(protectedHeader).toEqual({ typ: 'at+jwt', alg, kid: jwk.kid });
      expect(await keys.successorOf(key)).toBeUndefined();
    },
  );
});

test('each write of the key ring names who made it, anew', async () => {
  const table = 'stamped-ring';
  await services.createTable(table);
  const store = dynamodbKeyRingStore(dynamodb, table, rotation);
  const stamps: unknown[] = [];
  for (const revision of [1, 2]) {
    await store.store({ keys: [aRingKey({ kid: 'a' })], revision });
    const Key = marshall({ pk: 'signing-keys' });
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: table, Key }));
    stamps.push(Item && unmarshall(Item).changed_by);
  }
  const stamp = { ...rotation, change: expect.any(String) };
  expect(stamps).toEqual([stamp, stamp]);
  expect(stamps[0]).not.toEqual(stamps[1]);
});
