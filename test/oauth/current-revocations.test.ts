import { describe, expect, test } from 'vitest';
import { currentRevocations } from '../../functions/oauth/current-revocations.ts';
import { longestAccessTokenLifetime, retention } from '../../functions/oauth/key-times.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import type { Revocation } from '../../functions/oauth/revocation.ts';
import { isInvalid, placeOf } from '../../functions/oauth/status-list.ts';
import { api, client_id, issuer } from '../support/a-client.ts';
import { memoryRevocations } from '../support/memory/memory-revocations.ts';
import { noteAll } from '../support/note-all.ts';

const start = 1_700_000_000;
/** From when on everything is read: what was revoked before counts no more. */
const whole = start - retention - 60;

/** A view of a log in memory; both have the same clock. */
function viewed({ oldest = 5 } = {}) {
  const clock = { now: start };
  const log = memoryRevocations(() => clock.now);
  const view = currentRevocations({ log, now: () => clock.now, oldest });
  /** Revokes a token by its number. */
  const revoke = (number: number, special: Partial<Revocation> = {}) =>
    log.note({
      kind: 'token',
      id: `jti-${number}`,
      status: placeOf(number, issuer),
      client_id,
      iat: clock.now - 10,
      revoked_at: clock.now,
      expires_at: clock.now + 3600,
      ...special,
    });
  const isRevoked = async (number: number): Promise<boolean> => {
    const { statusLists } = (await view.current()).revoked;
    const { uri, idx } = placeOf(number, issuer);
    const list = statusLists.get(uri);
    return list !== undefined && isInvalid(list, idx);
  };
  return { clock, log, view, revoke, isRevoked, current: view.current };
}

const ofClient = (not_before: number, revoked_at: number): Revocation => ({
  kind: 'client',
  id: client_id,
  not_before,
  revoked_at,
  expires_at: not_before + 86_400,
});

