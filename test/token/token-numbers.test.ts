import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { placeOf, type StatusPlace, statusListSize } from '../../functions/oauth/status-list.ts';
import type { NumberBlocks } from '../../functions/oauth/token-number.ts';
import { tokenNumbers } from '../../functions/token/token-numbers.ts';
import { basic } from '../support/http-api-event.ts';
import { memorySigningKeys } from '../support/memory/memory-signing-keys.ts';
import {
  client_id,
  client_secret,
  issuer,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

/** A store whose blocks come when the test says so, and instances that number tokens by it. */
function numbering({ from = 0 } = {}) {
  const clock = { now: stoppedAt };
  const asked: PromiseWithResolvers<number>[] = [];
  let next = from;
  const blocks: NumberBlocks = {
    take() {
      const block = Promise.withResolvers<number>();
      asked.push(block);
      return block.promise;
    },
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const give = async (): Promise<void> => {
    asked.at(-1)?.resolve(next);
    next += 1024;
    await settled();
  };
  const fail = async (): Promise<void> => {
    asked.at(-1)?.reject(new Error('throttled'));
    await settled();
  };
  const instance = () => tokenNumbers({ blocks, issuer, now: () => clock.now });
  return { clock, asked, give, fail, instance };
}

/** An instance with its first block. */
async function prepared(from = 0) {
  const store = numbering({ from });
  const numbers = store.instance();
  const ready = numbers.prepare();
  await store.give();
  await ready;
  const places = (count: number): readonly (StatusPlace | undefined)[] =>
    Array.from({ length: count }, () => numbers.newPlace());
  return { ...store, places, numbers };
}

describe('Token Status List §6.1 the status claim', () => {
  test('J05: an access token says where its status is', async () => {
    const { numbers } = await prepared(3 * statusListSize);
    const { post } = await tokenEndpoint({ newPlace: numbers.newPlace });
    const headers = { authorization: basic(client_id, client_secret) };
    const claims = async () => {
      const { statusCode, body } = await post('grant_type=client_credentials', { headers });
      expect(statusCode).toBe(200);
      return decodeJwt(body.access_token);
    };
    const uri = `${issuer}/status-lists/3`;
    expect((await claims()).status).toEqual({ status_list: { idx: 0, uri } });
    expect((await claims()).status).toEqual({ status_list: { idx: 1, uri } });
  });

  test('J05: a token for which there is no number is issued without', async () => {
    const { instance } = numbering();
    const { post } = await tokenEndpoint({ newPlace: instance().newPlace });
    const headers = { authorization: basic(client_id, client_secret) };
    const { statusCode, body } = await post('grant_type=client_credentials', { headers });
    expect(statusCode).toBe(200);
    expect(decodeJwt(body.access_token)).not.toHaveProperty('status');
  });

  test.for([
    [4096, true],
    [550, false],
  ] as const)(
    'J05: by a key that signs %i bytes at most it has one, if it does not get too long: %s',
    async ([longestInput, hasNumber]) => {
      const { numbers } = await prepared();
      const keys = await memorySigningKeys('Ed25519');
      const active = async () => ({ ...(await keys.active()), longestInput });
      const { post } = await tokenEndpoint({
        newPlace: numbers.newPlace,
        signingKeys: { ...keys, active },
      });
      const headers = { authorization: basic(client_id, client_secret) };
      const { body } = await post('grant_type=client_credentials', { headers });
      expect('status' in decodeJwt(body.access_token)).toBe(hasNumber);
      expect(body.access_token.lastIndexOf('.')).toBeLessThanOrEqual(longestInput);
    },
  );
});

describe('J05: the numbers of tokens', () => {
  test('are each used once, by however many instances', async () => {
    const store = numbering();
    const used: (StatusPlace | undefined)[] = [];
    for (const numbers of [store.instance(), store.instance()]) {
      const ready = numbers.prepare();
      await store.give();
      await ready;
      for (let count = 0; count < 2048; count += 1) {
        used.push(numbers.newPlace());
        if (count === 1000) await store.give();
      }
    }
    expect(used).toEqual(Array.from({ length: 4096 }, (_, number) => placeOf(number, issuer)));
  });

  test('come from the next block before the last one is used up, and nobody waits', async () => {
    const { asked, give, places } = await prepared();
    places(767);
    expect(asked).toHaveLength(1);
    places(2);
    expect(asked).toHaveLength(2);
    await give();
    expect(places(255)).not.toContain(undefined);
    expect(places(1)).toEqual([placeOf(1024, issuer)]);
    expect(asked).toHaveLength(2);
  });

  test('are none while the next block does not come, which is asked for once', async () => {
    const { asked, give, places } = await prepared();
    places(1024);
    expect(places(2)).toEqual([undefined, undefined]);
    expect(asked).toHaveLength(2);
    await give();
    expect(places(1)).toEqual([placeOf(1024, issuer)]);
  });

  test('are not asked for again within ten seconds of a failure', async () => {
    const { asked, clock, fail, give, places } = await prepared();
    places(800);
    await fail();
    clock.now += 9;
    expect(places(224)).not.toContain(undefined);
    expect(places(1)).toEqual([undefined]);
    expect(asked).toHaveLength(2);
    clock.now += 1;
    expect(places(1)).toEqual([undefined]);
    expect(asked).toHaveLength(3);
    await give();
    expect(places(1)).toEqual([placeOf(1024, issuer)]);
  });

  test('are asked for at once where the clock was put back after a failure', async () => {
    const { asked, clock, fail, places } = await prepared();
    places(800);
    await fail();
    clock.now -= 3600;
    places(1);
    expect(asked).toHaveLength(3);
  });

  test('fail no cold start', async () => {
    const { fail, instance } = numbering();
    const numbers = instance();
    const ready = numbers.prepare();
    await fail();
    await expect(ready).resolves.toBeUndefined();
    expect(numbers.newPlace()).toBeUndefined();
  });
});
