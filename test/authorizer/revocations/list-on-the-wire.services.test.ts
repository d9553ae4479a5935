import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { start } from '../../support/access-tokens.ts';
import { hang, type Reply, raw, startDocumentServer } from '../../support/document-server.ts';
import { httpEvent } from '../events.ts';
import { listAuthorizer, listPath, listReply, signList } from './test-list.ts';

const allowed = { isAuthorized: true };
const unauthorized = /^Unauthorized$/;
const unknown = /^the authorizer cannot decide now$/;
const listType = { 'content-type': 'application/revocation-list+jwt' };
const fourMegabytes = 4 * 1024 * 1024;

/** An authorizer whose issuer is reached over real HTTP: much here is what the real fetch makes of it. */
const overHttp = (settings: Parameters<typeof listAuthorizer>[0] = {}) =>
  listAuthorizer({ startDocuments: startDocumentServer, ...settings });

const padded = async (issuer: string, octets: number): Promise<string> => {
  const jwt = await signList(issuer, { claims: { padding: '' } });
  const padding = 'x'.repeat(Math.floor(((octets - jwt.length) * 3) / 4));
  return await signList(issuer, { claims: { padding } });
};

/** What a list may be like on its way, and whether anybody may take it. */
type Fault = readonly [what: string, reply: (url: string) => Promise<Reply>];

const faults: readonly Fault[] = [
  [
    'is larger than 4 MB, by its own account',
    async (url) => {
      const jwt = await padded(url, fourMegabytes + 1000);
      return raw(200, { ...listType, 'content-length': String(jwt.length) }, jwt);
    },
  ],
  [
    'is larger than 4 MB, and does not say so',
    async (url) => {
      const jwt = await padded(url, fourMegabytes + 1000);
      return (response) => {
        response.writeHead(200, listType);
        response.write(jwt.slice(0, 1000));
        response.end(jwt.slice(1000));
      };
    },
  ],
  [
    'never ends',
    async () => (response) => {
      response.writeHead(200, listType);
      const more = () => {
        for (let count = 0; count < 100; count += 1) response.write('e'.repeat(65_536));
      };
      more();
    },
  ],
  [
    'is longer than it says',
    async (url) => raw(200, { ...listType, 'content-length': '100' }, await signList(url)),
  ],
  [
    'is shorter than it says',
    async (url) => (response) => {
      response.writeHead(200, { ...listType, 'content-length': '100000' });
      signList(url).then(
        (jwt) => {
          response.write(jwt);
          response.socket?.end('');
        },
        () => undefined,
      );
    },
  ],
  [
    'stops on its way',
    async () => (response) => {
      response.writeHead(200, listType);
      response.write('eyJ');
    },
  ],
  ['never comes', async () => hang],
  ['is not there', async () => raw(404, {}, '')],
  ['fails', async (url) => raw(500, listType, await signList(url))],
  [
    'fails for now',
    async (url) => raw(503, { ...listType, 'retry-after': '1' }, await signList(url)),
  ],
  ['is elsewhere', async (url) => raw(302, { location: `${url}/elsewhere` }, '')],
  ['is elsewhere for good', async (url) => raw(308, { location: `${url}/elsewhere` }, '')],
  [
    'is a page for people',
    async () => raw(200, { 'content-type': 'text/html' }, '<!doctype html>'),
  ],
];

