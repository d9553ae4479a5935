import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import type { Revocation } from '../../functions/oauth/revocation.ts';
import type { RevocationListClaims } from '../../functions/oauth/revocation-list.ts';
import { decodeStatusList, isInvalid, placeOf } from '../../functions/oauth/status-list.ts';
import { tokenRevocation } from '../../functions/oauth/token-revocation.ts';
import { api, client_id, issuer, stoppedAt } from '../support/a-client.ts';
import { noteAll } from '../support/note-all.ts';
import { revocationPublishers } from '../support/revocation-publisher.ts';

const path = '/revocation-list';
/** Where a window of thirty seconds begins. */
const start = stoppedAt - (stoppedAt % 30);

const token = (number: number, special: Partial<Revocation> = {}): Revocation => ({
  kind: 'token',
  id: `jti-${number}`,
  status: placeOf(number, issuer),
  client_id,
  iat: start - 100,
  revoked_at: start,
  expires_at: start + 3600,
  ...special,
});
const ofClient = (id: string, not_before: number, revoked_at = start): Revocation => ({
  kind: 'client',
  id,
  not_before,
  revoked_at,
  expires_at: not_before + 86_400,
});
const ofKey = (id: string): Revocation => ({
  kind: 'key',
  id,
  revoked_at: start,
  expires_at: start + 3600,
});

const publishers = () => revocationPublishers({ clock: { now: start } });
type Publishers = Awaited<ReturnType<typeof publishers>>;

/** The list as it is served, without its signature being looked at. */
async function listOf({ get }: Pick<Publishers, 'get'>): Promise<RevocationListClaims> {
  const { statusCode, body } = await get(path);
  expect(statusCode).toBe(200);
  return decodeJwt<RevocationListClaims>(body);
}

