import 'reflect-metadata';
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
} from '@peculiar/x509';
import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../functions/oauth/client.ts';
import { isExpectedSpiffeId, isSpiffeId } from '../../functions/oauth/spiffe-id.ts';
import { type AssertionChange, assertionForm, signAssertion } from '../support/assertions.ts';
import { authority, type CertificateInit, certificate } from '../support/certificates.ts';
import { json, raw } from '../support/document-server.ts';
import { memoryDocuments } from '../support/memory/memory-documents.ts';
import { testKey } from '../support/test-key.ts';
import { issuer, stoppedAt, tokenEndpoint } from '../support/token-endpoint.ts';

/** draft-ietf-oauth-spiffe-client-auth-02: JWT-SVIDs and X.509-SVIDs, in the shape in which SPIRE makes them. */

const workload = 'spiffe://example.org/my-oauth-client';
const documents = memoryDocuments();
const endpoint = await tokenEndpoint({}, { fetch: documents.fetch });
const refused = await endpoint.post('grant_type=client_credentials');
/** What a workload is answered whose own SVID is wrong (RFC 7521 §4.2.1). */
const explained = (why: RegExp) => ({
  ...refused,
  body: { ...refused.body, error_description: expect.stringMatching(why) },
});
const issued = { statusCode: 200 };
const reason = () => endpoint.audited.at(-1)?.reason;
const spiffe = 'urn:ietf:params:oauth:client-assertion-type:jwt-spiffe';

const [key, next, x509Key] = await Promise.all([
  testKey('ES256'),
  testKey('ES256'),
  testKey('ES384'),
]);

/** A key as the bundle of a SPIRE server has it: without alg. */
const inBundle = ({ jwk: { alg: _, use: __, ...jwk } }: typeof key, use = 'jwt-svid') => ({
  use,
  ...jwk,
});
const bundle = (keys: readonly object[], more = {}) =>
  json({ keys, spiffe_sequence: 10, spiffe_refresh_hint: 300, ...more });
const { kid: _, ...authorityKey } = inBundle(x509Key, 'x509-svid');

