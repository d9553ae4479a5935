import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { connect as connectByHttp2 } from 'node:http2';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, describe, expect, test } from 'vitest';
import { type FrontDoor, takePort } from '../../local/io/front-door.ts';
import { takeTlsPort } from '../../local/tls/tls-door.ts';
import { ensureTlsFiles } from '../../local/tls/tls-files.ts';
import { exchange, type RawAnswer, type RawRequest, sendRaw } from '../support/raw-request.ts';
import { foreignNames, ownNames } from './names.ts';

/** The gateways answer for their own names, as API Gateway does for its domains. */

const started = new AsyncDisposableStack();
const directory = mkdtempSync(join(tmpdir(), 'countersign-'));
started.defer(() => rm(directory, { recursive: true }));
afterAll(() => started.disposeAsync());
let reached = 0;

function opened<Door extends FrontDoor>(door: Door): Door {
  started.use(door);
  door.open((_, response) => {
    reached += 1;
    response.end('reached');
  });
  return door;
}

const plain = opened(await takePort(0, 'PORT', ['auth.example.com']));
const tlsDoor = async (mutual: boolean, names: readonly string[]) =>
  opened(await takeTlsPort({ port: 0, variable: 'TLS_PORT', mutual, names }));
const secure = await tlsDoor(false, ['auth.example.com']);
const mutual = await tlsDoor(true, []);
const files = await ensureTlsFiles(directory, new Date());
for (const door of [secure, mutual]) door.secure(files, () => undefined);
const [ca, cert, key] = await Promise.all(
  [files.authority, files.demoClient, files.demoClientKey].map((path) => readFile(path)),
);

const connectTo = (door: FrontDoor, host: string) =>
  connect({ host, port: portOf(door), ca, cert, key });
const portOf = ({ url }: FrontDoor): number => Number(new URL(url).port);

interface Way {
  readonly port: number;
  send(request: RawRequest): Promise<RawAnswer>;
}

const ways: Readonly<Record<string, Way>> = {
  'the plain port': {
    port: portOf(plain),
    send: (request) => sendRaw(portOf(plain), request),
  },
  'the plain port at [::1]': {
    port: portOf(plain),
    send: (request) => exchange(connectPlain(portOf(plain), '::1'), request),
  },
  'the port for HTTPS': {
    port: portOf(secure),
    send: (request) => exchange(connectTo(secure, '127.0.0.1'), request),
  },
  'the port for clients with a certificate': {
    port: portOf(mutual),
    send: (request) => exchange(connectTo(mutual, '127.0.0.1'), request),
  },
  'the port for clients with a certificate at [::1]': {
    port: portOf(mutual),
    send: (request) => exchange(connectTo(mutual, '::1'), request),
  },
};

describe.for(Object.entries(ways))('%s', ([, { port, send }]) => {
  const hostOf = (name: string) => name.replace('PORT', String(port));

  /** API Gateway's answer for a domain that it does not have, which reaches no function. */
  async function refused(request: RawRequest): Promise<void> {
    const before = reached;
    const { status, headers, body } = await send(request);
    expect([status, body]).toEqual([403, '{"message":"Forbidden"}']);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-amzn-errortype': 'ForbiddenException',
    });
    expect(reached).toBe(before);
  }

  test.for(ownNames)('answers to %s', async (name) => {
    expect(await send({ headers: { host: hostOf(name) } })).toMatchObject({ body: 'reached' });
  });

  test.for(foreignNames)('refuses Host %s', async (name) => {
    await refused({ headers: { host: hostOf(name) } });
  });

  test('a target in absolute form counts, too (RFC 9112 §3.2.2)', async () => {
    const headers = { host: `127.0.0.1:${port}` };
    for (const authority of ['evil.example', `evil.example:${port}`, `127.0.0.1:${port}@evil`]) {
      await refused({ target: `http://${authority}/token`, headers });
    }
    const own = { target: `http://127.0.0.1:${port}/token`, headers };
    expect(await send(own)).toMatchObject({ body: 'reached' });
    await refused({ ...own, headers: { host: 'evil.example' } });
  });

  test('refuses two of Host, and none', async () => {
    await refused({ headers: { host: [`127.0.0.1:${port}`, 'evil.example'] } });
    await refused({ version: '1.0' });
    // RFC 9112 §3.2 asks for this status.
    expect(await send({})).toMatchObject({ status: 400 });
  });

  test('leaves to the API what a page may do, as API Gateway does', async () => {
    const origin = 'http://evil.example';
    const headers = { host: `127.0.0.1:${port}`, origin, 'sec-fetch-site': 'cross-site' };
    const answer = await send({ headers });
    expect(answer).toMatchObject({ body: 'reached' });
    const added = Object.keys(answer.headers).filter((name) => name.startsWith('access-control'));
    expect(added).toEqual([]);
  });
});

test("the issuer's ports answer to its name, the one for clients with a certificate does not", async () => {
  const request = { headers: { host: 'Auth.example.com' } };
  expect(await ways['the plain port']?.send(request)).toMatchObject({ body: 'reached' });
  expect(await ways['the port for HTTPS']?.send(request)).toMatchObject({ body: 'reached' });
  expect(await ways['the port for clients with a certificate']?.send(request)).toMatchObject({
    status: 403,
  });
});

describe('by HTTP/2', () => {
  const port = portOf(secure);

  async function ask(headers: Readonly<Record<string, string>>): Promise<unknown> {
    await using ended = new AsyncDisposableStack();
    const session = connectByHttp2(secure.url, { ca: String(ca) });
    ended.defer(() => session.close());
    const stream = session.request({ ':path': '/', ...headers });
    const [answer] = await once(stream, 'response');
    stream.resume();
    return answer[':status'];
  }

  const hostOf = (name: string) => name.replace('PORT', String(port));

  test.for(ownNames)('answers to :authority %s', async (name) => {
    expect(await ask({ ':authority': hostOf(name) })).toBe(200);
    expect(await ask({ ':authority': hostOf(name), host: hostOf(name) })).toBe(200);
  });

  // The others make no request of HTTP/2.
  test.for(foreignNames.filter((name) => !/[@ ]/.test(name)))(
    'refuses :authority %s',
    async (name) => {
      expect(await ask({ ':authority': hostOf(name) })).toBe(403);
    },
  );

  test('refuses another Host beside it', async () => {
    const authority = { ':authority': `127.0.0.1:${port}` };
    expect(await ask({ ...authority, host: 'evil.example' })).toBe(403);
    expect(await ask({ ':authority': 'evil.example', host: `127.0.0.1:${port}` })).toBe(403);
  });
});