describe('J05: the revocation list', () => {
  test('is a JWT of the active key, of a type of its own, with every member, if nothing is revoked', async () => {
    const { get, first } = await publishers();
    const { statusCode, headers, body } = await get(path);
    expect(statusCode).toBe(200);
    expect(headers).toEqual({
      'Content-Type': 'application/revocation-list+jwt',
      'Cache-Control': 'public, max-age=1',
      'Access-Control-Allow-Origin': '*',
      ETag: expect.stringMatching(/^"[\w-]{43}"$/),
    });
    const { payload, protectedHeader } = await jwtVerify(body, await importJWK(first.jwk), {
      currentDate: new Date(start * 1000),
    });
    expect(protectedHeader).toEqual({ typ: 'revocation-list+jwt', alg: 'ES256', kid: first.kid });
    expect(payload).toEqual({
      iss: issuer,
      sub: `${issuer}/revocation-list`,
      iat: start,
      exp: start + 90,
      ttl: 5,
      clients: {},
      resources: {},
      keys: [],
      tokens: [],
      status_lists: {},
    });
  });

  test('says what was revoked, each kind of it', async () => {
    const { get, log } = await publishers();
    await noteAll(log, [
      ofClient(client_id, start + 301),
      { ...ofClient(api, start + 1), kind: 'resource' },
      ofKey('a-kid'),
      { ...token(0), id: 'without-a-place', status: undefined },
      token(5),
      token(2 ** 20 + 6),
    ]);
    const { status_lists, ...said } = await listOf({ get });
    expect(said).toMatchObject({
      clients: { [client_id]: start + 301 },
      resources: { [api]: start + 1 },
      keys: ['a-kid'],
      tokens: ['without-a-place'],
    });
    const uris = [0, 1].map((list) => `${issuer}/status-lists/${list}`);
    expect(Object.keys(status_lists)).toEqual(uris);
    for (const [at, idx] of [5, 6].entries()) {
      const list = status_lists[uris[at] ?? ''];
      if (!list) throw new Error('there is no such list');
      const bits = decodeStatusList(list);
      expect([idx - 1, idx, idx + 1].map((each) => isInvalid(bits, each))).toEqual([
        ...[false, true, false],
      ]);
    }
  });

  test('says of a client that is called like a member of all objects what it says of others', async () => {
    const { get, log } = await publishers();
    await log.note(ofClient('__proto__', start + 1));
    const { clients } = await listOf({ get });
    expect(Object.entries(clients)).toEqual([['__proto__', start + 1]]);
  });

  test('has within a second what was revoked', async () => {
    const { get, log, clock } = await publishers();
    expect((await listOf({ get })).clients).toEqual({});
    await log.note(ofClient(client_id, start + 1));
    clock.now += 1;
    expect((await listOf({ get })).clients).toEqual({ [client_id]: start + 1 });
    await log.lift(ofClient(client_id, start, start + 1));
    clock.now += 1;
    expect((await listOf({ get })).clients).toEqual({ [client_id]: start });
  });

  test('is signed once in thirty seconds, and when it says something new; it expires ninety later', async () => {
    const { get, log, clock, keys } = await publishers();
    const times = async () => {
      const { iat, exp } = await listOf({ get });
      return [iat - start, exp - start, keys.signatures];
    };
    expect(await times()).toEqual([0, 90, 1]);
    clock.now = start + 29;
    expect(await times()).toEqual([0, 90, 1]);
    clock.now = start + 30;
    expect(await times()).toEqual([30, 120, 2]);
    await log.note(token(5, { revoked_at: start + 37 }));
    clock.now = start + 38;
    expect(await times()).toEqual([37, 120, 3]);
    clock.now = start + 59;
    expect(await times()).toEqual([37, 120, 3]);
    clock.now = start + 60;
    expect(await times()).toEqual([60, 150, 4]);
  });

  test('is never from a time to come, whatever the table says', async () => {
    const { get, log } = await publishers();
    await log.note(token(5, { revoked_at: start + 5000, expires_at: start + 9000 }));
    expect((await listOf({ get })).iat).toBe(start);
  });

  test('is signed once for all that ask together', async () => {
    const { get, keys } = await publishers();
    const answers = await Promise.all(Array.from({ length: 50 }, () => get(path)));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(keys.signatures).toBe(1);
  });

  test('that takes long to be signed is not served after a newer one', async () => {
    const { get, log, clock, keys } = await publishers();
    const slow = Promise.withResolvers<void>();
    keys.wait = () => slow.promise;
    const earlier = get(path);
    await vi.waitUntil(() => keys.signatures === 1, { interval: 1 });
    keys.wait = async () => undefined;
    await log.note(ofClient(client_id, start + 1));
    clock.now += 1;
    expect((await listOf({ get })).clients).toHaveProperty(client_id);
    slow.resolve();
    expect(decodeJwt<RevocationListClaims>((await earlier).body).clients).toEqual({});
    expect((await listOf({ get })).clients).toHaveProperty(client_id);
    expect(keys.signatures).toBe(2);
  });

  test('is answered with 304 to who has it, until it says something new or has other times', async () => {
    const { get, log, clock } = await publishers();
    const etag = async () => (await get(path)).headers.ETag ?? '';
    const asked = async (known: string) =>
      (await get(path, { headers: { 'If-None-Match': known } })).statusCode;
    const first = await etag();
    expect(await get(path, { headers: { 'If-None-Match': first } })).toMatchObject({
      statusCode: 304,
      body: '',
      headers: { ETag: first },
    });
    clock.now = start + 30;
    expect(await asked(first)).toBe(200);
    const second = await etag();
    await log.note(ofClient(client_id, start + 1));
    clock.now = start + 31;
    expect(await asked(second)).toBe(200);
  });

  test('has the same tag by two instances that say the same, though each signs it itself', async () => {
    const { publisher, keys } = await publishers();
    const [one, other] = [await publisher()(path), await publisher()(path)];
    expect(other.headers.ETag).toBe(one.headers.ETag);
    expect(other.body).not.toBe(one.body);
    expect(keys.signatures).toBe(2);
  });

  test('is for any origin: a preflight, HEAD, and no other method', async () => {
    const { get } = await publishers();
    expect(await get(path, { method: 'OPTIONS' })).toMatchObject({
      statusCode: 204,
      headers: { 'Access-Control-Allow-Origin': '*' },
    });
    const { headers } = await get(path);
    expect(await get(path, { method: 'HEAD' })).toEqual({ statusCode: 200, headers, body: '' });
    expect(await get(path, { method: 'POST' })).toMatchObject({
      statusCode: 405,
      headers: { Allow: 'GET, HEAD, OPTIONS' },
    });
  });

  test.for(['/', '/revocation-list/', '/revocation-lists', '/__proto__', ''])(
    'is nowhere else: %o',
    async (other) => {
      const { get, keys } = await publishers();
      expect((await get(other)).statusCode).toBe(404);
      expect(keys.signatures).toBe(0);
    },
  );
});

