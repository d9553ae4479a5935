import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectByHttp2 } from 'node:http2';
import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { json } from 'node:stream/consumers';
import { type ConnectionOptions, connect, getCiphers, type SecureVersion } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { takeTlsPort } from '../../local/tls/tls-door.ts';
import { ensureTlsFiles } from '../../local/tls/tls-files.ts';
import { certificate, type Issued } from '../support/certificates.ts';
import { echo, returning, startTestApi, type TestApiOptions, testApiListener } from './test-api.ts';
import { authorityOf } from './throw-away-authority.ts';

const headers = {
  'x-amzn-mtls-clientcert': 'CN=admin',
  'x-client-cert': 'CN=admin',
  'x-forwarded-client-cert': 'CN=admin',
  dpop: 'a.b.c',
};

interface Mutual {
  /** Whether it wants a certificate of the client. */
  readonly mutual?: boolean;
}

/** A door with an API behind it that answers with the event. */
async function startDoor({ mutual = true, ...special }: Partial<TestApiOptions> & Mutual = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const files = await ensureTlsFiles(directory, new Date());
  const door = await takeTlsPort({ port: 0, variable: 'TLS_PORT', mutual });
  onTestFinished(door[Symbol.asyncDispose]);
  const log: string[] = [];
  door.secure(files, (line) => log.push(line));
  const { listener } = await testApiListener({ routes: { 'GET /': echo }, ...special });
  door.open(listener);
  const ca = await readFile(files.authority, 'utf8');
  /** Gets the event, on a connection of its own. */
  const get = async (shown?: Issued, maxVersion: SecureVersion = 'TLSv1.3') => {
    const asking = request(door.url, { ca, ...shown, maxVersion, agent: false, headers });
    const [response] = await once(asking.end(), 'response');
    return await json(response);
  };
  return { door, files, log, get, authority: await authorityOf(files) };
}

type Door = Awaited<ReturnType<typeof startDoor>>;

/** How an event says that nobody showed a certificate, or who did. */
const clientCert = (event: unknown) =>
  (event as { requestContext: { authentication?: { clientCert?: unknown } } }).requestContext
    .authentication?.clientCert;

const refused = /ECONNRESET|socket hang up|disconnected|alert|SSL/;

describe('the event of a client with a certificate', () => {
  test('C05, D14: an authorizer is shown it, too, and the proof', async () => {
    const authorizer = returning(`{ isAuthorized: true, context: {
      pem: event.requestContext.authentication.clientCert.clientCertPem,
      proof: event.headers.dpop,
    } }`);
    const { get, authority } = await startDoor({ authorizer, identitySources: [] });
    const shown = await certificate({ issuer: authority });
    const lambda = { pem: shown.cert, proof: 'a.b.c' };
    expect(await get(shown)).toMatchObject({ requestContext: { authorizer: { lambda } } });
  });

  test('C08: describes it as API Gateway does, whatever headers say', async () => {
    const { door, get, authority } = await startDoor();
    const shown = await certificate({ issuer: authority });
    const event = await get(shown);
    const format = expect.stringMatching(/^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} GMT$/);
    expect(clientCert(event)).toEqual({
      clientCertPem: shown.cert,
      subjectDN: 'O=Example,CN=s6BhdRkqt3',
      issuerDN: 'O=Countersign local,CN=Throw-away authority',
      serialNumber: '0a:01:ff',
      validity: { notBefore: format, notAfter: format },
    });
    expect(event).toMatchObject({
      headers: {
        ...headers,
        'x-forwarded-proto': 'https',
        'x-forwarded-port': new URL(door.url).port,
      },
    });
  });

  test('C08: the plain port knows of none, whatever headers say', async () => {
    const { url } = await startTestApi({ routes: { 'GET /': echo } });
    const event = await (await fetch(url, { headers })).json();
    expect(event).toMatchObject({ headers });
    expect(event).not.toHaveProperty('requestContext.authentication');
  });

  test('the demo certificate will do', async () => {
    const { get, files } = await startDoor();
    const [cert, key] = await Promise.all(
      [files.demoClient, files.demoClientKey].map((path) => readFile(path, 'utf8')),
    );
    expect(clientCert(await get({ cert: cert ?? '', key: key ?? '', jwk: {} }))).toMatchObject({
      subjectDN: 'O=Countersign demo,CN=demo-client',
    });
  });
});

