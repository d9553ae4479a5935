import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerText, type Names, plain, requestText } from './transcript.ts';

const client_id = 'conformance-1a2b-basic';
const client_secret = 'countersign_5vpXXLdHuT4OJJExo5cC2ppO7xGp1Mm80EU8D3aSQzQM6C54i';
const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl';
const names: Names = new Map([
  [client_id, '{basic}'],
  [client_secret, '{secret of basic}'],
  ['https://orders.example', '{orders}'],
  ['https://auth.example', '{issuer}'],
]);
const url = new URL('https://auth.example/token');

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const percentEncoded = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('');

describe('a request is told', () => {
  test('with method, path, query, unusual headers and body', () => {
    const headers = [
      ['Content-Type', 'text/plain'],
      ['DPoP', 'x'],
    ] as const;
    const outgoing = { url: new URL('?a=1', url), method: 'POST', headers, body: 'b=2' };
    expect(requestText(outgoing, names)).toBe(
      'POST /token?a=1; Content-Type: text/plain; DPoP: x; b=2',
    );
  });

  test('without the usual Content-Type', () => {
    const headers = [['content-type', 'application/x-www-form-urlencoded']] as const;
    expect(requestText({ url, headers }, names)).toBe('GET /token');
  });

  test('with Basic credentials decoded, and their halves by name', () => {
    const headers = [
      ['Authorization', `Basic ${base64(`${client_id}:${client_secret}`)}`],
    ] as const;
    expect(requestText({ url, headers }, names)).toBe('GET /token; Authorization: Basic {basic}');
  });

  test('with a resource by name, as it is and as a form encodes it', () => {
    const body = 'resource=https%3A%2F%2Forders.example&resource=https://orders.example';
    expect(requestText({ url, body }, names)).toBe(
      'GET /token; resource={orders}&resource={orders}',
    );
  });
});

describe('an answer is told', () => {
  test('with its status, the headers that matter, and its body', () => {
    const headers = [
      ['Date', 'Tue'],
      ['WWW-Authenticate', 'Basic'],
      ['Retry-After', '5'],
    ] as const;
    expect(answerText({ status: 401, headers, body: '{}' }, names)).toBe(
      '401; WWW-Authenticate: Basic; Retry-After: 5; {}',
    );
  });
});

describe('no secret gets into a text:', () => {
  const ways: readonly (readonly [string, string])[] = [
    ['as it is', client_secret],
    ['in a form', `client_secret=${encodeURIComponent(client_secret)}`],
    ['encoded byte by byte', percentEncoded(client_secret)],
    ['encoded in part', client_secret.replaceAll(/[a-m]/g, percentEncoded)],
    ['cut off', client_secret.slice(0, -1)],
    ['with a tail', `${client_secret}:junk`],
    ['in Basic credentials', `Basic ${base64(`x:${client_secret}`)}`],
    ['in broken Basic credentials', `Basic ${base64(`x:${client_secret}`)}!`],
    ['in credentials of another scheme', `Bearer ${base64(client_secret)}`],
    ['in JSON', JSON.stringify({ client_secret })],
  ];

  test.for(ways)('%s', ([, text]) => {
    const headers = [['Authorization', text]] as const;
    const texts = [
      plain(text, names),
      requestText({ url: new URL(`?${text}`, url), method: 'POST', headers, body: text }, names),
      answerText({ status: 200, headers: [['Location', text]], body: text }, names),
    ].join(' ');
    const decoded = texts.replaceAll(/%([\da-f]{2})/g, (_, byte) =>
      String.fromCharCode(Number.parseInt(byte, 16)),
    );
    expect(decoded).not.toContain(client_secret.slice(14, 24));
    expect(decoded).not.toContain(base64(client_secret).slice(20, 40));
  });
});

test('no token gets into a text, not even half of one', () => {
  for (const text of [token, `Bearer ${token}`, `access_token=${token}`, `"${token}"`]) {
    expect(plain(text, names)).toBe(text.replace(token, '{JWT}'));
  }
  expect(plain(token.replace(/[^.]*$/, ''), names)).toBe('{JWT}');
});

test('no long value gets into a text', () => {
  expect(plain(`"n":"${'aB3_-'.repeat(68)}"`, names)).toBe('"n":"…"');
});

test('no text is longer than a report has room for, and none steers a terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
      const told = plain(text, names);
      expect(told.length).toBeLessThanOrEqual(301);
      expect(told).not.toMatch(/[^\P{C}\n]/u);
    }),
    { numRuns: 50 },
  );
});

test('a value that is part of another does not hide it', () => {
  const nested: Names = new Map([
    ['https://a.example', '{issuer}'],
    ['https://a.example/orders', '{orders}'],
  ]);
  expect(plain('https://a.example/orders https://a.example', nested)).toBe('{orders} {issuer}');
});
