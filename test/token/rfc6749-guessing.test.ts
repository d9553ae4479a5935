import { describe, expect, test } from 'vitest';
import {
  client_secret,
  postingClient,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const endpoint = await tokenEndpoint();

const attempt = (id: string, secret: string, sourceIp: string) =>
  endpoint.post(`grant_type=client_credentials&client_id=${id}&client_secret=${secret}`, {
    sourceIp,
  });

async function fail(times: number, id: (index: number) => string, sourceIp: string) {
  for (let index = 0; index < times; index += 1) await attempt(id(index), 'wrong', sourceIp);
}

describe('RFC 6749 §2.3.1 brute-force protection', () => {
  test.for([
    ['a client_id', postingClient],
    ['an unknown client_id', 'nobody'],
  ] as const)(
    'A11: %s is locked out for the rest of the minute after 60 failures from one source',
    async ([, id]) => {
      const source = `203.0.113.${id.length}`;
      endpoint.clock.now = stoppedAt;
      await fail(60, () => id, source);
      expect(await attempt(id, client_secret, source)).toMatchObject({
        statusCode: 429,
        headers: { 'Retry-After': '40', 'Cache-Control': 'no-store' },
        body: { error: 'temporarily_unavailable' },
      });
      endpoint.clock.now = stoppedAt + 40;
      expect((await attempt(id, client_secret, source)).statusCode).not.toBe(429);
    },
  );

  test('A11: a stranger cannot lock a client out that asks from elsewhere', async () => {
    endpoint.clock.now = stoppedAt + 600;
    await fail(60, () => postingClient, '198.51.100.1');
    expect(await attempt(postingClient, client_secret, '198.51.100.1')).toMatchObject({
      statusCode: 429,
    });
    expect(await attempt(postingClient, client_secret, '198.51.100.2')).toMatchObject({
      statusCode: 200,
    });
  });

  test('A11: a source that tries many client_ids is locked out as a whole', async () => {
    endpoint.clock.now = stoppedAt + 1200;
    await fail(600, (index) => `guess-${index}`, '198.51.100.3');
    expect(await attempt(postingClient, client_secret, '198.51.100.3')).toMatchObject({
      statusCode: 429,
    });
  });

  test('A11: an instance learns of a lockout with the first failure that it sees', async () => {
    endpoint.clock.now = stoppedAt + 1800;
    const source = '198.51.100.4';
    await fail(60, () => postingClient, source);
    const other = endpoint.another();
    const form = (secret: string) =>
      `grant_type=client_credentials&client_id=${postingClient}&client_secret=${secret}`;
    const statuses = [];
    for (const secret of ['wrong', client_secret]) {
      statuses.push((await other(form(secret), { sourceIp: source })).statusCode);
    }
    expect(statuses).toEqual([401, 429]);
  });
});
