import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { encodeStatusList } from '../../../functions/oauth/status-list.ts';
import { start } from '../../support/access-tokens.ts';
import { json, raw } from '../../support/document-server.ts';
import { testKey } from '../../support/test-key.ts';
import { httpEvent } from '../events.ts';
import { issuerKey } from '../test-authorizer.ts';
import { type ListChange, listAuthorizer, listPath, listReply, signList } from './test-list.ts';

const otherKey = await testKey();
const allowed = { isAuthorized: true };
const unauthorized = /^Unauthorized$/;
const unknown = /^the authorizer cannot decide now$/;

/** Each member of the claims, and what it may not be. */
const malformed: readonly (readonly [member: string, values: readonly unknown[]])[] = [
  ['iss', [undefined, 7, null, ['https://as.example.net'], 'https://as.example.net/']],
  ['sub', [undefined, 7, 'https://as.example.net', 'https://as.example.net/status-lists/0']],
  ['iat', [undefined, null, String(start), true]],
  ['exp', [undefined, null, String(start + 90), [start + 90]]],
  ['clients', [undefined, null, [], 'a', { a: '1' }, { a: null }, { a: [1] }]],
  ['resources', [undefined, null, [], 7, { a: {} }, { a: true }]],
  ['keys', [undefined, null, {}, 'a', [7], [null], [['a']]]],
  ['tokens', [undefined, null, {}, 'a', [7], [{}]]],
  [
    'status_lists',
    [
      undefined,
      null,
      [],
      'a',
      { a: null },
      { a: 'a' },
      { a: [] },
      { a: {} },
      { a: { bits: 1 } },
      { a: { bits: 1, lst: 7 } },
      { a: { ...encodeStatusList([]), bits: 2 } },
      { a: { ...encodeStatusList([]), bits: '1' } },
      { a: { bits: 1, lst: '' } },
      { a: { bits: 1, lst: 'not compressed' } },
    ],
  ],
];

const wrong: readonly (readonly [what: string, change: ListChange, reason: RegExp])[] = [
  ['is not signed', { header: { alg: 'none' } }, /"alg"/],
  ['is signed by a shared key', { header: { alg: 'HS256' } }, /"alg"/],
  ['is signed by another algorithm of the key', { header: { alg: 'PS256' } }, /"alg"/],
  ['is signed by a key that is not the issuer’s', { key: otherKey }, /no applicable key/],
  [
    'names a key of the issuer that has not signed it',
    { key: { ...otherKey, kid: issuerKey.kid } },
    /signature verification failed/,
  ],
  [
    'brings its key along',
    { key: otherKey, header: { jwk: otherKey.jwk, jku: 'https://a.example' } },
    /no applicable key/,
  ],
  ['names no key', { header: { kid: undefined } }, /no key \(kid\)/],
  [
    'has something that must be understood',
    { header: { crit: ['exp'], exp: 1 } },
    /Extension Header Parameter/,
  ],
  ['is an access token', { header: { typ: 'at+jwt' } }, /"typ"/],
  ['is a status list of the draft', { header: { typ: 'statuslist+jwt' } }, /"typ"/],
  ['is of no type', { header: { typ: undefined } }, /"typ"/],
  ['is of a type that ends alike', { header: { typ: 'a-revocation-list+jwt' } }, /"typ"/],
  ['is of another issuer', { claims: { iss: 'https://other.example.com' } }, /another issuer/],
  ['has expired', { claims: { iat: start - 95, exp: start - 5 } }, /it has expired/],
  ['is yesterday’s', { claims: { iat: start - 86_400, exp: start - 86_310 } }, /it has expired/],
  ['is from the future', { claims: { iat: start + 61, exp: start + 151 } }, /from the future/],
  ['names the key that has signed it as revoked', { claims: { keys: [issuerKey.kid] } }, /revoked/],
  ['has claims that are a list', { payload: '[]' }, /top-level JSON object/],
  ['has claims that are no JSON', { payload: '{"iss":' }, /top-level JSON object/],
  [
    'is not UTF-8',
    { payload: Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xc0, 0xaf), Buffer.from('"}')]) },
    /top-level JSON object/,
  ],
  ['has a time without an end', { claims: {}, payload: '{"exp":1e999}' }, /another issuer/],
];

