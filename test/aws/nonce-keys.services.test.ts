import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dynamodbNonceKeys } from '../../functions/aws/dynamodb-nonce-keys.ts';
import { statelessNonces } from '../../functions/oauth/dpop-nonce.ts';
import { RetryLater, UseDpopNonce } from '../../functions/oauth/oauth-error.ts';
import { startServices, tables } from '../support/services.ts';

const services = await startServices();
const { dynamodb } = services;
const keys = () => dynamodbNonceKeys(dynamodb, tables.ephemera);
const day = 86_400;
const stored = async (period: number) => {
  const Key = marshall({ pk: `nonce-key#${period}` });
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: tables.ephemera, Key }));
  return Item && unmarshall(Item);
};

describe('the keys of nonces', () => {
  test('D13: all instances that begin a day at once have one key, of 256 bits', async () => {
    const made = await Promise.all([1, 2, 3, 4, 5].map(() => keys().ofPeriod(100)));
    expect(new Set(made.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
    expect(made[0]).toHaveLength(32);
  });

  test('D13: each day has another one, which expires an hour after it', async () => {
    const instance = keys();
    const [one, other] = [await instance.ofPeriod(200), await instance.ofPeriod(201)];
    expect(one).not.toEqual(other);
    expect(await stored(200)).toMatchObject({ expires_at: 201 * day + 3600 });
    expect(await instance.ofPeriod(203)).not.toEqual(one);
    // It caches the keys of two days and no more, and reads the others again.
    expect(await instance.ofPeriod(200)).toEqual(one);
  });

  test('D13: what is no key of ours is not used, and nothing is issued', async () => {
    const Item = marshall({ pk: 'nonce-key#300', nonce_key: 'short' });
    await dynamodb.send(new PutItemCommand({ TableName: tables.ephemera, Item }));
    await expect(keys().ofPeriod(300)).rejects.toBeInstanceOf(RetryLater);
  });

  test('D13: while the table is not there nothing is issued; the next request tries again', async () => {
    const instance = dynamodbNonceKeys(dynamodb, 'later');
    await expect(instance.ofPeriod(1)).rejects.toMatchObject({ status: 503 });
    await services.createTable('later');
    expect(await instance.ofPeriod(1)).toHaveLength(32);
  });
});

describe('nonces', () => {
  const clock = { now: 400 * day - 1 };
  const nonces = () => statelessNonces({ keys: keys(), now: () => clock.now });

  test('D06: one that was issued before midnight is good after it', async () => {
    const nonce = await nonces().issue();
    clock.now += 60;
    await expect(nonces().check(nonce)).resolves.toBeUndefined();
    clock.now += 239;
    await expect(nonces().check(nonce)).resolves.toBeUndefined();
    clock.now += 1;
    await expect(nonces().check(nonce)).rejects.toBeInstanceOf(UseDpopNonce);
  });

  test('D06: no text is good that was not issued', async () => {
    const instance = nonces();
    const issued = Buffer.from(String(await instance.issue()), 'base64url');
    const altered = fc.tuple(fc.nat(21), fc.integer({ min: 1, max: 255 })).map(([at, by]) => {
      const bytes = Buffer.from(issued);
      bytes.writeUInt8(bytes.readUInt8(at) ^ by, at);
      return bytes.toString('base64url');
    });
    const invented = fc
      .uint8Array({ minLength: 22, maxLength: 22 })
      .map((bytes) => Buffer.from(bytes).toString('base64url'));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), invented, altered), async (nonce) => {
        await expect(instance.check(nonce)).rejects.toBeInstanceOf(UseDpopNonce);
      }),
    );
  });

  test('D06: no other key of a deployment is looked for than those of now', async () => {
    const asked: number[] = [];
    const watched = {
      ofPeriod: (period: number) => {
        asked.push(period);
        return keys().ofPeriod(period);
      },
    };
    const instance = statelessNonces({ keys: watched, now: () => 500 * day });
    const ancient = Buffer.alloc(22);
    await expect(instance.check(ancient.toString('base64url'))).rejects.toBeInstanceOf(
      UseDpopNonce,
    );
    expect(asked).toEqual([500]);
  });
});
