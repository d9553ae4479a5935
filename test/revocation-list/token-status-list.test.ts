import { importJWK, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import { decodeStatusList, isInvalid, placeOf } from '../../functions/oauth/status-list.ts';
import { client_id, issuer, stoppedAt } from '../support/a-client.ts';
import { noteAll } from '../support/note-all.ts';
import { revocationPublishers } from '../support/revocation-publisher.ts';

/** Where a window of five minutes begins. */
const start = stoppedAt - (stoppedAt % 300);

const token = (number: number, revoked_at = start) => ({
  kind: 'token' as const,
  id: `jti-${number}`,
  status: placeOf(number, issuer),
  client_id,
  iat: start - 100,
  revoked_at,
  expires_at: start + 3600,
});

/** A publisher whose issuer has numbered so many tokens. */
async function numbered(tokens: number) {
  const all = await revocationPublishers({ clock: { now: start } });
  if (tokens > 0) await all.log.take(tokens);
  const list = async (path: string) => {
    const { body } = await all.get(path);
    const currentDate = new Date(all.clock.now * 1000);
    return await jwtVerify(body, await importJWK(all.first.jwk), { currentDate });
  };
  const invalid = async (path: string, numbers: readonly number[]) => {
    const { status_list } = (await list(path)).payload as never;
    const bits = decodeStatusList(status_list);
    return numbers.filter((idx) => isInvalid(bits, idx));
  };
  return { ...all, list, invalid };
}

describe('Token Status List §5.1, §8 status list token', () => {
  test('J05: is a JWT as the draft wants it, if no token is invalid', async () => {
    const { get, list, first, invalid } = await numbered(1024);
    const path = '/status-lists/0';
    const { payload, protectedHeader } = await list(path);
    expect(protectedHeader).toEqual({ typ: 'statuslist+jwt', alg: 'ES256', kid: first.kid });
    expect(payload).toEqual({
      iss: issuer,
      sub: `${issuer}${path}`,
      iat: start,
      exp: start + 900,
      ttl: 10,
      status_list: { bits: 1, lst: expect.stringMatching(/^[\w-]+$/) },
    });
    expect(await invalid(path, [0, 1, 1023, 2 ** 20 - 1])).toEqual([]);
    expect((await get(path)).headers).toMatchObject({
      'Content-Type': 'application/statuslist+jwt',
      'Cache-Control': 'public, max-age=1',
      'Access-Control-Allow-Origin': '*',
    });
  });

  test('J05: says within a second which tokens are invalid, of its own alone', async () => {
    const { log, clock, invalid } = await numbered(2 ** 20 + 1);
    expect(await invalid('/status-lists/1', [5])).toEqual([]);
    await log.note(token(2 ** 20 + 5));
    clock.now += 1;
    expect(await invalid('/status-lists/1', [4, 5, 6])).toEqual([5]);
    expect(await invalid('/status-lists/0', [4, 5, 6])).toEqual([]);
  });

  test('J05: is signed anew when it has changed, and not when another one has', async () => {
    const { get, list, log, clock, keys } = await numbered(2 ** 20 + 1);
    const [other, changed] = ['/status-lists/0', '/status-lists/1'];
    await get(other);
    await get(changed);
    await log.note(token(2 ** 20 + 5, start + 7));
    clock.now = start + 8;
    await get(other);
    expect(keys.signatures).toBe(2);
    expect((await list(changed)).payload.iat).toBe(start + 7);
    expect(keys.signatures).toBe(3);
    clock.now = start + 300;
    expect((await list(other)).payload.iat).toBe(start + 300);
    expect(keys.signatures).toBe(4);
  });

  test('J05: is there for each list in which a token may be, and for no other', async () => {
    const { get, log, keys } = await numbered(0);
    const status = async (list: string) => (await get(`/status-lists/${list}`)).statusCode;
    expect(await status('0')).toBe(404);
    await log.take(2 ** 20);
    const next = await numbered(2 ** 20);
    expect((await next.get('/status-lists/0')).statusCode).toBe(200);
    expect((await next.get('/status-lists/1')).statusCode).toBe(404);
    for (const none of ['', '00', '01', '-1', '1.0', '0x0', '9999999999', '99999999999', '0/', 'a'])
      expect((await next.get(`/status-lists/${none}`)).statusCode).toBe(404);
    expect([keys.signatures, next.keys.signatures]).toEqual([0, 1]);
  });

  test('J05: is there within a second of its first token', async () => {
    const { get, log, clock } = await numbered(2 ** 20);
    const status = async () => (await get('/status-lists/1')).statusCode;
    expect(await status()).toBe(404);
    await log.take(1024);
    expect(await status()).toBe(404);
    clock.now += 1;
    expect(await status()).toBe(200);
  });

  test('J05: how many there are is read at most once a second, and not for one that is known', async () => {
    let reads = 0;
    const log = {
      async taken() {
        reads += 1;
        if (reads === 3) throw unavailable('throttled');
        return 5;
      },
      async *since() {},
    };
    const clock = { now: start };
    const { get } = await revocationPublishers({ clock, log });
    const statuses = async (list: number, count: number) => {
      const asked = Array.from({ length: count }, () => get(`/status-lists/${list}`));
      return new Set((await Promise.all(asked)).map(({ statusCode }) => statusCode));
    };
    expect(await statuses(7, 5)).toEqual(new Set([404]));
    expect(await statuses(8, 5)).toEqual(new Set([404]));
    clock.now += 1;
    expect(await statuses(0, 5)).toEqual(new Set([200]));
    expect(reads).toBe(1);
    expect(await statuses(9, 5)).toEqual(new Set([404]));
    expect(reads).toBe(2);
    clock.now += 1;
    expect(await statuses(9, 1)).toEqual(new Set([503]));
    expect(await statuses(9, 1)).toEqual(new Set([404]));
  });

  test('J05: none is signed again for strangers who ask for one after the other', async () => {
    const { get, log, keys, clock } = await numbered(300 * 2 ** 20);
    const revoked = Array.from({ length: 3000 }, (_, each) => 7 * 2 ** 20 + each * 331);
    await noteAll(
      log,
      revoked.map((number) => token(number)),
    );
    clock.now += 1;
    const lists = Array.from({ length: 300 }, (_, list) => `/status-lists/${list}`);
    for (const list of [...lists, ...lists]) expect((await get(list)).statusCode).toBe(200);
    expect(keys.signatures).toBe(300);
  });

  test('J05: a list that has become long, and short again, is the newest one', async () => {
    const { get, log, keys, clock, list } = await numbered(1024);
    const path = '/status-lists/0';
    const lengths: number[] = [];
    const look = async () => lengths.push((await get(path)).body.length);
    await look();
    await noteAll(
      log,
      Array.from({ length: 3000 }, (_, each) => ({
        ...token(each * 331),
        expires_at: start + 60,
      })),
    );
    clock.now += 1;
    await look();
    clock.now = start + 600;
    await get(path);
    clock.now += 1;
    await look();
    const [before = 0, between = 0, after] = lengths;
    expect(between).toBeGreaterThan(8192);
    expect(after).toBe(before);
    const { iat } = (await list(path)).payload;
    expect(iat).toBe(start + 600);
    const { signatures } = keys;
    await look();
    expect(keys.signatures).toBe(signatures);
  });

  test('J05: of another time than now there is none (§8.4)', async () => {
    const { get, keys } = await numbered(1024);
    expect(await get('/status-lists/0', { query: 'time=1686925000' })).toMatchObject({
      statusCode: 501,
      headers: { 'Cache-Control': 'no-store' },
    });
    expect(keys.signatures).toBe(0);
    expect((await get('/status-lists/0', { query: 'other=1' })).statusCode).toBe(200);
    expect((await get('/revocation-list', { query: 'time=1' })).statusCode).toBe(200);
  });

  test('J05: its methods, and what a known one is answered with', async () => {
    const { get } = await numbered(1024);
    const path = '/status-lists/0';
    const { headers } = await get(path);
    expect((await get(path, { headers: { 'If-None-Match': headers.ETag ?? '' } })).statusCode).toBe(
      304,
    );
    expect(await get(path, { method: 'HEAD' })).toEqual({ statusCode: 200, headers, body: '' });
    expect((await get(path, { method: 'OPTIONS' })).statusCode).toBe(204);
    expect((await get(path, { method: 'DELETE' })).statusCode).toBe(405);
  });
});