describe('a list that is wrong in one way is none', () => {
  test.for(wrong)('I19: one that %s', async ([, change, reason]) => {
    const { handler, bearer, publish, log } = await listAuthorizer();
    await publish(change);
    await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unknown);
    expect(log).toMatchObject([{ outcome: 'failed', reason: expect.stringMatching(reason) }]);
    expect(log[0]?.reason).toMatch(/^Error: nobody knows what was taken back: .*revocation list: /);
  });

  test.for(malformed)('I19: one with a malformed %s, or none', async ([name, values]) => {
    for (const value of values) {
      const { handler, bearer, publish } = await listAuthorizer();
      await publish({ claims: { [name]: value } });
      const answered = handler(httpEvent(await bearer()));
      await expect(answered, JSON.stringify(value)).rejects.toThrow(unknown);
    }
  });

  test.for(['iat', 'exp'])('I19: one with an endless %s', async (name) => {
    const { handler, bearer, answer, issuer } = await listAuthorizer();
    const [, claims = ''] = (await signList(issuer.url)).split('.');
    const said = Buffer.from(claims, 'base64url').toString();
    const payload = said.replace(new RegExp(`"${name}":\\d+`), `"${name}":1e999`);
    answer(listReply(await signList(issuer.url, { payload })));
    await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unknown);
  });

  test('I19: one with a status list that inflates to more than its size', async () => {
    const { handler, bearer, publish, log } = await listAuthorizer();
    const lst = deflateSync(Buffer.alloc(2 ** 17 + 1)).toString('base64url');
    await publish({ claims: { status_lists: { a: { bits: 1, lst } } } });
    await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unknown);
    expect(log[0]?.reason).toMatch(/larger than/i);
  });

  test('I19: one with a status list that was cut off', async () => {
    const { handler, bearer, publish } = await listAuthorizer();
    const { lst } = encodeStatusList(Array.from({ length: 1000 }, (_, each) => each * 997));
    const status_lists = { a: { bits: 1, lst: lst.slice(0, lst.length / 2) } };
    await publish({ claims: { status_lists } });
    await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unknown);
  });

  const forms: readonly (readonly [string, (jwt: string) => string])[] = [
    ['was cut off', (jwt) => jwt.slice(0, -10)],
    ['was cut off in its claims', (jwt) => jwt.slice(0, jwt.length / 3)],
    ['has no signature', (jwt) => jwt.slice(0, jwt.lastIndexOf('.') + 1)],
    ['is nothing', () => ''],
    ['has a part more', (jwt) => `${jwt}.e30`],
    ['ends in a line break', (jwt) => `${jwt}\n`],
    ['has letters that are not ASCII', (jwt) => jwt.replace('.', '\u0141.')],
    ['was signed, and changed', (jwt) => jwt.replace(/\.(.)/, (_, first) => `.${first}A`)],
  ];
  test.for(forms)('I19: one that %s', async ([, change]) => {
    const { handler, bearer, answer, issuer } = await listAuthorizer();
    answer(listReply(change(await signList(issuer.url))));
    await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unknown);
  });

  test.for(['application/json', 'application/jwt', 'application/statuslist+jwt', ''])(
    'I19: one of the media type "%s"',
    async (type) => {
      const { handler, bearer, answer, issuer } = await listAuthorizer();
      answer(listReply(await signList(issuer.url), undefined, type));
      await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unknown);
    },
  );

  test.for([204, 304, 401, 404, 429, 500, 503])('I19: one with the status %i', async (status) => {
    const { handler, bearer, answer } = await listAuthorizer();
    answer(raw(status, { 'content-type': 'application/revocation-list+jwt' }, ''));
    await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unknown);
  });

  test('I19: an access token of the issuer in its place', async () => {
    const { handler, bearer, answer } = await listAuthorizer();
    answer(listReply((await bearer()).replace('Bearer ', '')));
    await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unknown);
  });
});

