import { describe, expect, test } from 'vitest';
import { parseAlgorithms } from '../../functions/authorizer/algorithms.ts';
import { issuerKeys } from '../../functions/authorizer/issuer-keys.ts';
import { start } from '../support/access-tokens.ts';
import { json, raw } from '../support/document-server.ts';
import { testKey } from '../support/test-key.ts';
import { httpEvent } from './events.ts';
import { jwksPath, metadataPath } from './issuer.ts';
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
