import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { selfSigned } from '../support/self-signed.ts';
import { allCases } from './all-cases.ts';
import type { Registration } from './registration.ts';
import { type CaseResult, runSuite } from './suite.ts';
import type { ClientName, ThrowAwayClient } from './throw-away.ts';

/** Deployments that are in trouble: each case says so, and the others still run. */

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterAll(() => {
  for (const server of servers) server.close();
  for (const socket of sockets) socket.destroy();
});

async function listening(server: Server, scheme = 'http'): Promise<string> {
  servers.push(server.on('connection', (socket) => sockets.add(socket)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `${scheme}://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

const html: RequestListener = (_, response) =>
  response.setHeader('content-type', 'text/html').end('<!doctype html><title>Welcome</title>');

const redirect: RequestListener = (_, response) =>
  response.writeHead(302, { location: 'https://elsewhere.example/' }).end();

const hang: RequestListener = () => undefined;

const json =
  (status: number, value: unknown): RequestListener =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

/** What can go wrong with a whole deployment, and a server that is so. */
const troubles: Readonly<Record<string, () => Promise<string>>> = {
  'is not there': async () => {
    const server = createServer();
    const url = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    return url;
  },
  'hangs up': () => listening(createServer((request) => request.socket.destroy())),
  hangs: () => listening(createServer(hang)),
  'hangs in the middle of an answer': () =>
    listening(createServer((_, response) => void response.write('{'))),
  'does not speak HTTP': () =>
    listening(
      createSocketServer((socket) => void socket.on('error', () => {}).end('220 ready\r\n')),
    ),
  'has a certificate that nobody trusts': () =>
    listening(createSecureServer(selfSigned, json(200, {})), 'https'),
  'answers without a body': () => listening(createServer((_, response) => response.end())),
  'answers HTML': () => listening(createServer(html)),
  'answers with a redirect': () => listening(createServer(redirect)),
};

/** What can go wrong while the metadata are right, so that the cases get further. */
const troublesBehindMetadata: Readonly<Record<string, RequestListener>> = {
  hangs: hang,
  'answers HTML': html,
  'answers with a redirect': redirect,
  'answers a list': json(200, []),
  'is broken': json(500, { message: 'Internal Server Error' }),
};

/** Gives everybody something that is no token, and keys that are none. */
const nonsense = json(200, { access_token: 'a.b.c', expires_in: {}, scope: [], keys: [null, 1] });

const names = new Set(allCases.flatMap(({ uses = [] }) => uses));
const client = (name: string) => ({ client_id: `it-is-${name}`, client_secret: `secret-${name}` });
const registration: Registration = {
  clients: new Map([...names].map((name): [ClientName, ThrowAwayClient] => [name, client(name)])),
  resources: new Map([
    ['orders', 'https://orders.example'],
    ['ledger', 'urn:ledger'],
  ]),
  trouble: new Map(),
  remove: async () => [],
};

async function run(url: string, registered: boolean): Promise<readonly CaseResult[]> {
  const now = () => Math.floor(Date.now() / 1000);
  const registry = registered ? { registration, api: url } : {};
  return await runSuite(allCases, { issuer: url, limit: 200, now, ...registry });
}

/** Right metadata, and this trouble wherever they point to. */
const behindMetadata = (trouble: RequestListener): Promise<string> =>
  listening(
    createServer((request, response) => {
      const isMetadata = /^\/\.well-known\/o(auth-auth|penid)/.test(String(request.url));
      if (!isMetadata) return trouble(request, response);
      const issuer = `http://${request.headers.host}`;
      const endpoints = { token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks.json` };
      return json(200, { issuer, ...endpoints })(request, response);
    }),
  );

const passes = (results: readonly CaseResult[]): readonly string[] =>
  results.filter(({ verdict }) => verdict === 'pass').map(({ rule, title }) => `${rule}: ${title}`);

/** Those that do not say why in a sentence. */
const senseless = (results: readonly CaseResult[]): readonly CaseResult[] =>
  results.filter(
    ({ verdict, reason = '' }) =>
      verdict !== 'pass' && (!/^\S.*[^.]$/s.test(reason) || reason.includes('makes no sense')),
  );

const registrations = [
  ['with clients', true],
  ['without clients', false],
] as const;

describe.for(Object.entries(troubles))('on a deployment that %s', ([, start]) => {
  test.for(registrations)('no case passes, and each says why, %s', async ([, registered]) => {
    const results = await run(await start(), registered);
    expect(results).toHaveLength(allCases.length);
    expect(passes(results)).toEqual([]);
    expect(senseless(results)).toEqual([]);
  });
});

describe.for(Object.entries(troublesBehindMetadata))('on one that %s', ([, trouble]) => {
  test.for(registrations)(
    'behind its metadata no case but theirs passes, and each says why, %s',
    async ([, registered]) => {
      const results = await run(await behindMetadata(trouble), registered);
      expect(results).toHaveLength(allCases.length);
      expect(passes(results).filter((name) => !/^(H|L04|M04)/.test(name))).toEqual([]);
      expect(senseless(results)).toEqual([]);
    },
  );
});

test('on one that answers nonsense, each case that does not pass says why', async () => {
  const results = await run(await behindMetadata(nonsense), true);
  expect(results).toHaveLength(allCases.length);
  expect(senseless(results)).toEqual([]);
});