describe('a list that is right', () => {
  test.for<[string, ListChange]>([
    ['with nothing in it', {}],
    ['of the type in full', { header: { typ: 'application/revocation-list+jwt' } }],
    ['of the type in capitals', { header: { typ: 'Revocation-List+JWT' } }],
    ['with members that nobody here knows', { claims: { more: [1], ttl: undefined } }],
    ['of an issuer whose clock is a minute ahead', { claims: { iat: start + 60 } }],
    ['of an issuer whose clock is behind', { claims: { iat: start - 94, exp: start - 4 } }],
  ])('I19: %s is taken', async ([, change]) => {
    const { handler, bearer, publish } = await listAuthorizer();
    await publish(change);
    expect(await handler(httpEvent(await bearer()))).toMatchObject(allowed);
  });

  test('I19: its media type may have parameters, and capitals', async () => {
    const { handler, bearer, answer, issuer } = await listAuthorizer();
    const type = 'Application/Revocation-List+JWT; charset=us-ascii';
    answer(listReply(await signList(issuer.url), undefined, type));
    expect(await handler(httpEvent(await bearer()))).toMatchObject(allowed);
  });

  test.for(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', ''])(
    'I13: an identifier such as "%s" is one like others',
    async (name) => {
      const { handler, bearer, answer, issuer } = await listAuthorizer({ maxAge: 0 });
      const said = { client_id: name || 'a', jti: name || 'a' };
      const event = httpEvent(await bearer({ claims: said }));
      const with_ = async (member: string, value: string) => {
        const [, claims = ''] = (await signList(issuer.url)).split('.');
        // As text: an object of JavaScript would lose some of the names.
        const payload = Buffer.from(claims, 'base64url')
          .toString()
          .replace(`"${member}":${value.startsWith('{') ? '{}' : '[]'}`, `"${member}":${value}`);
        answer(listReply(await signList(issuer.url, { payload })));
      };
      await with_('clients', `{"${name}":${start}}`);
      expect(await handler(event)).toMatchObject(allowed);
      await with_('clients', `{"another":${start + 1}}`);
      expect(await handler(event)).toMatchObject(allowed);
      if (name === '') return;
      await with_('clients', `{"${name}":${start + 1}}`);
      await expect(handler(event)).rejects.toThrow(unauthorized);
      await with_('tokens', `["${name}"]`);
      await expect(handler(event)).rejects.toThrow(unauthorized);
    },
  );

  test('I13: each of its members takes a token back', async () => {
    const { handler, bearer, publish } = await listAuthorizer({ maxAge: 0 });
    const uri = 'https://as.example.net/status-lists/3';
    const status = { status_list: { idx: 1_048_575, uri } };
    const event = httpEvent(await bearer({ claims: { status } }));
    const members: readonly object[] = [
      { clients: { s6BhdRkqt3: start + 1 } },
      { resources: { 'https://api.example.com': start + 1 } },
      { tokens: ['0a1b2c3d4e5f'] },
      { status_lists: { [uri]: encodeStatusList([1_048_575]) } },
    ];
    for (const member of members) {
      await publish({ claims: { ...member } });
      await expect(handler(event), JSON.stringify(member)).rejects.toThrow(unauthorized);
    }
    await publish({ claims: { status_lists: { [uri]: encodeStatusList([1_048_574]) } } });
    expect(await handler(event)).toMatchObject(allowed);
  });

  test('I13: one that names a key takes back all that it has signed, at once', async () => {
    const keys = [issuerKey, otherKey];
    const { handler, bearer, publish, clock } = await listAuthorizer({ keys });
    const event = httpEvent(await bearer());
    expect(await handler(event)).toMatchObject(allowed);
    clock.now = start + 5;
    await publish({ key: otherKey, claims: { keys: [issuerKey.kid] } });
    await expect(handler(event)).rejects.toThrow(unauthorized);
    expect(await handler(httpEvent(await bearer({}, otherKey)))).toMatchObject(allowed);
  });
});