/** How many tokens of the first list are invalid, of those with the least numbers. */
function saidBy({ status_lists }: RevocationListClaims): number {
  const [list] = Object.values(status_lists);
  if (list === undefined) return 0;
  const bits = decodeStatusList(list);
  return Array.from({ length: 100 }, (_, idx) => isInvalid(bits, idx)).filter(Boolean).length;
}

/** Lists of two instances, of which one reads a second before the other, by a clock that is ahead. */
async function polled(): Promise<readonly RevocationListClaims[]> {
  const { publisher, log, clock } = await publishers();
  const ahead = { now: start };
  const [get, getAhead] = [publisher(), publisher(() => ahead.now)];
  const lists: RevocationListClaims[] = [];
  for (let second = 0; second < 100; second += 1) {
    clock.now = start + second;
    ahead.now = clock.now + 1;
    if (second % 7 === 0) await log.note(token(second, { revoked_at: clock.now }));
    lists.push(await listOf({ get: second % 3 === 0 ? get : getAhead }));
  }
  return lists;
}

describe('J05: two instances', () => {
  test('never give a lesser iat for a token that expires within the window in which it is revoked', async () => {
    const { publisher, log, clock } = await publishers();
    const [early, late] = [publisher(), publisher()];
    clock.now = start + 10;
    const revocation = tokenRevocation({ jti: 'a-jti', exp: clock.now - 59 }, clock.now);
    expect(revocation).toBeDefined();
    if (revocation) await log.note(revocation);
    const { iat } = await listOf({ get: early });
    expect(iat).toBe(start + 10);
    for (clock.now += 1; clock.now < start + 30; clock.now += 1)
      expect((await listOf({ get: late })).iat).toBe(iat);
  });

  test('whose clocks and reads are apart never give an older list the greater iat', async () => {
    const lists = await polled();
    // A poller that ignores a list with a lesser iat than that of its last one never loses a revocation.
    let [iat, said] = [0, 0];
    for (const list of lists) {
      if (list.iat < iat) continue;
      expect(saidBy(list)).toBeGreaterThanOrEqual(said);
      [iat, said] = [list.iat, saidBy(list)];
    }
    expect(said).toBe(15);
  });
});

