import { describe, expect, test } from 'vitest';
import { parseAlgorithms } from '../../functions/authorizer/algorithms.ts';
import { issuerKeys } from '../../functions/authorizer/issuer-keys.ts';
import { start } from '../support/access-tokens.ts';
import { json, type Reply, raw } from '../support/document-server.ts';
import { testKey } from '../support/test-key.ts';
import { httpEvent } from './events.ts';
import { jwksPath, metadataPath, type TestIssuer } from './issuer.ts';
import { issuerKey, testAuthorizer } from './test-authorizer.ts';

const newKey = await testKey();
const allowed = { isAuthorized: true };
const unauthorized = /^Unauthorized$/;
const jsonType = { 'content-type': 'application/json' };

describe('RFC 8414 finding the keys', () => {
  test("I06: the keys are found through the issuer's metadata, once for many requests", async () => {
    const { handler, bearer, issuer } = await testAuthorizer();
    for (const jti of ['1', '2', '3']) {
      expect(await handler(httpEvent(await bearer({ claims: { jti } })))).toMatchObject(allowed);
    }
    expect(issuer.requests).toEqual([metadataPath, jwksPath]);
  });

  test('I06: requests that come together share one fetch', async () => {
    const { handler, bearer, issuer } = await testAuthorizer();
    const event = httpEvent(await bearer());
    const answers = await Promise.all([1, 2, 3, 4].map(() => handler(event)));
    expect(answers).toMatchObject([allowed, allowed, allowed, allowed]);
    expect(issuer.requests).toEqual([metadataPath, jwksPath]);
  });

  test.for<[string, string]>([
    [
      'https://issuer.example.com',
      'https://issuer.example.com/.well-known/oauth-authorization-server',
    ],
    [
      'https://issuer.example.com/',
      'https://issuer.example.com/.well-known/oauth-authorization-server',
    ],
    [
      'https://issuer.example.com/a/b',
      'https://issuer.example.com/.well-known/oauth-authorization-server/a/b',
    ],
    ['http://localhost:3000', 'http://localhost:3000/.well-known/oauth-authorization-server'],
    ['http://[::1]:3000', 'http://[::1]:3000/.well-known/oauth-authorization-server'],
  ])('I04: the metadata of %s are at %s', async ([issuer, expected]) => {
    const asked: unknown[] = [];
    const keys = issuerKeys({
      issuer,
      fetch: (url) => {
        asked.push(url);
        return Promise.reject(new Error('no network'));
      },
      fetchTimeout: 1000,
      now: () => start,
    });
    await expect(keys('kid')).rejects.toMatchObject({ code: 'temporarily_unavailable' });
    expect(asked).toEqual([expected]);
  });

  test.for([
    'http://issuer.example.com',
    'issuer.example.com',
    'ftp://127.0.0.1',
    'https://issuer.example.com?a=b',
    'https://issuer.example.com#a',
    '',
  ])('I04: "%s" is no issuer', (issuer) => {
    const source = { issuer, fetch, fetchTimeout: 1000, now: () => start };
    expect(() => issuerKeys(source)).toThrow(`the issuer "${issuer}" is not an https URL`);
  });
});

describe('algorithms', () => {
  test('I06: the configuration names asymmetric algorithms only', () => {
    expect(parseAlgorithms('RS256')).toEqual(['RS256']);
    expect(parseAlgorithms('ES256 ML-DSA-44')).toEqual(['ES256', 'ML-DSA-44']);
  });

  test.for(['none', 'HS256', 'RS256 HS512', '', 'rs256', 'RS256  ES256', 'RSA-OAEP'])(
    'I06: "%s" is refused at the cold start',
    (text) =>
      expect(() => parseAlgorithms(text)).toThrow(/is not an asymmetric signature algorithm/),
  );
});

