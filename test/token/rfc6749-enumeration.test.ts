import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { failedAttempts } from '../../functions/authentication/failed-attempts.ts';
import type { Client } from '../../functions/oauth/client.ts';
import type { TrustRule } from '../../functions/oauth/trust-rule.ts';
import {
  type AssertionChange,
  assertionAlgorithms,
  assertionForm,
  signAssertion,
} from '../support/assertions.ts';
import { authority, certificate } from '../support/certificates.ts';
import { json, raw } from '../support/document-server.ts';
import { memoryCounter } from '../support/memory/memory-counter.ts';
import { memoryPlatform } from '../support/memory/memory-documents.ts';
import { type TestKey, testKey } from '../support/test-key.ts';
import { issuer, stoppedAt, tokenEndpoint } from '../support/token-endpoint.ts';
import { exponentOne } from '../support/weak-keys.ts';

/** Who is registered must not be told by what a refusal costs: each kind of client has the same work done. */

const documents = memoryPlatform();
const platform = documents.url;
documents.replies.set('/none', raw(404, {}, ''));
const counter = memoryCounter();
const { writes } = counter;
const endpoint = await tokenEndpoint(
  { failedAttempts: failedAttempts(counter, () => stoppedAt) },
  { fetch: documents.fetch },
);
const refused = await endpoint.post('grant_type=client_credentials');

/** jose verifies with this, and our own code verifies nothing. */
const verify = vi.spyOn(crypto.subtle, 'verify');
afterAll(() => void verify.mockRestore());
beforeEach(() => void verify.mockClear());

const rule = (special: Partial<TrustRule> = {}): TrustRule => ({
  issuer: platform,
  subject: 'job',
  subject_glob: undefined,
  audience: issuer,
  claims: {},
  single_use: true,
  max_lifetime: 3600,
  ...special,
});

const workload = 'spiffe://example.org/job';

/** Takes the names of keys away. */
const unnamed = (keys: readonly TestKey['jwk'][]) => keys.map(({ kid: _, ...key }) => key);

/** Kinds of clients that have three keys, by what is registered; undefined: nothing is. */
const kinds = {
  'is unknown': () => undefined,
  'is disabled': (jwks) => ({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks,
    disabled: true,
  }),
  'is disabled, with a URL of its keys': () => ({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `${platform}/keys`,
    disabled: true,
  }),
  'is disabled, with keys that cannot be had': () => ({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `${platform}/none`,
    disabled: true,
  }),
  'is disabled, with a platform': () => ({
    token_endpoint_auth_method: 'federated',
    trust: [rule()],
    disabled: true,
  }),
  'is disabled, with a SPIFFE ID': () => ({
    token_endpoint_auth_method: 'spiffe_jwt',
    spiffe_id: workload,
    spiffe_bundle_endpoint: `${platform}/bundle`,
    disabled: true,
  }),
  'has a secret': () => ({ token_endpoint_auth_method: 'client_secret_basic' }),
  'has a certificate': () => ({
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: 'CN=x',
  }),
  'has keys': (jwks) => ({ token_endpoint_auth_method: 'private_key_jwt', jwks }),
  'has one key': ({ keys }) => ({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: keys.slice(0, 1) },
  }),
  'has keys without names': ({ keys }) => ({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: unnamed(keys) },
  }),
  'has a key of the name and others without': ({ keys: [first, ...others] }) => ({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [...unnamed(others), ...(first ? [first] : [])] },
  }),
  'has no keys': () => ({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [] } }),
  'has a weak key': () => ({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [exponentOne.jwk] },
  }),
  'publishes its keys': () => ({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `${platform}/keys`,
  }),
  'publishes keys without names': () => ({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `${platform}/unnamed`,
  }),
  'publishes keys that cannot be had': () => ({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `${platform}/none`,
  }),
  'has a platform': () => ({ token_endpoint_auth_method: 'federated', trust: [rule()] }),
  'has a platform with keys in the rule': (jwks) => ({
    token_endpoint_auth_method: 'federated',
    trust: [rule({ jwks })],
  }),
  'has a platform with a URL of keys': () => ({
    token_endpoint_auth_method: 'federated',
    trust: [rule({ jwks_uri: `${platform}/unnamed`, jwks_ca: 'an authority' })],
  }),
  'has a platform with no keys in the rule': () => ({
    token_endpoint_auth_method: 'federated',
    trust: [rule({ jwks: { keys: [] } })],
  }),
  'has another platform': () => ({
    token_endpoint_auth_method: 'federated',
    trust: [rule({ issuer: 'https://other.example' })],
  }),
  'has a SPIFFE ID': () => ({
    token_endpoint_auth_method: 'spiffe_jwt',
    spiffe_id: workload,
    spiffe_bundle_endpoint: `${platform}/bundle`,
  }),
  'has another SPIFFE ID': () => ({
    token_endpoint_auth_method: 'spiffe_jwt',
    spiffe_id: `${workload}/other`,
    spiffe_bundle_endpoint: `${platform}/bundle`,
  }),
  'has a SPIFFE ID in its certificate': () => ({
    token_endpoint_auth_method: 'spiffe_x509',
    spiffe_id: workload,
  }),
  'has no rules': () => ({ token_endpoint_auth_method: 'federated', trust: [] }),
} satisfies Readonly<
  Record<string, (jwks: { keys: TestKey['jwk'][] }) => Partial<Client> | undefined>