describe('draft-ietf-oauth-spiffe-client-auth §3.1 JWT-SVIDs', () => {
  let bundles = 0;

  /** A client of a trust domain, whose bundle nobody has fetched yet. */
  async function trustDomain(special: Partial<Client> = {}) {
    const path = `/bundle-${++bundles}.json`;
    documents.requests.splice(0);
    documents.replies.set(path, bundle([{ ...authorityKey, x5c: ['MIIB'] }, inBundle(key)]));
    endpoint.clock.now = stoppedAt;
    await endpoint.register({
      client_id: workload,
      token_endpoint_auth_method: 'spiffe_jwt',
      secrets: [],
      spiffe_id: workload,
      spiffe_bundle_endpoint: `${documents.url}${path}`,
      ...special,
    });
    return path;
  }

  async function ask(
    change: AssertionChange = {},
    more: Record<string, string> = {},
    signer = key,
  ) {
    const { now } = endpoint.clock;
    const svid = { iss: undefined, jti: undefined, aud: [issuer], sub: workload };
    const claims = { ...svid, iat: now, exp: now + 300, ...change.claims };
    const header = { typ: 'JWT', ...change.header };
    const assertion = await signAssertion(signer, { ...change, claims, header });
    return endpoint.post(assertionForm(assertion, { client_assertion_type: spiffe, ...more }));
  }

  test('B01, B02, B03: an SVID without iss and jti is enough, and its sub is the client', async () => {
    await trustDomain();
    const answer = await ask();
    expect(answer).toMatchObject(issued);
    expect(decodeJwt(answer.body.access_token)).toMatchObject({ sub: workload });
    expect(endpoint.audited.at(-1)).toMatchObject({
      client_id: workload,
      presented: 'jwt_svid',
      auth_method: 'spiffe_jwt',
      assertion_sub: workload,
      assertion_kid: key.kid,
    });
  });

  test('B02: the client_id may be there: the SPIFFE ID, or what the client is registered by', async () => {
    await trustDomain();
    expect(await ask({}, { client_id: workload })).toMatchObject(issued);
    await trustDomain({ client_id: 'billing' });
    expect(await ask({}, { client_id: 'billing' })).toMatchObject(issued);
    expect(await ask({}, { client_id: 'nobody' })).toEqual(refused);
  });

  test('B08: one SVID may be shown until it expires, as the Workload API hands it out', async () => {
    await trustDomain();
    const claims = { aud: issuer, iss: 'https://oidc.example.org', jti: 'a' };
    expect(await ask({ claims })).toMatchObject(issued);
    expect(await ask({ claims })).toMatchObject(issued);
  });

  test.for<[string, AssertionChange, RegExp]>([
    [
      'B04: another audience',
      { claims: { aud: ['https://b.example'] } },
      /aud of the assertion is not /,
    ],
    [
      'B04: the token endpoint',
      { claims: { aud: [`${issuer}/token`] } },
      /aud of the assertion is not /,
    ],
    ['B04: two audiences', { claims: { aud: [issuer, 'b'] } }, /aud of the assertion is not /],
    ['B04: no audience', { claims: { aud: undefined } }, /has no aud/],
    ['B05: no exp', { claims: { exp: undefined } }, /has no exp/],
    ['B05: an exp that has passed', { claims: { exp: stoppedAt - 31 } }, /expired 31 seconds ago/],
    [
      'B05: a life of more than a day',
      { claims: { exp: stoppedAt + 86_701 } },
      /lives for 86701 s/,
    ],
    ['B03: another workload', { claims: { sub: 'spiffe://example.org/other' } }, /another SPIFFE/],
    ['B03: a workload below', { claims: { sub: `${workload}/a` } }, /another SPIFFE ID/],
    ['B03: another trust domain', { claims: { sub: 'spiffe://b.org/a' } }, /another SPIFFE ID/],
    ['B03: a trust domain', { claims: { sub: 'spiffe://example.org' } }, /sub is no SPIFFE ID/],
    ['B03: a client_id', { claims: { sub: 'billing' } }, /sub is no SPIFFE ID/],
    ['B03: no sub', { claims: { sub: undefined } }, /no sub/],
    ['B12: another type', { header: { typ: 'wit+jwt' } }, /another type/],
    ['B09: a shared key', { header: { alg: 'HS256' }, signer: Buffer.alloc(32) }, /alg is none/],
  ])('%s is refused', async ([what, change, sentence]) => {
    await trustDomain();
    const isOwn = /^B0[45]/.test(what);
    expect(await ask(change, { client_id: workload })).toEqual(
      isOwn ? explained(sentence) : refused,
    );
    expect(reason()).toMatch(sentence);
    expect(endpoint.audited.at(-1)).toMatchObject({ presented: 'jwt_svid', client_id: workload });
    expect(endpoint.audited.at(-1)).not.toHaveProperty('auth_method');
  });

  test('B09: keys for X.509-SVIDs, for others, and for what is not known sign none', async () => {
    const path = await trustDomain();
    for (const use of ['x509-svid', 'wit-svid', 'sig', undefined]) {
      endpoint.clock.now += 30;
      documents.replies.set(
        path,
        bundle([{ ...inBundle(key), use }, ...JSON.parse('[null, "a"]')]),
      );
      expect(await ask({ header: { kid: `${use}` } })).toEqual(refused);
      expect(reason()).toMatch('no applicable key in the set');
    }
  });

  test('B09: nor does whoever has another key', async () => {
    await trustDomain();
    expect(await ask({ header: { kid: key.kid } }, {}, next)).toEqual(refused);
    expect(reason()).toBe('signature verification failed');
  });

  test('B13: the bundle is fetched as it hints, and for a kid that it lacks', async () => {
    const path = await trustDomain();
    documents.replies.set(path, bundle([inBundle(key)], { spiffe_refresh_hint: 60 }));
    await ask();
    endpoint.clock.now += 59;
    expect(await ask()).toMatchObject(issued);
    expect(documents.requests).toEqual([path]);
    endpoint.clock.now += 1;
    expect(await ask()).toMatchObject(issued);
    expect(documents.requests).toEqual([path, path]);
    documents.replies.set(path, bundle([inBundle(key), inBundle(next)]));
    endpoint.clock.now += 30;
    expect(await ask({}, {}, next)).toMatchObject(issued);
  });

  test.for([
    ['no hint', {}, { spiffe_refresh_hint: undefined }],
    ['a hint that is none', {}, { spiffe_refresh_hint: 'soon' }],
    ['a hint beside a server that knows better', { 'cache-control': 'max-age=60' }, {}],
    ['a server alone', { 'cache-control': 'max-age=60' }, { spiffe_refresh_hint: undefined }],
  ] as const)('B13: %s', async ([what, headers, more]) => {
    const path = await trustDomain();
    const keys = [inBundle(key)];
    documents.replies.set(path, json({ keys, spiffe_refresh_hint: 600, ...more }, headers));
    await ask();
    endpoint.clock.now += 60;
    expect(await ask()).toMatchObject(issued);
    expect(documents.requests).toHaveLength(what.includes('server') ? 2 : 1);
  });

  test.for([
    ['is down', raw(503, {}, '')],
    ['publishes no bundle', json({ spiffe_sequence: 1 })],
  ] as const)('A24: a bundle endpoint that %s is 503', async ([, reply]) => {
    const path = await trustDomain();
    documents.replies.set(path, reply);
    expect(await ask()).toMatchObject({ statusCode: 503, headers: { 'Retry-After': '10' } });
  });

  test('B13: a client without a bundle endpoint, which the registry never has, gets nothing', async () => {
    await trustDomain({ spiffe_bundle_endpoint: undefined });
    expect(await ask()).toEqual(refused);
    await trustDomain({ spiffe_id: undefined });
    expect(await ask()).toEqual(refused);
  });

  test('B03: an ID that ends in /* is for all below that path, by whole segments', async () => {
    const below = 'spiffe://example.org/client/*';
    await trustDomain({ client_id: 'fleet', spiffe_id: below });
    const as = (sub: string) => ask({ claims: { sub } }, { client_id: 'fleet' });
    expect(await as('spiffe://example.org/client/123')).toMatchObject(issued);
    expect(await as('spiffe://example.org/client/a/b')).toMatchObject(issued);
    for (const other of ['client', 'client123', 'client/', 'other/client/1', 'client/*']) {
      expect(await as(`spiffe://example.org/${other}`)).toEqual(refused);
    }
  });

  test('B01: each assertion has its type: an SVID is no assertion of RFC 7523, and that is no SVID', async () => {
    await trustDomain();
    const bearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const whole = { claims: { iss: workload, jti: 'a' } };
    expect(await ask(whole, { client_assertion_type: bearer })).toEqual(refused);
    expect(reason()).toBe('the client is registered for spiffe_jwt');
    const jwks = { keys: [key.jwk] };
    await endpoint.register({
      client_id: workload,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks,
    });
    expect(await ask(whole)).toEqual(refused);
    expect(await ask(whole, { client_assertion_type: bearer })).toMatchObject(issued);
    expect(await ask(whole, { client_assertion_type: 'jwt-spiffe' })).toEqual(refused);
  });
});