describe('J05: what is revoked now', () => {
  test('has each kind as it is looked up', async () => {
    const { clock, log, revoke, current } = viewed();
    const times = { revoked_at: start, expires_at: start + 100 };
    await log.note(ofClient(start + 1, start));
    await log.note({ kind: 'resource', id: api, not_before: start, ...times });
    await log.note({ kind: 'key', id: 'a-kid', ...times });
    await log.note({ kind: 'token', id: 'without-a-place', ...times });
    await revoke(5);
    const { version } = (await current()).revoked;
    clock.now += 1;
    expect((await current()).revoked).toMatchObject({
      version,
      clients: new Map([[client_id, start + 1]]),
      resources: new Map([[api, start]]),
      keys: new Set(['a-kid']),
      tokens: new Set(['without-a-place']),
      clientsOfTokens: new Map([[client_id, start - 9]]),
      withoutClient: { tokens: new Set(['without-a-place']), statusLists: new Map() },
      newest: start,
    });
  });

  test('is read at most once a second, however many ask', async () => {
    const { clock, log, current } = viewed();
    await Promise.all([current(), current(), current()]);
    await current();
    expect(log.reads).toEqual([whole]);
    clock.now += 1;
    await Promise.all([current(), current(), current()]);
    await current();
    expect(log.reads).toHaveLength(2);
  });

  test('has what counts longest until the second in which it has expired', async () => {
    const { log, current } = viewed();
    const revoked_at = start - retention;
    await log.note({ kind: 'key', id: 'a-kid', revoked_at, expires_at: start + 1 });
    const until = start - longestAccessTokenLifetime;
    await log.note(ofClient(until + 301, until));
    expect((await current()).revoked).toMatchObject({
      clients: new Map([[client_id, until + 301]]),
      keys: new Set(['a-kid']),
    });
    expect(log.reads).toEqual([whole]);
  });

  test('is read from a minute before the last reading on', async () => {
    const { clock, log, current } = viewed();
    await current();
    clock.now = start + 7;
    await current();
    clock.now = start + 30;
    await current();
    expect(log.reads).toEqual([whole, start - 60, start - 53]);
  });

  test('has within a second what was revoked, also with a time up to a minute ago', async () => {
    const { clock, isRevoked, revoke } = viewed();
    await revoke(1);
    expect(await isRevoked(1)).toBe(true);
    await revoke(2);
    clock.now += 1;
    expect(await isRevoked(2)).toBe(true);
    await revoke(3, { revoked_at: clock.now - 60 });
    expect(await isRevoked(3)).toBe(false);
    clock.now += 1;
    expect(await isRevoked(3)).toBe(true);
    expect(await isRevoked(4)).toBe(false);
  });

  test('has another version when something has changed, and no other when nothing has', async () => {
    const { clock, log, revoke, current } = viewed();
    await revoke(1);
    await log.note(ofClient(start + 301, start));
    const { version } = (await current()).revoked;
    clock.now += 1;
    expect((await current()).revoked.version).toBe(version);
    await log.lift(ofClient(start + 2, start + 1));
    clock.now += 1;
    const lifted = (await current()).revoked;
    expect(lifted.clients.get(client_id)).toBe(start + 2);
    expect(lifted.version).not.toBe(version);
  });

  test('tells of each list whether it has changed, and when', async () => {
    const { clock, revoke, current } = viewed();
    await revoke(1);
    await revoke(2 ** 20);
    const uris = [0, 1].map((list) => `${issuer}/status-lists/${list}`);
    const states = async () => {
      const { listStates } = (await current()).revoked;
      return uris.map((uri) => listStates.get(uri));
    };
    const [first, second] = await states();
    clock.now += 2;
    await revoke(3);
    const [changed, same] = await states();
    expect(same).toEqual(second);
    expect(changed?.newest).toBe(start + 2);
    expect(changed?.version).not.toBe(first?.version);
  });

  test('forgets within ten minutes what has expired, and keeps nobody waiting for that', async () => {
    const { clock, log, isRevoked, revoke } = viewed();
    await revoke(1, { expires_at: start + 100 });
    await revoke(2);
    expect(await isRevoked(1)).toBe(true);
    clock.now = start + 599;
    expect(await isRevoked(1)).toBe(true);
    clock.now = start + 600;
    await isRevoked(1);
    expect(log.reads.slice(-2)).toEqual([whole + 600, start + 539]);
    expect([await isRevoked(1), await isRevoked(2)]).toEqual([false, true]);
  });

  test('keeps what was revoked while everything was read anew', async () => {
    const { clock, isRevoked, revoke } = viewed();
    await isRevoked(1);
    clock.now = start + 600;
    const asked = isRevoked(1);
    await revoke(1);
    await asked;
    clock.now += 1;
    expect(await isRevoked(1)).toBe(true);
  });

  test('reads everything anew a minute later where that has failed, and goes on meanwhile', async () => {
    const { clock, log, isRevoked, revoke } = viewed({ oldest: 5 });
    await revoke(1, { expires_at: start + 100 });
    await isRevoked(1);
    clock.now = start + 600;
    log.trouble = unavailable('throttled');
    await expect(isRevoked(1)).rejects.toMatchObject({ status: 503 });
    log.trouble = undefined;
    await revoke(2);
    for (clock.now = start + 601; clock.now < start + 660; clock.now += 1)
      expect([await isRevoked(1), await isRevoked(2)]).toEqual([true, true]);
    await isRevoked(1);
    expect([await isRevoked(1), await isRevoked(2)]).toEqual([false, true]);
  });
});

describe('J05: revocations that cannot be read', () => {
  test('serve as they were read last until they are too old', async () => {
    const { clock, log, isRevoked, revoke } = viewed({ oldest: 5 });
    await revoke(1);
    expect(await isRevoked(1)).toBe(true);
    log.trouble = unavailable('throttled');
    clock.now = start + 4;
    expect(await isRevoked(1)).toBe(true);
    clock.now = start + 5;
    await expect(isRevoked(1)).rejects.toMatchObject({ name: 'RetryLater', status: 503 });
    log.trouble = undefined;
    clock.now = start + 6;
    expect(await isRevoked(1)).toBe(true);
  });

  test('are 503 where they were never read', async () => {
    const { clock, log, isRevoked } = viewed();
    log.trouble = unavailable('throttled');
    await expect(isRevoked(1)).rejects.toMatchObject({ status: 503 });
    log.trouble = undefined;
    clock.now += 1;
    expect(await isRevoked(1)).toBe(false);
  });

  test('are asked for once a second, too', async () => {
    const { clock, log, current } = viewed();
    log.trouble = unavailable('throttled');
    const outcomes = await Promise.allSettled([current(), current()]);
    await expect(current()).rejects.toMatchObject({ status: 503 });
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(log.reads).toHaveLength(1);
    clock.now += 1;
    await expect(current()).rejects.toMatchObject({ status: 503 });
    expect(log.reads).toHaveLength(2);
  });

  test('are no fresher where the clock was put back', async () => {
    const { clock, log, current } = viewed();
    await current();
    clock.now = start - 100;
    await current();
    expect(log.reads).toEqual([whole, start - 160]);
    log.trouble = unavailable('throttled');
    clock.now = start - 200;
    await expect(current()).rejects.toMatchObject({ status: 503 });
  });
});

