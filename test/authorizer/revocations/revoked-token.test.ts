import { describe, expect, test } from 'vitest';
import {
  nothingRevoked,
  type Revocations,
} from '../../../functions/authorizer/revocations/revocations.ts';
import { unavailable } from '../../../functions/oauth/oauth-error.ts';
import type { Revoked } from '../../../functions/oauth/revoked.ts';
import { audience, start, type TokenChange } from '../../support/access-tokens.ts';
import { boundApi } from '../../support/bound-api.ts';
import { memoryDocuments } from '../../support/memory/memory-documents.ts';
import { events, httpEvent } from '../events.ts';
import { httpCall } from '../possession-events.ts';
import { issuerKey, testAuthorizer } from '../test-authorizer.ts';

const uri = 'https://as.example.com/status-lists/0';
const allowed = { isAuthorized: true };

/** What an authorizer knows, which a test may change. */
const knowing = (known: { revoked: Partial<Revoked>; isStale?: boolean }): Revocations => ({
  current: async () => ({
    revoked: { ...nothingRevoked, ...known.revoked },
    isStale: known.isStale ?? false,
  }),
});

/** What is known while it cannot be told. */
const unknown: Revocations = {
  current: async () => {
    throw unavailable('the list is too old');
  },
};

type Row = readonly [what: string, revoked: Partial<Revoked>, reason: string, TokenChange?];

const revocations: readonly Row[] = [
  ['its key', { keys: new Set([issuerKey.kid]) }, 'its key was revoked'],
  [
    'the tokens of its client',
    { clients: new Map([['s6BhdRkqt3', start + 1]]) },
    'the tokens of its client were revoked',
  ],
  [
    'the tokens for its audience',
    { resources: new Map([[audience, start + 1]]) },
    'the tokens for its audience were revoked',
  ],
  [
    'the tokens for another of its audiences',
    { resources: new Map([['urn:b', start + 1]]) },
    'the tokens for its audience were revoked',
    { claims: { aud: [audience, 'urn:b'] } },
  ],
  ['the token, by its jti', { tokens: new Set(['0a1b2c3d4e5f']) }, 'it was revoked'],
  [
    'the token, by its place in a status list',
    { statusLists: new Map([[uri, Uint8Array.of(0b100)]]) },
    'it was revoked',
    { claims: { status: { status_list: { idx: 2, uri } } } },
  ],
];

const others: readonly (readonly [what: string, revoked: Partial<Revoked>, TokenChange?])[] = [
  ['another key', { keys: new Set(['another']) }],
  ['earlier tokens of its client', { clients: new Map([['s6BhdRkqt3', start]]) }],
  ['tokens of another client', { clients: new Map([['another', start + 1]]) }],
  ['earlier tokens for its audience', { resources: new Map([[audience, start]]) }],
  ['another token', { tokens: new Set(['another']) }],
  [
    'another place in its status list',
    { statusLists: new Map([[uri, Uint8Array.of(0b100)]]) },
    { claims: { status: { status_list: { idx: 1, uri } } } },
  ],
  [
    'its place in another status list',
    { statusLists: new Map([[`${uri}0`, Uint8Array.of(0b100)]]) },
    { claims: { status: { status_list: { idx: 2, uri } } } },
  ],
];

describe('an authorizer that knows what was taken back', () => {
  test.for(revocations)('I13: refuses a token after %s', async ([, revoked, why, change]) => {
    const { handler, bearer, log } = await testAuthorizer({
      revocations: () => knowing({ revoked }),
    });
    const authorization = await bearer(change);
    for (const event of Object.values(events)) {
      await expect(handler(event(authorization))).rejects.toThrow(/^Unauthorized$/);
    }
    const reason = `the token was taken back: ${why}`;
    const line = { outcome: 'refused', reason, client_id: 's6BhdRkqt3', jti: '0a1b2c3d4e5f' };
    expect(log).toMatchObject([line, line, line]);
  });

  test.for(revocations)(
    'I13: refuses a token that it has let in before, after %s',
    async ([, revoked, , change]) => {
      const known: Parameters<typeof knowing>[0] = { revoked: {} };
      const { handler, bearer } = await testAuthorizer({ revocations: () => knowing(known) });
      const event = httpEvent(await bearer(change));
      expect(await handler(event)).toMatchObject(allowed);
      known.revoked = revoked;
      await expect(handler(event)).rejects.toThrow(/^Unauthorized$/);
      known.revoked = {};
      expect(await handler(event)).toMatchObject(allowed);
    },
  );

  test.for(others)('I13: lets in a token after %s', async ([, revoked, change]) => {
    const { handler, bearer, log } = await testAuthorizer({
      revocations: () => knowing({ revoked }),
    });
    expect(await handler(httpEvent(await bearer(change)))).toMatchObject(allowed);
    expect(log[0]).not.toHaveProperty('revocations');
  });

  test('I13: where nothing is asked for, each token is good until it expires', async () => {
    const { handler, bearer } = await testAuthorizer();
    expect(await handler(httpEvent(await bearer()))).toMatchObject(allowed);
  });
});