>;

let sources = 0;
/** An address that no failure has been counted for. */
const newSource = () => `192.0.2.${++sources}`;

/** What a request of a client of each kind is answered, and what it costs. */
async function costs(
  own: readonly TestKey[],
  form: (client_id: string) => Promise<string>,
  { sourceIp = newSource(), later = () => {} } = {},
) {
  const jwks = { keys: own.map(({ jwk }) => jwk) };
  documents.replies.set('/keys', json(jwks));
  const inBundle = jwks.keys.map((key) => ({ ...key, use: 'jwt-svid' }));
  documents.replies.set('/bundle', json({ keys: inBundle }));
  documents.replies.set('/unnamed', json({ keys: unnamed(jwks.keys) }));
  const outcomes: Record<string, unknown> = {};
  for (const [kind, clientOf] of Object.entries(kinds)) {
    const client_id = `${kind} ${randomUUID()}`;
    const client = clientOf(jwks);
    if (client) await endpoint.register({ client_id, secrets: [], ...client });
    const request = await form(client_id);
    // The first one fetches what is published.
    await endpoint.post(request, { sourceIp });
    later();
    for (const list of [writes, endpoint.clients.reads, documents.requests]) list.splice(0);
    verify.mockClear();
    outcomes[kind] = {
      answer: await endpoint.post(request, { sourceIp }),
      ...verified(),
      reads: endpoint.clients.reads.length,
      fetches: documents.requests.length,
      writes: writes.length,
    };
  }
  return outcomes;
}

/** A key that is read for the occasion takes as long as half a verification. */
const verified = () => ({
  verifications: verify.mock.calls.length,
  keys: new Set(verify.mock.calls.map(([, key]) => key)).size,
});

const alike = (verifications: number, special: object = {}) => {
  const keys = verifications;
  const cost = {
    answer: refused,
    verifications,
    keys,
    reads: 1,
    fetches: 0,
    writes: 2,
    ...special,
  };
  return Object.fromEntries(Object.keys(kinds).map((kind) => [kind, cost]));
};

/** What tells that there is such a client: its keys cannot be had, and so the assertion cannot be judged. */
const down = 'publishes keys that cannot be had';
const unavailable = {
  statusCode: 503,
  headers: expect.objectContaining({ 'Retry-After': '10' }),
  body: expect.objectContaining({ error: 'temporarily_unavailable' }),
};

/** The same where the assertion may be the client's own. It costs as much, and counts as no failure. */
const alikeButDown = (verifications: number, special: object = {}) => {
  const all = alike(verifications, special);
  return { ...all, [down]: { ...all[down], answer: unavailable, writes: 0 } };
};

