import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from 'vitest';
import type { Item } from '../../functions/aws/item.ts';
import { keyRingItem, parseKeyRing } from '../../functions/aws/key-ring-item.ts';
import { aRingKey } from '../support/a-ring-key.ts';

const stored = (item: Item): Item => unmarshall(marshall(item, { removeUndefinedValues: true }));
const wrapped = { custody: 'kms-wrapped', wrapped_private_key: 'd3JhcHBlZA==' } as const;

describe('the item of the key ring', () => {
  test('comes back as it was written', () => {
    const later = { activated_at: 1_700_000_000, retired_at: 1_700_000_001, removed_at: 1 };
    const keys = [aRingKey(), aRingKey({ kid: 'b', ...wrapped, ...later, deletes_at: 2 })];
    const plans = [{ id_hash: 'hash', alg: 'RS256', planned_at: 3 }];
    const ring = { keys, plans, revision: 7 };
    expect(parseKeyRing(stored(keyRingItem(ring)))).toEqual(ring);
  });

  test('a ring that was never stored is empty', () => {
    expect(parseKeyRing(undefined)).toEqual({ keys: [], revision: 0 });
  });

  test('a key of a release that knew less is in KMS, was not revoked, and has the default policy', () => {
    const { custody, revoked, token_role, ...old } = aRingKey();
    const ring = parseKeyRing(stored({ keys: [old], revision: 1 }));
    expect(ring.keys).toEqual([aRingKey({ token_role: undefined })]);
    expect(ring.plans).toBeUndefined();
  });

  test('what a later release added is ignored', () => {
    const keys = [{ ...aRingKey(), invented_later: true }];
    expect(parseKeyRing({ keys, revision: 1, later: 1 })).toEqual({
      keys: [aRingKey()],
      revision: 1,
    });
  });

  const { jwk } = aRingKey();

  test.for([
    ['kid', undefined],
    ['key_id', 7],
    ['custody', 'elsewhere'],
    ['wrapped_private_key', 7],
    ['state', 'signing'],
    ['published_at', 'now'],
    ['retired_at', null],
    ['revoked', 'yes'],
    ['token_role', 7],
    ['jwk', undefined],
    ['jwk', { ...jwk, use: 'enc' }],
    ['jwk', { ...jwk, kty: undefined }],
    ['jwk', { ...jwk, d: 'AQAB' }],
    ['jwk', { ...jwk, priv: 'AQAB' }],
  ] as const)('a ring that has a key with a malformed %s is no ring: %o', ([name, value]) => {
    const item = keyRingItem({ keys: [aRingKey()], revision: 1 });
    const keys = [aRingKey({ kid: 'good' }), { ...aRingKey(), [name]: value }];
    expect(() => parseKeyRing({ ...item, keys })).toThrow(
      new RegExp(`^registry item signing-keys: (missing|malformed) keys\\.1\\.${name}`),
    );
  });

  test.for(['id_hash', 'alg', 'planned_at'])(
    'a ring that has a plan without %s is no ring',
    (name) => {
      const plan = { id_hash: 'hash', alg: 'RS256', planned_at: 1, [name]: undefined };
      const item = { ...keyRingItem({ keys: [aRingKey()], revision: 1 }), plans: [plan] };
      expect(() => parseKeyRing(item)).toThrow(`missing plans.0.${name}`);
    },
  );

  test.for(['kid', 'alg'])('a key whose JWK has another %s is none', (name) => {
    const keys = [aRingKey({ jwk: { ...jwk, [name]: 'another' } })];
    expect(() => parseKeyRing({ keys, revision: 1 })).toThrow(/malformed keys\.0\.jwk$/);
  });

  test.for([{ keys: [] }, { revision: 1 }, { keys: {}, revision: 1 }, { keys: [], revision: '1' }])(
    'what lacks its keys or its revision is no ring: %o',
    (item) => {
      expect(() => parseKeyRing(item)).toThrow(/(missing|malformed) (keys|revision)$/);
    },
  );
});