describe('one list after another', () => {
  test('I19: a replay of an older one brings no token back', async () => {
    const { handler, bearer, publish, clock, log } = await listAuthorizer();
    const event = httpEvent(await bearer());
    const revoking = { claims: { iat: start + 30, exp: start + 120, tokens: ['0a1b2c3d4e5f'] } };
    clock.now = start + 30;
    await publish(revoking);
    await expect(handler(event)).rejects.toThrow(unauthorized);
    clock.now = start + 60;
    await publish({ claims: { iat: start + 29, exp: start + 119 } });
    await expect(handler(event)).rejects.toThrow(unauthorized);
    // Past the grace nobody gets in, and still not this token.
    clock.now = start + 95;
    await expect(handler(event)).rejects.toThrow(unknown);
    expect(log.at(-1)?.reason).toMatch(/it is older than the last one$/);
  });

  test('I19: one of the same second takes the place of the last one', async () => {
    const { handler, bearer, publish, clock } = await listAuthorizer();
    const event = httpEvent(await bearer());
    expect(await handler(event)).toMatchObject(allowed);
    clock.now = start + 5;
    await publish({ claims: { tokens: ['0a1b2c3d4e5f'] } });
    await expect(handler(event)).rejects.toThrow(unauthorized);
  });

  test('I19: yesterday’s list brings nothing back to an instance that knows no other', async () => {
    const { handler, bearer, answer, issuer, clock } = await listAuthorizer();
    const yesterdays = await signList(issuer.url);
    clock.now = start + 86_400;
    const claims = { iat: clock.now, nbf: clock.now, exp: clock.now + 600 };
    answer(listReply(yesterdays));
    await expect(handler(httpEvent(await bearer({ claims })))).rejects.toThrow(unknown);
  });

  test('I19: one signed by a key that an earlier one has named as revoked is none', async () => {
    const keys = [issuerKey, otherKey];
    const { handler, bearer, publish, clock, log } = await listAuthorizer({ keys });
    const event = httpEvent(await bearer({}, otherKey));
    await publish({ key: otherKey, claims: { keys: [issuerKey.kid] } });
    expect(await handler(event)).toMatchObject(allowed);
    // Whoever has the key says that it was not revoked after all, and that another was.
    const forged = { key: issuerKey, claims: { iat: start + 1, keys: [] } };
    clock.now = start + 5;
    await publish(forged);
    expect(await handler(event)).toMatchObject(allowed);
    await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unauthorized);
    // One that names no key any more has not forgotten it here.
    clock.now = start + 10;
    await publish({ key: otherKey, claims: { iat: start + 2 } });
    expect(await handler(event)).toMatchObject(allowed);
    clock.now = start + 15;
    await publish({ ...forged, claims: { iat: start + 3, tokens: ['0a1b2c3d4e5f'] } });
    expect(await handler(event)).toMatchObject(allowed);
    clock.now = start + 75;
    await expect(handler(event)).rejects.toThrow(unknown);
    expect(log.at(-1)?.reason).toMatch(/signed by a key that was revoked$/);
  });

  test.for(['__proto__', 'constructor', 'toString'])(
    'I13: one that names the client %s takes back its tokens, and those of no other',
    async (id) => {
      const { handler, bearer, publish, clock } = await listAuthorizer();
      const its = httpEvent(await bearer({ claims: { client_id: id, sub: id } }));
      expect(await handler(its)).toMatchObject(allowed);
      const clients = JSON.parse(`{"${id}": ${start + 10}}`);
      await publish({ claims: { iat: start + 5, clients } });
      clock.now = start + 5;
      await expect(handler(its)).rejects.toThrow(unauthorized);
      expect(await handler(httpEvent(await bearer()))).toMatchObject(allowed);
    },
  );

  test('I19: one by a key that is new is read at once, though a fetch of the keys has failed by then', async () => {
    const { handler, bearer, publish, clock, issuer } = await listAuthorizer({ maxAge: 40 });
    expect(await handler(httpEvent(await bearer()))).toMatchObject(allowed);
    await publish({ key: otherKey, claims: { iat: start + 30, keys: [issuerKey.kid] } });
    clock.now = start + 39.5;
    issuer.jwks = json({ keys: [] }, { 'content-type': 'text/html' });
    // A stranger has the keys fetched again, which is not done for him for another 30 seconds.
    const stranger = await bearer({ header: { kid: 'unknown' } });
    await expect(handler(httpEvent(stranger))).rejects.toThrow(unauthorized);
    issuer.jwks = json({ keys: [otherKey.jwk] });
    clock.now = start + 40;
    await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unauthorized);
    expect(await handler(httpEvent(await bearer({}, otherKey)))).toMatchObject(allowed);
  });

  test('I19: one by a key that the issuer does not publish has the keys fetched once for each list', async () => {
    const { handler, bearer, publish, clock, issuer } = await listAuthorizer();
    expect(await handler(httpEvent(await bearer()))).toMatchObject(allowed);
    await publish({ key: otherKey });
    const fetchesOfKeys = () => issuer.requests.filter((path) => path !== listPath).length / 2;
    for (const [seconds, fetches] of [
      [5, 2],
      [6, 3],
      [7, 4],
    ] as const) {
      clock.now = start + seconds;
      expect(await handler(httpEvent(await bearer()))).toMatchObject(allowed);
      // Within the grace nobody waits for what has failed of late.
      await new Promise((resolve) => setImmediate(resolve));
      expect(fetchesOfKeys()).toBe(fetches);
    }
  });
});