describe('J05: a revocation while the key rotates', () => {
  test.for<[string, (publishers: Publishers) => unknown]>([
    ['the ring', ({ revokeKey }) => revokeKey()],
    [
      'the table',
      async ({ revokeKey, ring, first, log }) => {
        const { now: before } = ring;
        revokeKey();
        ring.now = before;
        await log.note(ofKey(first.kid));
      },
    ],
  ])('the next key signs a list that names the revoked one, as %s says', async ([, revoke]) => {
    const all = await publishers();
    const { get, clock, first, second } = all;
    expect((await listOf({ get })).keys).toEqual([]);
    await revoke(all);
    await all.log.note(ofClient(client_id, start + 1));
    clock.now += 1;
    const { body } = await get(path);
    const { payload } = await jwtVerify<RevocationListClaims>(body, await importJWK(second.jwk), {
      currentDate: new Date(start * 1000),
    });
    expect(payload).toMatchObject({ keys: [first.kid], clients: { [client_id]: start + 1 } });
  });

  test('a key that was active a moment ago, and is named as revoked, signs no list', async () => {
    const all = await publishers();
    const { get, first, second, keys, log } = all;
    await log.note(ofKey(first.kid));
    let asked = 0;
    // The ring was read a moment too early: the first look at it finds the revoked key.
    Object.defineProperty(keys, 'active', {
      get: () => (asked++ === 0 ? first : second),
    });
    const { body } = await get(path);
    await expect(jwtVerify(body, await importJWK(second.jwk), verifiedAt)).resolves.toBeDefined();
  });

  test('nor where Lambda had frozen the instance while it read of what was so before', async () => {
    const all = await publishers();
    const { clock, log, ring, first, second, revokeKey } = all;
    const { since } = log;
    const thaw = Promise.withResolvers<void>();
    const ringOfBefore = ring.now;
    ring.load = async () => {
      await thaw.promise;
      return ringOfBefore;
    };
    log.since = async function* (at) {
      await thaw.promise;
      yield* since(at);
    };
    const before = all.get(path);
    clock.now += 3600;
    ring.load = async () => ring.now;
    log.since = since;
    revokeKey();
    await log.note(ofClient(client_id, clock.now, clock.now - 5));
    const asked = all.get(path);
    thaw.resolve();
    await before;
    const { body } = await asked;
    expect(decodeProtectedHeader(body).kid).toBe(second.kid);
    expect(decodeJwt<RevocationListClaims>(body)).toMatchObject({
      keys: [first.kid],
      clients: { [client_id]: clock.now },
    });
  });

  test('and no list is signed while no other key is there', async () => {
    const { get, first, keys, log, audited } = await publishers();
    await log.note(ofKey(first.kid));
    expect(await get(path)).toMatchObject({ statusCode: 503, headers: { 'Retry-After': '2' } });
    expect(keys.signatures).toBe(0);
    expect(audited).toMatchObject([{ outcome: 'failed', reason: 'the active key is revoked' }]);
  });

  test('nor where the next one is revoked, too', async () => {
    const { get, first, second, keys, log } = await publishers();
    await noteAll(log, [ofKey(first.kid), ofKey(second.kid)]);
    let asked = 0;
    Object.defineProperty(keys, 'active', { get: () => (asked++ === 0 ? first : second) });
    expect((await get(path)).statusCode).toBe(503);
  });

  test('a list that the revoked key has signed is not served again', async () => {
    const { get, keys, revokeKey, clock } = await publishers();
    await get(path);
    revokeKey();
    keys.trouble = unavailable('throttled');
    clock.now += 1;
    expect((await get(path)).statusCode).toBe(503);
  });

  test('the successor signs where the first key fails, as it was revoked in this moment', async () => {
    const { get, keys, first, second } = await publishers();
    keys.wait = async () => {
      const isFirst = keys.active === first;
      keys.active = second;
      if (isFirst) throw unavailable('the key is disabled');
    };
    const { body } = await get(path);
    await expect(jwtVerify(body, await importJWK(second.jwk), verifiedAt)).resolves.toBeDefined();
  });
});

const verifiedAt = { currentDate: new Date(start * 1000) };

describe('A24: services in trouble', () => {
  test('the table: 503, since authorizers go on with their last list themselves', async () => {
    const { get, log, clock, audited } = await publishers();
    await get(path);
    log.trouble = unavailable(new Error('ThrottlingException of the account'));
    expect((await get(path)).statusCode).toBe(200);
    clock.now += 1;
    const response = await get(path);
    expect(response).toMatchObject({
      statusCode: 503,
      headers: { 'Retry-After': '2', 'Cache-Control': 'no-store' },
    });
    expect(response.body).not.toContain('account');
    expect(audited).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('Throttling') },
    ]);
    log.trouble = undefined;
    clock.now += 1;
    expect((await get(path)).statusCode).toBe(200);
  });

  test('KMS: a list that says what there is to say serves for a minute from its iat on', async () => {
    const { get, keys, clock } = await publishers();
    const { body } = await get(path);
    keys.trouble = unavailable('throttled');
    clock.now = start + 59;
    expect(await get(path)).toMatchObject({ statusCode: 200, body });
    clock.now = start + 60;
    expect((await get(path)).statusCode).toBe(503);
    keys.trouble = undefined;
    clock.now = start + 61;
    expect((await get(path)).statusCode).toBe(200);
  });

  test('KMS: a list that lacks a revocation never serves', async () => {
    const { get, log, keys, clock } = await publishers();
    await get(path);
    keys.trouble = unavailable('throttled');
    await log.note(ofClient(client_id, start + 1));
    clock.now += 1;
    expect((await get(path)).statusCode).toBe(503);
  });

  test('KMS: it is asked once a second, however many ask', async () => {
    const { get, keys, clock } = await publishers();
    keys.trouble = unavailable('throttled');
    await Promise.all([get(path), get(path)]);
    expect((await get(path)).statusCode).toBe(503);
    expect(keys.signatures).toBe(1);
    clock.now += 1;
    expect((await get(path)).statusCode).toBe(503);
    expect(keys.signatures).toBe(2);
  });

  test('another failure is a 500 that says nothing', async () => {
    const { get, log } = await publishers();
    log.trouble = new Error('bug');
    const response = await get(path);
    expect(response.statusCode).toBe(500);
    expect(response.body).toBe('{"error":"server_error"}');
  });
});

