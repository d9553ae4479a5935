import { describe, expect, test } from 'vitest';
import { issuerKeys } from '../../functions/authorizer/issuer-keys.ts';
import { start } from '../support/access-tokens.ts';
import {
  hang,
  json,
  type Reply,
  raw,
  stall,
  startDocumentServer,
} from '../support/document-server.ts';
import { httpEvent } from './events.ts';
import { jwksPath, metadataPath } from './issuer.ts';
import { issuerKey, testAuthorizer as testAuthorizerOn } from './test-authorizer.ts';

const allowed = { isAuthorized: true };
const unavailable = /^the authorizer cannot decide now$/;
const unauthorized = /^Unauthorized$/;
const jsonType = { 'content-type': 'application/json' };

/** An authorizer whose issuer is reached over real HTTP: much here is what the real fetch makes of it. */
const testAuthorizer = (settings: Parameters<typeof testAuthorizerOn>[0] = {}) =>
  testAuthorizerOn({ ...settings, startDocuments: startDocumentServer });

/** Each makes one of the issuer's documents unusable in one way. */
const faults: readonly (readonly [string, (url: string) => { metadata?: Reply; jwks?: Reply }])[] =
  [
    [
      'metadata that fail with 500',
      (url) => ({
        metadata: raw(
          500,
          jsonType,
          JSON.stringify({ issuer: url, jwks_uri: `${url}${jwksPath}` }),
        ),
      }),
    ],
    ['metadata that are not there', () => ({ metadata: raw(404, jsonType, '{}') })],
    ['metadata that never come', () => ({ metadata: hang })],
    [
      'metadata in HTML',
      () => ({ metadata: raw(200, { 'content-type': 'text/html' }, '<p>Hello</p>') }),
    ],
    [
      'metadata in a picture',
      (url) => ({
        metadata: raw(
          200,
          { 'content-type': 'image/png' },
          JSON.stringify({ issuer: url, jwks_uri: `${url}${jwksPath}` }),
        ),
      }),
    ],
    ['metadata of no type in HTML', () => ({ metadata: raw(200, {}, '<!doctype html>') })],
    ['metadata that do not parse', () => ({ metadata: raw(200, jsonType, '{"issuer":') })],
    ['metadata that are a text', () => ({ metadata: json('issuer') })],
    ['metadata that are null', () => ({ metadata: json(null) })],
    [
      'metadata without an issuer',
      (url) => ({ metadata: json({ jwks_uri: `${url}${jwksPath}` }) }),
    ],
    [
      'metadata of another issuer',
      (url) => ({
        metadata: json({ issuer: 'https://issuer.example.com', jwks_uri: `${url}${jwksPath}` }),
      }),
    ],
    [
      'metadata whose issuer has a slash more',
      (url) => ({ metadata: json({ issuer: `${url}/`, jwks_uri: `${url}${jwksPath}` }) }),
    ],
    [
      'metadata that redirect',
      (url) => ({ metadata: raw(302, { location: `${url}/elsewhere` }, '') }),
    ],
    ['metadata without a jwks_uri', (url) => ({ metadata: json({ issuer: url }) })],
    [
      'a jwks_uri that is no URL',
      (url) => ({ metadata: json({ issuer: url, jwks_uri: '/jwks.json' }) }),
    ],
    [
      'a jwks_uri in plain http',
      (url) => ({
        metadata: json({ issuer: url, jwks_uri: 'http://issuer.example.com/jwks.json' }),
      }),
    ],
    [
      'a jwks_uri in another scheme',
      (url) => ({ metadata: json({ issuer: url, jwks_uri: 'data:application/json,{"keys":[]}' }) }),
    ],
    [
      'keys that fail with 503',
      () => ({ jwks: raw(503, jsonType, JSON.stringify({ keys: [issuerKey.jwk] })) }),
    ],
    ['keys that never come', () => ({ jwks: hang })],
    ['keys that stop on their way', () => ({ jwks: stall })],
    ['keys in HTML', () => ({ jwks: raw(200, { 'content-type': 'text/html' }, '{"keys":[]}') })],
    [
      'keys that redirect',
      (url) => ({ jwks: raw(301, { location: `${url}${metadataPath}` }, '') }),
    ],
    ['keys over 150 KB', () => ({ jwks: json({ keys: [], padding: 'x'.repeat(150_000) }) })],
    ['a JWK Set without keys', () => ({ jwks: json({}) })],
    ['a JWK Set whose keys are no list', () => ({ jwks: json({ keys: {} }) })],
    ['a JWK Set that is a list', () => ({ jwks: json([issuerKey.jwk]) })],
  ];

