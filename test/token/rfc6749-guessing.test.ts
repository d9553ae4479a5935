import { describe, expect, test } from 'vitest';
import { failedAttempts } from '../../functions/authentication/failed-attempts.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import { memoryCounter } from '../support/memory/memory-counter.ts';
import {
  client_secret,
  postingClient,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const counter = memoryCounter();
const { writes } = counter;
const now = () => endpoint.clock.now;
const endpoint = await tokenEndpoint({ failedAttempts: failedAttempts(counter, () => now()) });

const form = (id: string, secret: string) =>
  `grant_type=client_credentials&client_id=${id}&client_secret=${secret}`;
const attempt = (id: string, secret: string, sourceIp: string) =>
  endpoint.post(form(id, secret), { sourceIp });

async function fail(times: number, id: (index: number) => string, sourceIp: string) {
  for (let index = 0; index < times; index += 1) await attempt(id(index), 'wrong', sourceIp);
}

/** Minutes of a test's own. */
let minute = 0;
const newMinute = () => {
  minute += 1;
  endpoint.clock.now = stoppedAt + 60 * minute;
};

const refused = { statusCode: 400, body: { error: 'invalid_client' } };
const lockedOut = {
  statusCode: 429,
  headers: { 'Retry-After': '40', 'Cache-Control': 'no-store' },
  body: { error: 'temporarily_unavailable' },
};

describe('RFC 6749 §2.3.1 brute-force protection', () => {
  test.for([
    ['a client_id', postingClient],
    ['an unknown client_id', 'nobody'],
  ] as const)(
    'A11: wrong secrets for %s are answered 429 for the rest of the minute after 60 from one source',
    async ([, id]) => {
      const source = `203.0.113.${id.length}`;
      newMinute();
      await fail(59, () => id, source);
      expect(await attempt(id, 'wrong', source)).toMatchObject(refused);
      expect(await attempt(id, 'wrong', source)).toMatchObject(lockedOut);
      endpoint.clock.now += 39;
      expect(await attempt(id, 'wrong', source)).toMatchObject({ headers: { 'Retry-After': '1' } });
      endpoint.clock.now += 1;
      expect(await attempt(id, 'wrong', source)).toMatchObject(refused);
    },
  );

  test('A11: a clock that is put back by an hour ends a limit: it does not hold for an hour more', async () => {
    newMinute();
    const source = '203.0.113.71';
    await fail(60, () => 'nobody', source);
    expect(await attempt('nobody', 'wrong', source)).toMatchObject(lockedOut);
    endpoint.clock.now -= 3600;
    expect(await attempt('nobody', 'wrong', source)).toMatchObject(refused);
  });

  test('A11: a lockout is answered in the same octets, whether there is such a client', async () => {
    newMinute();
    const source = '203.0.113.70';
    await fail(60, () => postingClient, source);
    await fail(60, () => 'nobody', source);
    const known = await attempt(postingClient, 'wrong', source);
    expect(known).toMatchObject(lockedOut);
    expect(await attempt('nobody', 'wrong', source)).toEqual(known);
  });

  test('A11: the right secret is let through all the time, and ends no lockout', async () => {
    newMinute();
    const source = '198.51.100.1';
    await fail(60, () => postingClient, source);
    for (let times = 0; times < 3; times += 1) {
      expect(await attempt(postingClient, client_secret, source)).toMatchObject({
        statusCode: 200,
      });
      expect(await attempt(postingClient, 'wrong', source)).toMatchObject(lockedOut);
    }
  });

  test('A11: a source that tries many client_ids is locked out as a whole, but for what is right', async () => {
    newMinute();
    const source = '198.51.100.3';
    await fail(599, (index) => `guess-${index}`, source);
    expect(await attempt('guess', 'wrong', source)).toMatchObject(refused);
    expect(await attempt('another guess', 'wrong', source)).toMatchObject(lockedOut);
    expect(await attempt(postingClient, 'wrong', source)).toMatchObject(lockedOut);
    expect(await attempt(postingClient, client_secret, source)).toMatchObject({ statusCode: 200 });
    expect(await attempt(postingClient, 'wrong', '198.51.100.2')).toMatchObject(refused);
  });

  test('A11: a failure during a lockout writes nothing', async () => {
    newMinute();
    const source = '198.51.100.5';
    await fail(60, () => postingClient, source);
    writes.splice(0);
    await fail(10, () => postingClient, source);
    expect(writes).toEqual([]);
    await fail(1, () => 'another', source);
    expect(writes).toHaveLength(2);
  });

  test('A11: the log says what was wrong during a lockout, too', async () => {
    newMinute();
    await fail(61, () => postingClient, '198.51.100.6');
    expect(endpoint.audited.at(-1)).toMatchObject({
      outcome: 'refused',
      client_id: postingClient,
      reason: 'too many failures: wrong secret',
    });
  });

  test('A11: an instance learns of a lockout with the first failure that it sees', async () => {
    newMinute();
    const source = '198.51.100.4';
    await fail(60, () => postingClient, source);
    const other = endpoint.another({ failedAttempts: failedAttempts(counter, () => now()) });
    const statuses = [];
    for (const secret of ['wrong', 'wrong', client_secret]) {
      statuses.push((await other(form(postingClient, secret), { sourceIp: source })).statusCode);
    }
    expect(statuses).toEqual([400, 429, 200]);
  });

  test('A11: a store of counts that is down refuses what is wrong, and nothing else', async () => {
    const down = { increment: () => Promise.reject(unavailable('table gone')) };
    const post = endpoint.another({ failedAttempts: failedAttempts(down, () => now()) });
    expect(await post(form(postingClient, 'wrong'))).toMatchObject({ statusCode: 503 });
    expect(await post(form('nobody', 'wrong'))).toMatchObject({ statusCode: 503 });
    expect(await post(form(postingClient, client_secret))).toMatchObject({ statusCode: 200 });
  });
});

describe('RFC 6749 §2.3.1 whom failures are counted for', () => {
  test.for([
    ['addresses of one IPv6 network', '2001:db8:0:1::1', '2001:DB8::1:ffff:0:0:9', true],
    [
      'the same, however it is written',
      '2001:0db8:0000:0001:0:0:0:1',
      '2001:db8:0:1:a:b:c:d',
      true,
    ],
    ['two that end in an IPv4 address', '2001:db8:0:7::192.0.2.1', '2001:db8:0:7::1', true],
    ['one without its first groups', '::1', '::2', true],
    ['one without its last groups', '2001:db8:9:9::', '2001:db8:9:9::1', true],
    ['an IPv4 address that is written as IPv6', '::ffff:203.0.113.99', '203.0.113.99', true],
    ['two IPv6 networks', '2001:db8:0:2::1', '2001:db8:0:3::1', false],
    ['two IPv4 addresses that are written so', '::ffff:192.0.2.7', '::FFFF:192.0.2.8', false],
    ['two IPv4 addresses', '192.0.2.70', '192.0.2.71', false],
    ['two requests without an address', '', '', true],
    ['a request without an address, and one with', '', '192.0.2.72', false],
  ] as const)('A11: %s', async ([, failing, asking, isSame]) => {
    newMinute();
    await fail(60, () => postingClient, failing);
    expect(await attempt(postingClient, 'wrong', asking)).toMatchObject(
      isSame ? lockedOut : refused,
    );
    expect(await attempt(postingClient, client_secret, asking)).toMatchObject({ statusCode: 200 });
  });
});