describe('J05: a list that is too long', () => {
  /** A key that takes no more than KMS takes for Ed25519. */
  async function withShortKey() {
    const all = await publishers();
    all.keys.active = { ...all.first, longestInput: 4096 };
    return all;
  }
  const many = (count: number, special: Partial<Revocation> = {}) =>
    Array.from({ length: count }, (_, number) => token(number * 997, special));

  test('refuses all tokens of the clients up to those that were revoked, and says so', async () => {
    const { get, log, tooLong } = await withShortKey();
    await noteAll(log, [
      ofClient('first', start + 301),
      ofClient('second', start - 200),
      ...many(4000, { client_id: 'first', iat: start - 50 }),
      token(3_990_001, { client_id: 'second', iat: start - 30 }),
      token(3_990_002, { client_id: 'second', iat: start - 40 }),
      token(3_990_003, { client_id: 'third', iat: start - 20 }),
    ]);
    const { clients, status_lists, tokens } = await listOf({ get });
    expect(clients).toEqual({ first: start + 301, second: start - 29, third: start - 19 });
    expect([status_lists, tokens]).toEqual([{}, []]);
    expect(tooLong).toEqual([[path, true]]);
  });

  test('goes on to name the tokens whose client is not known', async () => {
    const { get, log } = await withShortKey();
    await noteAll(log, [
      ...many(4000),
      token(7, { client_id: undefined }),
      { ...token(8, { iat: undefined }), status: undefined },
    ]);
    const { clients, status_lists, tokens } = await listOf({ get });
    expect(clients).toEqual({ [client_id]: start - 99 });
    expect(tokens).toEqual(['jti-8']);
    const [list] = Object.values(status_lists);
    const bits = list && decodeStatusList(list);
    expect(bits && [6, 7, 8, 997].map((number) => isInvalid(bits, number))).toEqual([
      ...[false, true, false, false],
    ]);
  });

  test('is 503 where that is too long as well: no list is left in which something is missing', async () => {
    const { get, log, tooLong, keys } = await withShortKey();
    const clients = Array.from({ length: 100 }, (_, each) =>
      ofClient(`client-${each}`.padEnd(40, 'x'), start),
    );
    await noteAll(log, clients);
    expect((await get(path)).statusCode).toBe(503);
    expect(tooLong).toEqual([[path, false]]);
    expect(keys.signatures).toBe(0);
  });

  test('is one of more than 4 MB, whatever the key takes', async () => {
    const { get, log, tooLong } = await publishers();
    const long = Array.from(
      { length: 3200 },
      (_, number): Revocation => ({
        ...token(number, { id: `${number}-`.padEnd(1000, 'x'), client_id: 'first' }),
        status: undefined,
      }),
    );
    await noteAll(log, long);
    const { statusCode, body } = await get(path);
    expect(statusCode).toBe(200);
    expect(body.length).toBeLessThan(1000);
    expect(decodeJwt(body)).toMatchObject({ clients: { first: start - 99 }, tokens: [] });
    expect(tooLong).toEqual([[path, true]]);
  });
});