describe('draft-ietf-oauth-spiffe-client-auth §3.2 X.509-SVIDs', () => {
  const usages = (flags: number) => new KeyUsagesExtension(flags, true);
  const { digitalSignature, keyAgreement, keyEncipherment, keyCertSign, cRLSign } = KeyUsageFlags;
  const forTls = new ExtendedKeyUsageExtension([
    ExtendedKeyUsage.serverAuth,
    ExtendedKeyUsage.clientAuth,
  ]);
  const spire: readonly Extension[] = [
    usages(digitalSignature | keyEncipherment | keyAgreement),
    forTls,
  ];
  const uri = (value: string) => ({ type: 'url', value }) as const;
  const trusted = authority('C=US,O=SPIFFE');

  async function ask(
    init: CertificateInit = {},
    special: Partial<Client> = {},
    client_id = workload,
  ) {
    const registered = special.client_id ?? workload;
    await endpoint.register({
      client_id: registered,
      token_endpoint_auth_method: 'spiffe_x509',
      secrets: [],
      spiffe_id: workload,
      ...special,
    });
    const { cert } = await certificate({
      issuer: trusted,
      subject: 'C=US,O=SPIRE',
      names: [uri(workload)],
      extensions: spire,
      at: stoppedAt,
      ...init,
    });
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id });
    return endpoint.post(form.toString(), { certificate: cert });
  }

  test('C01, C02: the SVID and its SPIFFE ID as client_id are enough', async () => {
    const answer = await ask();
    expect(answer).toMatchObject(issued);
    expect(decodeJwt(answer.body.access_token)).toMatchObject({ client_id: workload });
    expect(endpoint.audited.at(-1)).toMatchObject({
      presented: 'client_certificate',
      auth_method: 'spiffe_x509',
      certificate_uri: workload,
      'x5t#S256': expect.any(String),
    });
  });

  test('C01: or what the client is registered by', async () => {
    expect(await ask({}, { client_id: 'billing' }, 'billing')).toMatchObject(issued);
  });

  test('C04: its token may be bound to it', async () => {
    const answer = await ask({}, { tls_client_certificate_bound_access_tokens: true });
    expect(decodeJwt(answer.body.access_token)).toMatchObject({ cnf: { 'x5t#S256': /./ } });
  });

  test('C02: DNS names beside the SPIFFE ID do not count', async () => {
    const names = [{ type: 'dns', value: 'billing.example.org' } as const, uri(workload)];
    expect(await ask({ names })).toMatchObject(issued);
  });

  test('C02: an ID that ends in /* is for all below that path', async () => {
    const special = { spiffe_id: 'spiffe://example.org/shop/*' };
    expect(await ask({ names: [uri('spiffe://example.org/shop/a')] }, special)).toMatchObject(
      issued,
    );
    expect(await ask({ names: [uri('spiffe://example.org/shops/a')] }, special)).toEqual(refused);
  });

  test.for<[string, CertificateInit, RegExp]>([
    ['another SPIFFE ID', { names: [uri('spiffe://example.org/b')] }, /another SPIFFE ID/],
    ['no URI', { names: [{ type: 'dns', value: 'example.org' }] }, /not just one URI/],
    ['two URIs', { names: [uri(workload), uri('https://a.example')] }, /not just one URI/],
    ['the same URI twice', { names: [uri(workload), uri(workload)] }, /not just one URI/],
    ['another URI', { names: [uri('https://example.org/my-oauth-client')] }, /another SPIFFE ID/],
    ['a trust domain', { names: [uri('spiffe://example.org')] }, /another SPIFFE ID/],
    ['a key that does not sign', { extensions: [usages(keyAgreement)] }, /is not for signatures/],
    ['no key usage', { extensions: [forTls] }, /is not for signatures/],
    [
      'a second list of names, of which OpenSSL shows the first',
      {
        names: [uri('spiffe://example.org/b')],
        extensions: [...spire, new SubjectAlternativeNameExtension([uri(workload)])],
      },
      /is not for signatures/,
    ],
    ['key usage twice', { extensions: [...spire, ...spire] }, /is not for signatures/],
    [
      'a key that signs certificates',
      { extensions: [usages(digitalSignature | keyCertSign)] },
      /may sign others/,
    ],
    [
      'a key that signs lists',
      { extensions: [usages(digitalSignature | cRLSign)] },
      /may sign oth/,
    ],
    ['an authority', { isAuthority: true }, /may sign others/],
    [
      'what cannot be read',
      { extensions: [new Extension('2.5.29.15', true, new Uint8Array([3, 1]).buffer)] },
      /is not for signatures/,
    ],
    [
      'servers alone',
      {
        extensions: [
          usages(digitalSignature),
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        ],
      },
      /not for TLS clients/,
    ],
    ['no authority', { issuer: undefined }, /self-signed/],
    ['the past', { from: -3, to: -2 }, /expired at 20/],
  ])('C02: a certificate with, of or for %s is refused', async ([what, init, sentence]) => {
    const isOwn = ['servers alone', 'the past'].includes(what);
    expect(await ask(init)).toEqual(isOwn ? explained(sentence) : refused);
    expect(reason()).toMatch(sentence);
  });

  test('C02: a client without a SPIFFE ID, which the registry never has, gets nothing', async () => {
    expect(await ask({}, { spiffe_id: undefined })).toEqual(refused);
  });
});