describe('J05: very many revocations', () => {
  test('ten thousand at once are all there within a second, and nobody else is', async () => {
    const { clock, log, isRevoked, current } = viewed();
    await current();
    const numbers = Array.from({ length: 10_000 }, (_, each) => each * 1000);
    const revocations = numbers.map(
      (number): Revocation => ({
        kind: 'token',
        id: `jti-${number}`,
        status: placeOf(number, issuer),
        client_id,
        iat: start - 10,
        revoked_at: start,
        expires_at: start + 3600,
      }),
    );
    await noteAll(log, revocations);
    clock.now += 1;
    for (const number of numbers) expect(await isRevoked(number)).toBe(true);
    for (const number of numbers) expect(await isRevoked(number + 1)).toBe(false);
    expect(log.reads).toHaveLength(2);
  });
});

describe('J05: a reading of everything', () => {
  /** A log of so many pages of one revocation each, a second apart, some of which cannot be read. */
  function paged(count: number) {
    const clock = { now: start };
    const read: number[] = [];
    const first = start - 50_000;
    const pageOf = (number: number): Revocation => {
      if (number === log.failing) throw unavailable('throttled');
      read.push(number);
      return {
        kind: 'key',
        id: `kid-${number}`,
        revoked_at: first + number,
        expires_at: start + 9,
      };
    };
    const log = {
      failing: undefined as number | undefined,
      async *since(revoked_at: number) {
        const from = Math.max(0, revoked_at - first);
        // Of a page on which all has expired nothing is left.
        yield [];
        for (let number = from; number < count; number += 1) yield [pageOf(number)];
      },
    };
    const { current } = currentRevocations({ log, now: () => clock.now, oldest: 1 });
    return { clock, read, log, current };
  }

  test('goes on where it has failed, and does not begin anew', async () => {
    const { clock, read, log, current } = paged(5);
    log.failing = 3;
    await expect(current()).rejects.toMatchObject({ status: 503 });
    log.failing = undefined;
    clock.now += 1;
    const { revoked, at } = await current();
    expect(read).toEqual([0, 1, 2, 2, 3, 4]);
    expect(revoked.keys.size).toBe(5);
    expect(at).toBe(start + 1);
  });

  test('ends with what was noted meanwhile', async () => {
    const { clock, log, view, revoke, isRevoked } = viewed();
    await revoke(1);
    const since = log.since;
    log.since = async function* (at) {
      yield* since(at);
      throw unavailable('throttled');
    };
    await expect(view.current()).rejects.toMatchObject({ status: 503 });
    await revoke(2, { revoked_at: start - 50 });
    log.since = since;
    clock.now += 1;
    expect(await isRevoked(1)).toBe(true);
    expect(await isRevoked(2)).toBe(true);
  });

  test.for([600, -1])('begins anew where it has failed %i seconds ago', async (seconds) => {
    const { clock, read, log, current } = paged(3);
    log.failing = 2;
    await expect(current()).rejects.toMatchObject({ status: 503 });
    log.failing = undefined;
    clock.now += seconds;
    await current();
    expect(read).toEqual([0, 1, 0, 1, 2]);
  });
});

describe('J05: a reading that was frozen on its way', () => {
  /** An hour ago somebody has asked, and Lambda has frozen the instance before it had the end of the answer. */
  async function frozen() {
    const known = viewed();
    const { clock, log, view } = known;
    const { since } = log;
    const thaw = Promise.withResolvers<void>();
    log.since = async function* (at) {
      yield* since(at);
      await thaw.promise;
    };
    const before = view.current();
    log.since = since;
    clock.now += 3600;
    return { ...known, thaw, before };
  }

  test('is followed by another', async () => {
    const { revoke, isRevoked, thaw, before } = await frozen();
    await revoke(1);
    const revoked = isRevoked(1);
    thaw.resolve();
    expect((await before).at).toBe(start);
    expect(await revoked).toBe(true);
  });

  test('is followed by another where it fails, since that was an hour ago', async () => {
    const { revoke, isRevoked, thaw, before } = await frozen();
    await revoke(1);
    const asked = Promise.all([isRevoked(1), isRevoked(2)]);
    thaw.reject(unavailable('the connection has gone'));
    await expect(before).rejects.toMatchObject({ status: 503 });
    expect(await asked).toEqual([true, false]);
  });

  test('is nothing to go by where the next one fails', async () => {
    const { log, isRevoked, thaw, before } = await frozen();
    const asked = isRevoked(1);
    log.trouble = unavailable('throttled');
    thaw.resolve();
    await before;
    await expect(asked).rejects.toMatchObject({ status: 503 });
  });
});