describe('RFC 6749 §2.3.1 a wrong assertion costs the same, whoever it is for', () => {
  const wrong =
    (signer: TestKey, change: AssertionChange = {}) =>
    async (client_id: string) => {
      const claims = { iss: client_id, sub: client_id, ...change.claims };
      const assertion = await signAssertion(signer, { ...change, claims });
      return assertionForm(assertion, { client_id });
    };

  const svid = (signer: TestKey, kid: string | undefined) => async (client_id: string) => {
    const claims = { iss: undefined, sub: workload };
    const assertion = await signAssertion(signer, { claims, header: { kid } });
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-spiffe';
    return assertionForm(assertion, { client_id, client_assertion_type: type });
  };

  test.for(assertionAlgorithms)(
    'A11: %s: three verifications, with a kid and without',
    async (alg) => {
      const own = await Promise.all([testKey(alg), testKey(alg), testKey(alg)]);
      const stranger = await testKey(alg);
      const kid = String(own[0]?.kid);
      expect(await costs(own, wrong(stranger, { header: { kid } }))).toEqual(alikeButDown(3));
      expect(await costs(own, wrong(stranger))).toEqual(alikeButDown(3));
      const unnamed = { header: { kid: undefined } };
      expect(await costs(own, wrong(stranger, unnamed))).toEqual(alikeButDown(3));
      const asPlatform = { claims: { iss: platform, sub: 'job' }, header: { kid: undefined } };
      expect(await costs(own, wrong(stranger, asPlatform))).toEqual(alikeButDown(3));
      const mixed = { claims: { iss: 'somebody', sub: 'else' }, header: { kid } };
      expect(await costs(own, wrong(stranger, mixed))).toEqual(alikeButDown(3));
    },
  );

  test('A11: ten seconds later, published keys are fetched once more, and nothing else tells', async () => {
    const own = await Promise.all([testKey('ES256'), testKey('ES256'), testKey('ES256')]);
    const stranger = await testKey('ES256');
    onTestFinished(() => {
      endpoint.clock.now = stoppedAt;
    });
    const later = () => {
      endpoint.clock.now += 10;
    };
    const fetched = (all: Record<string, object>, fetches: Readonly<Record<string, number>>) => {
      for (const [kind, count] of Object.entries(fetches))
        all[kind] = { ...all[kind], fetches: count };
      return all;
    };
    const published = { 'publishes its keys': 1, 'publishes keys without names': 1, [down]: 1 };
    for (const kid of [own[0]?.kid, 'unknown', undefined]) {
      const asOwn = wrong(stranger, { header: { kid } });
      expect(await costs(own, asOwn, { later })).toEqual(fetched(alikeButDown(3), published));
      const asPlatform = wrong(stranger, {
        claims: { iss: platform, sub: 'job' },
        header: { kid },
      });
      const outcomes = await costs(own, asPlatform, { later });
      const platforms = { 'has a platform': 2, 'has a platform with a URL of keys': 1 };
      expect(outcomes).toEqual(fetched(alikeButDown(3), { ...published, ...platforms }));
      const asWorkload = await costs(own, svid(stranger, kid), { later });
      expect(asWorkload).toEqual(fetched(alike(3), { 'has a SPIFFE ID': 1 }));
    }
  });

  test.for(assertionAlgorithms)('A11: %s: the same for a JWT-SVID', async (alg) => {
    const own = await Promise.all([testKey(alg), testKey(alg), testKey(alg)]);
    const stranger = await testKey(alg);
    expect(await costs(own, svid(stranger, undefined))).toEqual(alike(3));
    expect(await costs(own, svid(stranger, own[0]?.kid))).toEqual(alike(3));
    expect(await costs(own, svid(stranger, 'somebody'))).toEqual(alike(3));
  });

  test('A11: while its source is locked out, too, and then nothing is counted', async () => {
    const own = await Promise.all([testKey('ES384'), testKey('ES384'), testKey('ES384')]);
    const stranger = await testKey('ES384');
    const sourceIp = newSource();
    const guess = (index: number) =>
      endpoint.post(`grant_type=client_credentials&client_id=${index}&client_secret=x`, {
        sourceIp,
      });
    for (let index = 0; index < 600; index += 1) await guess(index);
    const locked = await guess(601);
    expect(locked).toMatchObject({ statusCode: 429, headers: { 'Retry-After': '40' } });
    const free = { answer: locked, writes: 0 };
    const kid = String(own[0]?.kid);
    expect(await costs(own, wrong(stranger, { header: { kid } }), { sourceIp })).toEqual(
      alikeButDown(3, free),
    );
    const without = wrong(stranger, { header: { kid: undefined } });
    expect(await costs(own, without, { sourceIp })).toEqual(alikeButDown(3, free));
  });

  test('A11: a signature of another size than the own keys', async () => {
    const own = await Promise.all([testKey('RS256'), testKey('RS256'), testKey('RS256')]);
    const signature = (size: number, first: number) => async (client_id: string) => {
      const [header, payload] = (
        await signAssertion(own[0] as TestKey, {
          claims: { iss: client_id, sub: client_id },
          header: { kid: undefined },
        })
      ).split('.');
      const octets = Buffer.alloc(size, 7).fill(first, 0, Math.min(size, 1));
      const jwt = `${header}.${payload}.${octets.toString('base64url')}`;
      return assertionForm(jwt, { client_id });
    };
    for (const size of [257, 384, 511, 512]) {
      expect(await costs(own, signature(size, 7))).toEqual(alikeButDown(3));
    }
    // Above every modulus, or nearly.
    expect(await costs(own, signature(256, 0xff))).toEqual(alikeButDown(3));
    for (const size of [0, 1, 64, 255, 513, 2048]) {
      expect(await costs(own, signature(size, 7))).toEqual(alikeButDown(0));
    }
  });

  test.for([
    ['an EC signature that is too short', (jwt: string) => jwt.slice(0, -4), true],
    ['a signature that is no base64url', (jwt: string) => jwt.slice(0, -1), false],
    ['no signature', (jwt: string) => jwt.replace(/[^.]*$/, ''), true],
  ] as const)('A11: %s', async ([, change, isJwt]) => {
    const own = await Promise.all([testKey('ES256'), testKey('ES256'), testKey('ES256')]);
    const form = async (client_id: string) => {
      const claims = { iss: client_id, sub: client_id };
      const assertion = await signAssertion(own[0] as TestKey, { claims });
      return assertionForm(change(assertion), { client_id });
    };
    const outcomes = await costs(own, form);
    expect(outcomes).toEqual(isJwt ? alikeButDown(0) : alike(0));
  });

  test.for<readonly [string, AssertionChange]>([
    ['an alg that is not allowed', { header: { alg: 'HS256' }, signer: Buffer.alloc(32) }],
    ['a critical header parameter', { header: { crit: ['http://example.com/unknown'] } }],
    ['another type', { header: { typ: 'at+jwt' } }],
    ['a kid that is no text', { header: { kid: 1 } }],
    ['an alg that cannot be made a text', { header: { kid: undefined } }],
  ])('A11: %s is refused before any key is tried', async ([what, change]) => {
    const own = await Promise.all([testKey('ES256'), testKey('ES256'), testKey('ES256')]);
    const form = async (client_id: string) => {
      const extension = { 'http://example.com/unknown': true };
      const assertion = await signAssertion(own[0] as TestKey, {
        ...change,
        claims: { iss: client_id, sub: client_id },
        header: { ...change.header, ...(change.header?.crit ? extension : {}) },
      });
      const [, ...rest] = assertion.split('.');
      const header = Buffer.from('{"alg":{"toString":1}}').toString('base64url');
      return assertionForm(
        what.startsWith('an alg that cannot') ? `${header}.${rest.join('.')}` : assertion,
        {
          client_id,
        },
      );
    };
    const outcomes = Object.values(await costs(own, form));
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(outcomes[0]).toMatchObject({ answer: refused, verifications: 0, fetches: 0 });
  });
});