describe('SPIFFE ID §2', () => {
  test.for([
    workload,
    'spiffe://example.org/ns/shop/sa/billing',
    'spiffe://a_b-c.d/A._-9',
    'spiffe://example.org/..a/b..',
    `spiffe://example.org/${'a'.repeat(2027)}`,
  ])('%s is one', (id) => {
    expect([isSpiffeId(id), isExpectedSpiffeId(id)]).toEqual([true, true]);
  });

  test.for([
    'spiffe://example.org',
    'spiffe://example.org/',
    'spiffe://Example.org/a',
    'SPIFFE://example.org/a',
    'spiffe://example.org:8443/a',
    'spiffe://me@example.org/a',
    'spiffe://example.org/a/',
    'spiffe://example.org//a',
    'spiffe://example.org/./a',
    'spiffe://example.org/a/..',
    'spiffe://example.org/a?b',
    'spiffe://example.org/a#b',
    'spiffe://example.org/a%2fb',
    'spiffe:///a',
    'https://example.org/a',
    'spiffe://example.org/*',
    'spiffe://*/a',
    'spiffe://example.org/a*',
    'spiffe://example.org/a/*/b',
    'spiffe://example.org/a\n',
    `spiffe://example.org/${'a'.repeat(2028)}`,
  ])('%j is none', (id) => {
    expect([isSpiffeId(id), isExpectedSpiffeId(id)]).toEqual([false, false]);
  });

  test('all below a path are expected, and are none themselves', () => {
    const below = 'spiffe://example.org/a/*';
    expect([isSpiffeId(below), isExpectedSpiffeId(below)]).toEqual([false, true]);
  });
});