describe('that the list is still the same (304)', () => {
  test('I19: is asked for by its ETag, and makes it as new', async () => {
    const { handler, bearer, publish, clock, asked } = await listAuthorizer();
    await publish({ claims: { tokens: ['0a1b2c3d4e5f'] } }, '"a"');
    const event = httpEvent(await bearer());
    const other = httpEvent(await bearer({ claims: { jti: 'another' } }));
    for (let seconds = 0; seconds <= 60; seconds += 5) {
      clock.now = start + seconds;
      await expect(handler(event)).rejects.toThrow(unauthorized);
      expect(await handler(other)).toMatchObject(allowed);
    }
    expect(asked()).toBe(13);
  });

  test('I19: is not believed for longer than the list is good for', async () => {
    const { handler, bearer, publish, answer, clock, issuer, log } = await listAuthorizer();
    await publish({}, '"a"');
    const event = httpEvent(await bearer());
    expect(await handler(event)).toMatchObject(allowed);
    answer(listReply('', '"a"'));
    // Each of these has a 304, the last one when the list has all but expired.
    for (let seconds = 5; seconds <= 90; seconds += 5) {
      clock.now = start + seconds;
      expect(await handler(event)).toMatchObject(allowed);
    }
    // Then the whole list is asked for, which this server does not have.
    clock.now = start + 95;
    expect(await handler(event)).toMatchObject(allowed);
    clock.now = start + 90 + 65;
    await expect(handler(event)).rejects.toThrow(unknown);
    expect(log.at(-1)?.reason).toMatch(/not a JWT/);
    answer(
      listReply(await signList(issuer.url, { claims: { iat: clock.now, exp: clock.now + 90 } })),
    );
    clock.now += 1;
    expect(await handler(event)).toMatchObject(allowed);
  });

  test('I19: is not believed when it comes after the end of the list', async () => {
    const { handler, bearer, publish, answer, clock } = await listAuthorizer({ grace: 0 });
    await publish({}, '"a"');
    const event = httpEvent(await bearer());
    clock.now = start + 85;
    expect(await handler(event)).toMatchObject(allowed);
    clock.now = start + 94;
    answer((response) => {
      clock.now += 5;
      response.writeHead(304).end();
    });
    await expect(handler(event)).rejects.toThrow(unknown);
  });
});
