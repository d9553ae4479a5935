import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { withLoopbackCors } from '../../local/gateway/loopback-cors.ts';

/** The demo API of the local stack, as the pages of this computer see it. */

let reached = 0;
const server = createServer(
  withLoopbackCors((_, response) => {
    reached += 1;
    response.writeHead(401).end();
  }),
);
await once(server.listen(0, '127.0.0.1'), 'listening');
afterAll(() => server.close());
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** The answer's status and its headers of the CORS protocol. */
async function ask(method: string, headers: Readonly<Record<string, string>>) {
  const response = await fetch(url, { method, headers });
  const cors = [...response.headers].filter(([name]) => /^(access-|vary)/.test(name));
  return [response.status, Object.fromEntries(cors)];
}

const origin = 'http://localhost:8080';
const preflight = { 'access-control-request-method': 'GET' };

test('a page of this computer may ask beforehand, which reaches no function', async () => {
  expect(await ask('OPTIONS', { origin, ...preflight })).toEqual([
    204,
    {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'Authorization, Content-Type, DPoP',
      vary: 'Origin',
    },
  ]);
  expect(reached).toBe(0);
});

test('it may read what the API answers, refusals too', async () => {
  expect(await ask('GET', { origin })).toEqual([
    401,
    {
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'DPoP-Nonce, WWW-Authenticate',
      vary: 'Origin',
    },
  ]);
});

test.for([['https://evil.example'], ['http://localhost.evil.example'], ['null']])(
  'a page of elsewhere may do neither: %s',
  async ([other = '']) => {
    const before = reached;
    expect(await ask('OPTIONS', { origin: other, ...preflight })).toEqual([
      401,
      { vary: 'Origin' },
    ]);
    expect(await ask('GET', { origin: other })).toEqual([401, { vary: 'Origin' }]);
    expect(reached).toBe(before + 2);
  },
);