describe('how long keys are kept', () => {
  test.for<[string, Record<string, string>, number]>([
    ['nothing', {}, 300],
    ['a longer time', { 'cache-control': 'public, max-age=86400' }, 300],
    ['a shorter time', { 'cache-control': 'public, max-age=60' }, 60],
    ['no time', { 'cache-control': 'max-age=0' }, 30],
    ['not to keep them', { 'cache-control': 'no-store' }, 30],
    ['something else', { 'cache-control': 'public' }, 300],
  ])('I06: with the issuer saying %s, as long as is right', async ([, headers, seconds]) => {
    const { handler, bearer, issuer, clock } = await testAuthorizer();
    issuer.jwks = json({ keys: [issuerKey.jwk] }, headers);
    const event = httpEvent(await bearer());
    await handler(event);
    clock.now = start + seconds - 1;
    await handler(event);
    expect(issuer.requests).toHaveLength(2);
    clock.now = start + seconds;
    expect(await handler(event)).toMatchObject(allowed);
    expect(issuer.requests).toHaveLength(4);
  });

  test.for([60, 3600, 7200])(
    'I06: a clock that is put back by %i s does not have them kept for longer',
    async (seconds) => {
      const { handler, bearer, issuer, clock } = await testAuthorizer();
      await handler(httpEvent(await bearer()));
      clock.now = start - seconds;
      const claims = { iat: clock.now, nbf: clock.now, exp: start + 600 };
      expect(await handler(httpEvent(await bearer({ claims })))).toMatchObject(allowed);
      expect(issuer.requests).toHaveLength(4);
    },
  );

  test('I14: a clock that is put back by more than an hour during an outage ends the use of old keys', async () => {
    const { handler, bearer, issuer, clock } = await testAuthorizer();
    await handler(httpEvent(await bearer()));
    issuer.jwks = raw(500, jsonType, '{}');
    const at = async (seconds: number) => {
      clock.now = start + seconds;
      const claims = { iat: clock.now, nbf: clock.now, exp: start + 600 };
      return handler(httpEvent(await bearer({ claims })));
    };
    expect(await at(-3600)).toMatchObject(allowed);
    await expect(at(-3601)).rejects.toThrow(/^the authorizer cannot decide now$/);
  });

  test('I06: an unknown kid has the keys fetched again, once in 30 seconds', async () => {
    const { handler, bearer, issuer, clock } = await testAuthorizer();
    await handler(httpEvent(await bearer()));
    issuer.jwks = json({ keys: [issuerKey.jwk, newKey.jwk] });
    const event = httpEvent(await bearer({}, newKey));
    clock.now = start + 29;
    await expect(handler(event)).rejects.toThrow(unauthorized);
    expect(issuer.requests).toHaveLength(2);
    clock.now = start + 30;
    const answers = await Promise.all([handler(event), handler(event), handler(event)]);
    expect(answers).toMatchObject([allowed, allowed, allowed]);
    expect(issuer.requests).toHaveLength(4);
  });

  test('I06: a flood of unknown kids asks the issuer no more often', async () => {
    const { handler, bearer, issuer, clock } = await testAuthorizer();
    await handler(httpEvent(await bearer()));
    for (let second = 0; second < 60; second += 1) {
      clock.now = start + second;
      const event = httpEvent(await bearer({ header: { kid: `kid-${second}` } }));
      await expect(handler(event)).rejects.toThrow(unauthorized);
    }
    expect(issuer.requests).toHaveLength(4);
  });

  test('I14: an unknown kid during an outage is refused and the known ones stay good', async () => {
    const { handler, bearer, issuer, clock } = await testAuthorizer();
    const event = httpEvent(await bearer());
    await handler(event);
    issuer.jwks = raw(500, jsonType, '{}');
    clock.now = start + 31;
    await expect(handler(httpEvent(await bearer({}, newKey)))).rejects.toThrow(unauthorized);
    expect(await handler(event)).toMatchObject(allowed);
  });
});