describe('who does not get in', () => {
  test.for<[string, (door: Door) => Promise<Issued | undefined>]>([
    ['without a certificate', async () => undefined],
    [
      'of another authority of the same name',
      async ({ authority: { name } }) =>
        certificate({ issuer: { name, key: (await startDoor()).authority.key } }),
    ],
    ['that it has signed itself', () => certificate()],
    ['that has expired', ({ authority }) => certificate({ issuer: authority, from: -2, to: -1 })],
    [
      'that is not yet valid',
      ({ authority }) => certificate({ issuer: authority, from: 1, to: 2 }),
    ],
  ])('one %s', async ([, make]) => {
    const door = await startDoor();
    const shown = await make(door);
    await expect(door.get(shown)).rejects.toThrow(refused);
    await expect(door.get(shown, 'TLSv1.2')).rejects.toThrow(refused);
  });

  test('A06: one with TLS 1.1', async () => {
    const { get, authority } = await startDoor();
    const shown = await certificate({ issuer: authority });
    expect(clientCert(await get(shown, 'TLSv1.2'))).toBeDefined();
    await expect(get(shown, 'TLSv1.1')).rejects.toThrow(refused);
  });
});

describe('the truststore', () => {
  test('C03: takes a self-signed certificate of a client, from the next connection on', async () => {
    const { files, get } = await startDoor();
    const shown = await certificate();
    await expect(get(shown)).rejects.toThrow(refused);
    const before = await readFile(files.truststore, 'utf8');
    await appendFile(files.truststore, shown.cert);
    expect(clientCert(await get(shown))).toMatchObject({ clientCertPem: shown.cert });
    await writeFile(files.truststore, before);
    await expect(get(shown)).rejects.toThrow(refused);
  });

  test.for([
    ['is empty', ''],
    ['has no certificate', 'nonsense'],
    ['has a broken one', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
    ['is gone', undefined],
  ])('that %s leaves the former one in use, and the log says so', async ([, contents]) => {
    const { files, get, log, authority } = await startDoor();
    if (contents === undefined) await rm(files.truststore);
    else await writeFile(files.truststore, contents);
    expect(clientCert(await get(await certificate({ issuer: authority })))).toBeDefined();
    await expect(get(await certificate())).rejects.toThrow(refused);
    expect(log.join('\n')).toContain(`${files.truststore} cannot be used`);
  });
});

describe('the door', () => {
  test('lets nobody in before it is secured', async () => {
    const door = await takeTlsPort({ port: 0, variable: 'TLS_PORT', mutual: true });
    onTestFinished(door[Symbol.asyncDispose]);
    const socket = connect({ port: Number(new URL(door.url).port), rejectUnauthorized: false });
    await expect(once(socket, 'secureConnect')).rejects.toThrow(refused);
  });

  test('closes although a handshake hangs', async () => {
    const { door } = await startDoor();
    const socket = connectTcp(Number(new URL(door.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    await door[Symbol.asyncDispose]();
    await once(socket, 'close');
  });
});

describe('a door that wants no certificate', () => {
  test('C08: lets everybody in, and does not ask for one that could be shown', async () => {
    const { get, authority } = await startDoor({ mutual: false });
    expect(clientCert(await get())).toBeUndefined();
    const shown = await certificate({ issuer: authority });
    expect(clientCert(await get(shown))).toBeUndefined();
  });

  test('speaks HTTP/2, with the same event', async () => {
    const { door, files } = await startDoor({ mutual: false });
    const ca = await readFile(files.authority, 'utf8');
    const session = connectByHttp2(door.url, { ca });
    onTestFinished(() => void session.close());
    const stream = session.request({ ':path': '/?a=1', 'x-one': 'two', cookie: 'a=b; c=d' });
    expect(await json(stream)).toMatchObject({
      rawPath: '/',
      rawQueryString: 'a=1',
      cookies: ['a=b', 'c=d'],
      headers: { host: new URL(door.url).host, 'x-one': 'two', 'x-forwarded-proto': 'https' },
      requestContext: { http: { method: 'GET', protocol: 'HTTP/2.0', sourceIp: '127.0.0.1' } },
    });
  });

  test('C05: a client shows its certificate by HTTP/2, too', async () => {
    const { door, files, authority } = await startDoor();
    const shown = await certificate({ issuer: authority });
    const ca = await readFile(files.authority, 'utf8');
    const session = connectByHttp2(door.url, { ca, ...shown });
    onTestFinished(() => void session.close());
    const event = await json(session.request({ ':path': '/' }));
    expect(clientCert(event)).toMatchObject({ clientCertPem: shown.cert });
  });
});

describe('L08: TLS 1.2 has the cipher suites of BCP 195 alone (RFC 9325 §4.2)', () => {
  const allowed = ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384'];

  async function suiteOf(door: Door, options: ConnectionOptions): Promise<string> {
    const port = Number(new URL(door.door.url).port);
    const socket = connect({ port, rejectUnauthorized: false, ...options });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'secureConnect');
    return socket.getCipher().name;
  }

  test.for(allowed)('%s', async (ciphers) => {
    const door = await startDoor({ mutual: false });
    expect(await suiteOf(door, { maxVersion: 'TLSv1.2', ciphers })).toBe(ciphers);
  });

  test('and TLS 1.3 is there', async () => {
    expect(await suiteOf(await startDoor({ mutual: false }), {})).toMatch(/^TLS_AES/);
  });

  test.for([true, false])(
    'no other, each with an alert, many at once: mutual %s',
    async (mutual) => {
      const door = await startDoor({ mutual });
      const others = getCiphers()
        .map((name) => name.toUpperCase())
        .filter((name) => !name.startsWith('TLS_') && !allowed.includes(name))
        .filter((name) => !/^ECDHE-RSA-AES(128|256)-GCM/.test(name));
      const tried = others.map((name) => {
        const ciphers = `${name}:@SECLEVEL=0`;
        return suiteOf(door, { maxVersion: 'TLSv1.2', ciphers }).catch(({ code }) => code);
      });
      const answers = await Promise.all(tried);
      // Some are of no use to a client without a shared key.
      const sent = answers.filter((code) => code !== 'ERR_SSL_NO_CIPHERS_AVAILABLE');
      expect(sent.length).toBeGreaterThan(20);
      expect(new Set(sent)).toEqual(new Set(['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE']));
    },
  );
});

describe('a client without a certificate, whose messages come one by one', () => {
  /**
   * Shows none, and sends what follows only when the alert is there, as clients do that write each message by
   * itself. Gives how TLS ended, and what TCP said to the rest.
   */
  async function handshake(port: number) {
    const tcp = connectTcp({ port, host: '127.0.0.1', allowHalfOpen: true });
    onTestFinished(() => void tcp.destroy());
    const reset: string[] = [];
    tcp.on('error', ({ message }) => reset.push(message));
    const whole = Promise.withResolvers<void>();
    let flights = 0;
    const send = async (flight: Buffer): Promise<void> => {
      flights += 1;
      if (flights === 1) return void tcp.write(flight);
      const [first, ...rest] = recordsIn(flight);
      tcp.write(first ?? '');
      await once(tcp, 'data');
      for (const record of rest) await new Promise((resolve) => tcp.write(record, resolve));
      whole.resolve();
    };
    const transport = new Duplex({
      read: () => undefined,
      write: (flight, _, done) => void send(flight).then(() => done(), done),
    });
    tcp.on('data', (octets) => transport.push(octets));
    const socket = connect({ socket: transport, rejectUnauthorized: false, maxVersion: 'TLSv1.2' });
    const [[{ code }]] = await Promise.all([once(socket, 'error'), whole.promise]);
    return { code, reset };
  }

  function recordsIn(flight: Buffer): readonly Buffer[] {
    if (flight.length === 0) return [];
    const length = 5 + flight.readUInt16BE(3);
    return [flight.subarray(0, length), ...recordsIn(flight.subarray(length))];
  }

  test('C05: gets the alert, and no reset, with TLS 1.2', async () => {
    const { door } = await startDoor();
    expect(await handshake(Number(new URL(door.url).port))).toEqual({
      code: 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
      reset: [],
    });
  });
});