describe('an authorizer that cannot know what was taken back', () => {
  test('I14: lets nobody in, by a 500 and not a 401, and says whose token it was', async () => {
    const { handler, bearer, log } = await testAuthorizer({ revocations: () => unknown });
    for (const event of Object.values(events)) {
      const answered = handler(event(await bearer()));
      await expect(answered).rejects.toThrow(/^the authorizer cannot decide now$/);
    }
    const line = { outcome: 'failed', reason: 'the list is too old', client_id: 's6BhdRkqt3' };
    expect(log).toMatchObject([line, line, line]);
  });

  test('I09: refuses a token that is wrong as ever, and leaves no error unhandled', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    const documents = memoryDocuments();
    // The list has failed before there are keys to verify the token with.
    const late: typeof fetch = async (...request) => {
      await new Promise((resolve) => setImmediate(resolve));
      return await documents.fetch(...request);
    };
    try {
      const { handler, bearer } = await testAuthorizer({
        revocations: () => unknown,
        startDocuments: async () => documents,
        fetch: late,
      });
      const wrong = await bearer({ claims: { iss: 'https://other.example.com' } });
      await expect(handler(httpEvent(wrong))).rejects.toThrow(/^Unauthorized$/);
      // Node reports it when the microtasks are over.
      await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled).toEqual([]);
    } finally {
      process.off('unhandledRejection', note);
    }
  });

  test('I14: marks each decision by an old list, where its owner lets such requests in', async () => {
    const known = { revoked: {}, isStale: true };
    const { handler, bearer, log } = await testAuthorizer({ revocations: () => knowing(known) });
    expect(await handler(httpEvent(await bearer()))).toMatchObject(allowed);
    const lacking = await handler(httpEvent(await bearer({ claims: { scope: 'write' } })));
    expect(lacking).toMatchObject({ isAuthorized: false });
    Object.assign(known, { revoked: { tokens: new Set(['0a1b2c3d4e5f']) } });
    await expect(handler(httpEvent(await bearer()))).rejects.toThrow(/^Unauthorized$/);
    expect(log).toMatchObject([
      { outcome: 'allowed', revocations: 'stale' },
      { outcome: 'denied', revocations: 'stale' },
      { outcome: 'refused', revocations: 'stale' },
    ]);
  });
});

describe('a guard', () => {
  test('I13: answers 401 to a token that was taken back, with its challenge, and does not say why', async () => {
    const revoked = { clients: new Map([['s6BhdRkqt3', start + 1]]) };
    const api = await boundApi({ revocations: knowing({ revoked }) });
    const { handle, events: handled } = api.guarded();
    const headers = { authorization: `Bearer ${await api.token()}` };
    const answered = await handle(httpCall({ headers }));
    expect(answered).toMatchObject({ statusCode: 401, body: '{"message":"Unauthorized"}' });
    expect(answered.headers['WWW-Authenticate']).toBe(
      'Bearer error="invalid_token", error_description="the access token is not valid", ' +
        'DPoP algs="ES256 RS256"',
    );
    expect(handled).toEqual([]);
  });

  test('I13: uses up no proof of a token that was taken back', async () => {
    const known: Parameters<typeof knowing>[0] = { revoked: {} };
    const api = await boundApi({ revocations: knowing(known) });
    const { handle } = api.guarded();
    const { access_token, prove } = await api.bound();
    const headers = { authorization: `DPoP ${access_token}`, dpop: await prove() };
    known.revoked = { clients: new Map([['s6BhdRkqt3', start + 1]]) };
    expect(await handle(httpCall({ headers }))).toMatchObject({ statusCode: 401 });
    known.revoked = {};
    expect(await handle(httpCall({ headers }))).toMatchObject({ statusCode: 200 });
  });

  test('I14: answers 503 with Retry-After while it cannot know', async () => {
    const api = await boundApi({ revocations: unknown });
    const { handle, events: handled } = api.guarded();
    const headers = { authorization: `Bearer ${await api.token()}` };
    const answered = await handle(httpCall({ headers }));
    expect(answered).toMatchObject({ statusCode: 503, headers: { 'Retry-After': '2' } });
    expect(answered.headers).not.toHaveProperty('WWW-Authenticate');
    expect(handled).toEqual([]);
  });
});