describe('an issuer that fails is left alone for one to two seconds', () => {
  const broken: Reply = raw(200, jsonType, '{"keys":');
  const failing: Reply = raw(503, jsonType, '{}');
  const noKeys: Reply = json({});

  /** Each document of an issuer in trouble, and what is asked of it until that is seen. */
  const troubles: readonly [string, Partial<TestIssuer>, readonly string[]][] = [
    ['metadata that fail', { metadata: failing }, [metadataPath]],
    ['metadata that are broken', { metadata: broken }, [metadataPath]],
    ['metadata of somebody else', { metadata: json({ issuer: 'x' }) }, [metadataPath]],
    ['keys that fail', { jwks: failing }, [metadataPath, jwksPath]],
    ['keys that are broken', { jwks: broken }, [metadataPath, jwksPath]],
    ['keys that are none', { jwks: noKeys }, [metadataPath, jwksPath]],
  ];

  test.for(troubles)(
    'I14: %s are asked for once, whatever tokens come',
    async ([, trouble, asked]) => {
      const { handler, bearer, issuer, clock } = await testAuthorizer();
      const health = { metadata: issuer.metadata, jwks: issuer.jwks };
      Object.assign(issuer, trouble);
      const ask = async (kid: string) => handler(httpEvent(await bearer({ header: { kid } })));
      const flood = () => Promise.allSettled(['a', 'b', 'c', 'd'].map(ask));
      for (const seconds of [0, 0, 1]) {
        clock.now = start + seconds;
        for (const { status } of await flood()) expect(status).toBe('rejected');
      }
      expect(issuer.requests).toEqual(asked);
      clock.now = start + 2;
      await flood();
      expect(issuer.requests).toEqual([...asked, ...asked]);
      Object.assign(issuer, health);
      clock.now = start + 4;
      expect(await handler(httpEvent(await bearer()))).toMatchObject(allowed);
    },
  );

  test('I14: the pause begins when a slow issuer has failed, not when it was asked', async () => {
    const clock = { now: start };
    const { keys, fetches } = failingKeys(clock, () => {
      clock.now += 3;
      return Promise.reject(new Error('late'));
    });
    await expect(keys('a')).rejects.toMatchObject({ code: 'temporarily_unavailable' });
    clock.now += 1;
    await expect(keys('b')).rejects.toMatchObject({ code: 'temporarily_unavailable' });
    expect(fetches()).toBe(1);
    clock.now += 1;
    await expect(keys('c')).rejects.toMatchObject({ code: 'temporarily_unavailable' });
    expect(fetches()).toBe(2);
  });

  test.for([2, 3600])(
    'I14: a clock that is put back by %i s does not prolong the pause',
    async (seconds) => {
      const clock = { now: start };
      const { keys, fetches } = failingKeys(clock, () => Promise.reject(new Error('down')));
      await expect(keys('a')).rejects.toMatchObject({ code: 'temporarily_unavailable' });
      clock.now -= seconds;
      await expect(keys('a')).rejects.toMatchObject({ code: 'temporarily_unavailable' });
      expect(fetches()).toBe(2);
    },
  );

  test('I14: while an issuer is slow, nobody asks it a second time', async () => {
    const clock = { now: start };
    const answer = Promise.withResolvers<Response>();
    const { keys, fetches } = failingKeys(clock, () => answer.promise);
    const first = keys('a');
    clock.now += 10;
    const second = keys('b');
    answer.reject(new Error('late'));
    const outcomes = await Promise.allSettled([first, second]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(fetches()).toBe(1);
  });

  test('I14: keys that have become too old are no reason to ask more often', async () => {
    const { handler, bearer, issuer, clock } = await testAuthorizer();
    const event = httpEvent(await bearer({ claims: { exp: start + 10_000 } }));
    await handler(event);
    issuer.metadata = failing;
    issuer.requests.length = 0;
    for (const seconds of [3601, 3601, 3602, 3603]) {
      clock.now = start + seconds;
      await expect(handler(event)).rejects.toThrow(/^the authorizer cannot decide now$/);
    }
    expect(issuer.requests).toEqual([metadataPath, metadataPath]);
  });

  /** The keys of an issuer whose every answer is this. */
  function failingKeys(clock: { readonly now: number }, answer: () => Promise<Response>) {
    let count = 0;
    const keys = issuerKeys({
      issuer: 'https://issuer.example.com',
      fetch: () => {
        count += 1;
        return answer();
      },
      fetchTimeout: 1000,
      now: () => clock.now,
    });
    return { keys, fetches: () => count };
  }
});