describe('RFC 6749 §2.3.1 a JWT that a platform has signed for somebody else costs the same', () => {
  const asked = { iss: platform, sub: 'a stranger', exp: stoppedAt + 60 };
  test.for<readonly [string, Readonly<Record<string, unknown>>]>([
    ['is right but for its subject', asked],
    ['is late, too', { ...asked, exp: 1 }],
    ['is for another server, too', { ...asked, aud: 'https://other.example' }],
  ])('A11: one that %s', async ([, claims]) => {
    const published = await Promise.all([testKey('ES256'), testKey('ES256'), testKey('ES256')]);
    const jwks = { keys: [(await testKey('ES256')).jwk] };
    const documents = memoryPlatform();
    documents.replies.set('/keys', json({ keys: published.map(({ jwk }) => jwk) }));
    const { register, post } = await tokenEndpoint({}, { fetch: documents.fetch });
    const cost = async (client_id: string, signer: TestKey, kid: string | undefined) => {
      const assertion = await signAssertion(signer, { claims, header: { kid } });
      verify.mockClear();
      const init = { sourceIp: newSource() };
      const answer = await post(assertionForm(assertion, { client_id }), init);
      return { answer, ...verified() };
    };
    // Some publish the same keys as the platform, or keys of their own.
    const others = Object.entries(kinds).filter(
      ([kind]) => !/publishes|platform with a URL/.test(kind),
    );
    for (const [kind, clientOf] of others) {
      const client = clientOf(jwks);
      if (client) await register({ client_id: kind, secrets: [], ...client });
      for (const signer of published) {
        const expected = [kind, { answer: refused, verifications: 3, keys: 3 }];
        expect([kind, await cost(kind, signer, signer.kid)]).toEqual(expected);
        expect([kind, await cost(kind, signer, undefined)]).toEqual(expected);
      }
    }
    expect(documents.requests).toContain('/keys');
  });
});

describe('RFC 6749 §2.3.1 other wrong credentials cost the same', () => {
  test('A11: a wrong secret', async () => {
    const form = async (client_id: string) =>
      `grant_type=client_credentials&${new URLSearchParams({ client_id, client_secret: 'wrong' })}`;
    expect(await costs([], form)).toEqual(alike(0));
  });

  test('A11: the certificate of somebody else', async () => {
    const { cert } = await certificate({ issuer: authority(), at: stoppedAt });
    const outcomes = new Set<string>();
    const sourceIp = newSource();
    for (const [kind, clientOf] of Object.entries(kinds)) {
      const client_id = `${kind} ${randomUUID()}`;
      const client = clientOf({ keys: [] });
      if (client) await endpoint.register({ client_id, ...client });
      const form = `grant_type=client_credentials&${new URLSearchParams({ client_id })}`;
      endpoint.clients.reads.splice(0);
      const answer = await endpoint.post(form, { certificate: cert, sourceIp });
      outcomes.add(JSON.stringify([answer, endpoint.clients.reads.length]));
      expect(answer).toEqual(refused);
    }
    expect(outcomes.size).toBe(1);
    expect(verify).not.toHaveBeenCalled();
  });
});
