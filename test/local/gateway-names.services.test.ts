import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
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
const secure = opened(await takeTlsPort(0, 'TLS_PORT'));
const files = await ensureTlsFiles(directory, new Date());
secure.secure(files, () => undefined);
const [ca, cert, key] = await Promise.all(
  [files.authority, files.demoClient, files.demoClientKey].map((path) => readFile(path)),
);

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
  'the port for clients with a certificate': {
    port: portOf(secure),
    send: (request) =>
      exchange(connect({ host: '127.0.0.1', port: portOf(secure), ca, cert, key }), request),
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

test('the plain port answers to the name of a proxy before it, the other one does not', async () => {
  const request = { headers: { host: 'Auth.example.com' } };
  expect(await ways['the plain port']?.send(request)).toMatchObject({ body: 'reached' });
  expect(await ways['the port for clients with a certificate']?.send(request)).toMatchObject({
    status: 403,
  });
});
