import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { type AddressInfo, connect as connectPlain, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, Server as TlsServer } from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { startLocalStack } from '../../local/stack.ts';
import { exchange, type RawAnswer, type RawRequest, sendRaw } from '../support/raw-request.ts';

/** Whatever a local stack listens with, known here or not, refuses what it has to. */

const directory = await mkdtemp(join(tmpdir(), 'countersign-'));
afterAll(() => rm(directory, { recursive: true }));

type Name = 'foreign' | 'keyless' | 'page' | 'preflight';
type Answers = Readonly<Record<Name, RawAnswer>>;

const origin = 'http://evil.example';
const requests = (port: number): Readonly<Record<Name, RawRequest>> => ({
  foreign: { headers: { host: `evil.example:${port}` } },
  keyless: { method: 'POST', headers: { host: `127.0.0.1:${port}` }, body: '{}' },
  page: { method: 'POST', headers: { host: `127.0.0.1:${port}`, origin }, body: '{}' },
  preflight: {
    method: 'OPTIONS',
    headers: { host: `127.0.0.1:${port}`, origin, 'access-control-request-method': 'POST' },
  },
});

async function answersOf(
  port: number,
  send: (request: RawRequest) => Promise<RawAnswer>,
): Promise<Answers> {
  const asked = Object.entries(requests(port)).map(async ([name, request]) => [
    name,
    await send(request),
  ]);
  return Object.fromEntries(await Promise.all(asked));
}

/** Asks each server as soon as it listens, since some do not live long; those for TLS are asked later. */
const plain = new Map<number, Promise<Answers>>();
const secure: number[] = [];
const second: number[] = [];
const listening = (message: unknown): void => {
  const { server } = message as { readonly server: Server };
  const { port, family } = server.address() as AddressInfo;
  // The second address of a server that listens at 127.0.0.1 as well.
  if (family === 'IPv6') return void second.push(port);
  if (server instanceof TlsServer) secure.push(port);
  else {
    plain.set(
      port,
      answersOf(port, (request) => sendRaw(port, request)),
    );
  }
};
const channel = 'tracing:net.server.listen:asyncEnd';
subscribe(channel, listening);
afterAll(() => unsubscribe(channel, listening));

const socketsBefore = await listeningSockets();
const ports = { port: 0, apiPort: 0, tlsPort: 0, apiTlsPort: 0, mtlsPort: 0, apiMtlsPort: 0 };
const stack = await startLocalStack({ directory, ...ports });
afterAll(stack.stop);

const portsOf = (...urls: readonly string[]) => urls.map((url) => Number(new URL(url).port));
const gateways = portsOf(stack.url, stack.api);
const helpers = [...plain.keys()].filter((port) => !gateways.includes(port));

const refused = { status: 403 };
const allowing = ({ headers }: RawAnswer) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control'));

test('each helper refuses a foreign Host, a page, a preflight and whoever has no key', async () => {
  const { dynamodbEndpoint, kmsEndpoint, lambdaEndpoint } = stack;
  expect(helpers).toEqual(
    expect.arrayContaining(portsOf(dynamodbEndpoint, kmsEndpoint, lambdaEndpoint)),
  );
  // The fourth took the answer of a custom resource, and has gone.
  expect(helpers.length).toBeGreaterThanOrEqual(4);
  for (const port of helpers) {
    const answers = await plain.get(port);
    expect(answers).toMatchObject({
      foreign: refused,
      keyless: refused,
      page: refused,
      preflight: refused,
    });
    expect(Object.values({ ...answers }).flatMap(allowing)).toEqual([]);
  }
});

test('each gateway refuses a foreign Host, and leaves pages to its API', async () => {
  const { tls, mtlsTokenEndpoint, mtlsApi } = stack;
  const read = [tls.authority, tls.demoClient, tls.demoClientKey].map((path) => readFile(path));
  const [ca, cert, key] = await Promise.all(read);
  const overTls = secure.map((port) =>
    answersOf(port, (request) =>
      exchange(connect({ port, host: '127.0.0.1', ca, cert, key }), request),
    ),
  );
  expect(secure.toSorted()).toEqual(
    portsOf(stack.tlsUrl, stack.tlsApi, mtlsTokenEndpoint, mtlsApi).toSorted(),
  );
  for (const answers of await Promise.all([
    ...gateways.map((port) => plain.get(port)),
    ...overTls,
  ])) {
    const forbidden = { ...refused, body: '{"message":"Forbidden"}' };
    expect(answers?.foreign).toMatchObject(forbidden);
    expect(answers?.page?.body).not.toBe(forbidden.body);
    expect(Object.values({ ...answers }).flatMap(allowing)).toEqual([]);
  }
});

test('the gateways alone listen at [::1], and refuse a foreign Host there', async (context) => {
  if (second.length === 0) return context.skip('this computer has no [::1]');
  expect(second.toSorted()).toEqual([...gateways, ...secure].toSorted());
  for (const port of gateways) {
    const asked = { headers: { host: `evil.example:${port}` } };
    const answer = await exchange(connectPlain({ port, host: '::1' }), asked);
    expect(answer).toMatchObject(refused);
  }
});

test.runIf(process.platform === 'linux')('no thread listens with anything else', async () => {
  const running = (await listeningSockets()).filter((port) => !socketsBefore.includes(port));
  const services = portsOf(stack.dynamodbEndpoint, stack.kmsEndpoint, stack.lambdaEndpoint);
  expect(running.toSorted()).toEqual([...services, ...gateways, ...secure, ...second].toSorted());
});

/** The ports that this process, with all of its threads, listens at; none but on Linux. */
async function listeningSockets(): Promise<readonly number[]> {
  const folder = '/proc/self/fd';
  const names = await readdir(folder).catch(() => []);
  const links = names.map((name) => readlink(join(folder, name)).catch(() => ''));
  const own = new Set(await Promise.all(links));
  const tables = ['/proc/self/net/tcp', '/proc/self/net/tcp6'];
  const texts = await Promise.all(tables.map((path) => readFile(path, 'utf8').catch(() => '')));
  return texts
    .join('\n')
    .split('\n')
    .flatMap((line) => {
      const [, address = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      const isOurs = state === '0A' && own.has(`socket:[${inode}]`);
      return isOurs ? [Number.parseInt(address.split(':')[1] ?? '', 16)] : [];
    });
}