describe('an issuer in trouble', () => {
  test.for(faults)(
    'I14: with no keys yet, %s let nobody in; it is a 500, not a 401',
    async ([, fault]) => {
      const { handler, bearer, issuer, log } = await testAuthorizer({ fetchTimeout: 150 });
      Object.assign(issuer, fault(issuer.url));
      await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unavailable);
      expect(log).toMatchObject([{ outcome: 'failed', reason: expect.stringMatching(/./) }]);
      expect(issuer.requests).not.toContain('/elsewhere');
    },
  );

  test.for(faults)('I14: with keys an hour old at most, %s are forgiven', async ([, fault]) => {
    const { handler, bearer, issuer, clock } = await testAuthorizer({ fetchTimeout: 150 });
    const event = httpEvent(await bearer({ claims: { exp: start + 10_000 } }));
    await handler(event);
    Object.assign(issuer, fault(issuer.url));
    clock.now = start + 3600;
    expect(await handler(event)).toMatchObject(allowed);
    clock.now = start + 3601;
    await expect(handler(event)).rejects.toThrow(unavailable);
  });

  test('I14: an issuer that is not there at all lets nobody in', async () => {
    const { handler, bearer, issuer, log } = await testAuthorizer();
    const event = httpEvent(await bearer());
    await issuer.close();
    await expect(handler(event)).rejects.toThrow(unavailable);
    expect(log).toMatchObject([
      { outcome: 'failed', reason: expect.stringMatching(/ECONNREFUSED/) },
    ]);
  });

  test('I14: an issuer that recovers is asked again after two seconds while there are no keys', async () => {
    const { handler, bearer, issuer, clock } = await testAuthorizer();
    const { metadata } = issuer;
    issuer.metadata = raw(500, jsonType, '{}');
    const event = httpEvent(await bearer());
    await expect(handler(event)).rejects.toThrow(unavailable);
    issuer.metadata = metadata;
    await expect(handler(event)).rejects.toThrow(unavailable);
    clock.now = start + 2;
    expect(await handler(event)).toMatchObject(allowed);
  });

  test('I14: while stale keys do, an issuer in trouble is asked every 30 seconds', async () => {
    const { handler, bearer, issuer, clock } = await testAuthorizer();
    const event = httpEvent(await bearer());
    await handler(event);
    issuer.metadata = raw(500, jsonType, '{}');
    issuer.requests.length = 0;
    for (const seconds of [300, 301, 329, 330, 359]) {
      clock.now = start + seconds;
      expect(await handler(event)).toMatchObject(allowed);
    }
    expect(issuer.requests).toEqual([metadataPath, metadataPath]);
  });

  test('I14: an answer without a body is not taken for one', async () => {
    const bodiless = () => Promise.resolve(new Response(null, { headers: jsonType }));
    const { handler, bearer } = await testAuthorizer({ fetch: bodiless });
    await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unavailable);
  });

  test('I14: a JWK Set with no keys verifies nothing, and is no outage', async () => {
    const { handler, bearer } = await testAuthorizer({ keys: [] });
    await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unauthorized);
  });

  test('I06: plain http keys are for an issuer on this computer only', async () => {
    const issuer = 'https://issuer.example.com';
    const asked: unknown[] = [];
    const metadata = { issuer, jwks_uri: 'http://127.0.0.1:9001/2018-06-01/runtime' };
    const keys = issuerKeys({
      issuer,
      fetch: (url) => {
        asked.push(url);
        return Promise.resolve(Response.json(metadata));
      },
      fetchTimeout: 1000,
      now: () => start,
    });
    await expect(keys('kid')).rejects.toMatchObject({ code: 'temporarily_unavailable' });
    expect(asked).toHaveLength(1);
  });
});