describe('an issuer whose list', () => {
  test.for(faults)('I14: %s: nobody gets in, by a 500, and in time', async ([, fault]) => {
    const { handler, bearer, answer, issuer, log } = await overHttp({ timeLimit: 300 });
    answer(await fault(issuer.url));
    issuer.replies.set('/elsewhere', listReply(await signList(issuer.url)));
    await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unknown);
    expect(log).toMatchObject([
      { outcome: 'failed', reason: expect.stringMatching(/nobody knows what was taken back/) },
    ]);
    expect(issuer.requests).not.toContain('/elsewhere');
  });

  test.for(faults)('I14: %s: the last list serves for the grace', async ([, fault]) => {
    const { handler, bearer, answer, publish, issuer, clock } = await overHttp({ timeLimit: 300 });
    await publish({ claims: { tokens: ['0a1b2c3d4e5f'] } });
    const [taken, other] = [
      httpEvent(await bearer()),
      httpEvent(await bearer({ claims: { jti: 'another' } })),
    ];
    await expect(handler(taken)).rejects.toThrow(unauthorized);
    answer(await fault(issuer.url));
    clock.now = start + 64;
    await expect(handler(taken)).rejects.toThrow(unauthorized);
    expect(await handler(other)).toMatchObject(allowed);
    clock.now = start + 65;
    await expect(handler(other)).rejects.toThrow(unknown);
  });

  test('I19: is of just 4 MB is read', async () => {
    const { handler, bearer, answer, issuer } = await overHttp();
    const jwt = await padded(issuer.url, fourMegabytes - 10);
    expect(jwt.length).toBeGreaterThan(fourMegabytes - 1000);
    answer(listReply(jwt));
    expect(await handler(httpEvent(await bearer()))).toMatchObject(allowed);
  });

  test('I19: was compressed on its way is not larger than 4 MB either', async () => {
    const { handler, bearer, answer, issuer, log } = await overHttp();
    const small = gzipSync(await padded(issuer.url, fourMegabytes + 1000));
    answer((response) => {
      response.writeHead(200, { ...listType, 'content-encoding': 'gzip' });
      // Node's own response, which takes octets as well.
      Object(response).end(small);
    });
    await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unknown);
    expect(small.length).toBeLessThan(1_000_000);
    expect(log[0]?.reason).toMatch(/too much$/);
  });
});

describe('an issuer that is not there', () => {
  test('I14: lets nobody in where nothing is known, and everybody in time again', async () => {
    const { handler, bearer, answer, publish, clock } = await overHttp({ timeLimit: 300 });
    answer(hang);
    await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unknown);
    await publish();
    clock.now = start + 1;
    expect(await handler(httpEvent(await bearer()))).toMatchObject(allowed);
  });

  test.for(['refuse', 'allow'] as const)(
    'I14: by %s, within the grace and after it',
    async (onStale) => {
      const { handler, bearer, issuer, clock, log } = await overHttp({ onStale });
      const event = httpEvent(await bearer());
      expect(await handler(event)).toMatchObject(allowed);
      await issuer.close();
      clock.now = start + 64;
      expect(await handler(event)).toMatchObject(allowed);
      clock.now = start + 70;
      const later = handler(event);
      if (onStale === 'allow') {
        expect(await later).toMatchObject(allowed);
        expect(log.map(({ revocations }) => revocations)).toEqual([undefined, undefined, 'stale']);
      } else {
        await expect(later).rejects.toThrow(unknown);
        expect(log.at(-1)?.reason).toMatch(/ECONNREFUSED/);
      }
    },
  );

  test('I14: for a connection that it has closed meanwhile it is asked once more', async () => {
    const { handler, bearer, publish, answer, issuer, clock, asked } = await overHttp({ grace: 0 });
    const event = httpEvent(await bearer());
    expect(await handler(event)).toMatchObject(allowed);
    // What Lambda's freeze makes of a connection that was kept: it ends when it is used.
    const jwt = await signList(issuer.url, { claims: { tokens: ['0a1b2c3d4e5f'] } });
    let cut = 0;
    answer((response, request) => {
      cut += 1;
      if (cut === 1) response.socket?.end('');
      else listReply(jwt)(response, request);
    });
    clock.now = start + 5;
    await expect(handler(event)).rejects.toThrow(unauthorized);
    expect(asked()).toBe(3);
    // Not for ever.
    await publish();
    answer((response) => response.socket?.end(''));
    clock.now = start + 10;
    await expect(handler(event)).rejects.toThrow(unknown);
    expect(asked()).toBe(5);
  });
});

test('I13: ten thousand requests that come together make one request to the issuer', async () => {
  const { handler, bearer, publish, asked } = await overHttp();
  await publish({ claims: { tokens: ['0a1b2c3d4e5f'] } });
  const event = httpEvent(await bearer());
  const answers = await Promise.allSettled(Array.from({ length: 10_000 }, () => handler(event)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['rejected']));
  expect(asked()).toBe(1);
});

test('I19: the same list costs a 304', async () => {
  const { handler, bearer, publish, clock, issuer } = await overHttp();
  const answers: number[] = [];
  await publish({}, 'W/"a b"');
  const reply = issuer.replies.get(listPath) ?? hang;
  issuer.replies.set(listPath, (response, request) => {
    answers.push(request.ifNoneMatch === 'W/"a b"' ? 304 : 200);
    reply(response, request);
  });
  const event = httpEvent(await bearer());
  for (const seconds of [0, 5, 10]) {
    clock.now = start + seconds;
    expect(await handler(event)).toMatchObject(allowed);
  }
  expect(answers).toEqual([200, 304, 304]);
});
