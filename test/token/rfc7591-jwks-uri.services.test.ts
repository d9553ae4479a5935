import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { guardedFetch } from '../../functions/remote/guarded-fetch.ts';
import { isPublicAddress } from '../../functions/remote/public-address.ts';
import { publishedKeySets } from '../../functions/remote/published-keys.ts';
import { type AssertionChange, assertionForm, signAssertion } from '../support/assertions.ts';
import {
  hang,
  json,
  type Reply,
  raw,
  stall,
  startDocumentServer,
} from '../support/document-server.ts';
import { selfSigned } from '../support/self-signed.ts';
import { type TestKey, testKey } from '../support/test-key.ts';
import { client_id, issuer, stoppedAt, tokenEndpoint } from '../support/token-endpoint.ts';

const key = await testKey('ES256');
const nextKey = await testKey('ES256');
const endpoint = await tokenEndpoint();
const refused = await endpoint.post('grant_type=client_credentials');
const issued = { statusCode: 200 };
/** Nobody can say whether the assertion is right: its keys cannot be had. */
const unavailable = {
  statusCode: 503,
  headers: { 'Retry-After': '10' },
  body: { error: 'temporarily_unavailable' },
};

/** A client that publishes its keys on this computer, and an instance that has fetched none. */
async function published(jwks: Reply = json({ keys: [key.jwk] })) {
  const server = await startDocumentServer();
  onTestFinished(server.close);
  server.replies.set('/jwks.json', jwks);
  await endpoint.register({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `${server.url}/jwks.json`,
  });
  endpoint.clock.now = stoppedAt;
  const post = endpoint.another();
  const ask = async (by: TestKey = key, change: AssertionChange = {}) => {
    const times = { iat: endpoint.clock.now, exp: endpoint.clock.now + 60 };
    const claims = { ...times, ...change.claims };
    return post(assertionForm(await signAssertion(by, { ...change, claims })));
  };
  const publish = (reply: Reply) => server.replies.set('/jwks.json', reply);
  return { ...server, ask, publish };
}

const reason = () => endpoint.audited.at(-1)?.reason;

describe('RFC 7591 §2 jwks_uri', () => {
  test('B13: keys are fetched once and kept', async () => {
    const { ask, requests } = await published();
    for (let times = 0; times < 3; times += 1) expect(await ask()).toMatchObject(issued);
    expect(requests).toEqual(['/jwks.json']);
  });

  test('B13: the local stack may ask this computer, by name too', async () => {
    const { ask, url } = await published();
    const jwks_uri = `${url.replace('127.0.0.1', 'localhost')}/jwks.json`;
    await endpoint.register({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri });
    expect(await ask()).toMatchObject(issued);
  });

  test('B13: https it is only with a certificate that is trusted', async () => {
    const server = createServer(selfSigned, (_request, response) =>
      json({ keys: [key.jwk] })(response),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { ask } = await published();
    await endpoint.register({
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: `https://localhost:${port}/jwks.json`,
    });
    expect(await ask()).toMatchObject(unavailable);
    expect(reason()).toMatch(/self-signed certificate/);
    const trusted = getCACertificates();
    onTestFinished(() => setDefaultCACertificates(trusted));
    setDefaultCACertificates([...trusted, selfSigned.cert]);
    endpoint.clock.now += 10;
    expect(await ask()).toMatchObject(issued);
  });

  test('B13: requests that come together share one fetch', async () => {
    const { ask, requests } = await published();
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask()));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200]);
    expect(requests).toHaveLength(1);
  });

  test('B13: an unknown kid has them fetched again, once in ten seconds', async () => {
    const { ask, publish, requests } = await published();
    expect(await ask()).toMatchObject(issued);
    publish(json({ keys: [key.jwk, nextKey.jwk] }));
    for (let times = 0; times < 5; times += 1) expect(await ask(nextKey)).toEqual(refused);
    expect(requests).toHaveLength(1);
    endpoint.clock.now += 10;
    expect(await ask(nextKey)).toMatchObject(issued);
    expect(await ask(await testKey('ES256'))).toEqual(refused);
    expect(requests).toHaveLength(2);
  });

  test('B13: a key that is published no longer is refused after five minutes', async () => {
    const { ask, publish } = await published();
    expect(await ask()).toMatchObject(issued);
    publish(json({ keys: [nextKey.jwk] }));
    endpoint.clock.now += 300;
    expect(await ask()).toEqual(refused);
  });

  test('B13: a server in trouble is forgiven for an hour, and no longer', async () => {
    const { ask, publish } = await published();
    expect(await ask()).toMatchObject(issued);
    publish(raw(503, {}, ''));
    endpoint.clock.now = stoppedAt + 3600;
    expect(await ask()).toMatchObject(issued);
    endpoint.clock.now = stoppedAt + 3631;
    expect(await ask()).toMatchObject(unavailable);
    expect(reason()).toMatch('the server answers 503');
  });

  test('B13, A24: while cached keys are forgiven, a key that they lack is refused', async () => {
    const { ask, publish, requests } = await published();
    expect(await ask()).toMatchObject(issued);
    publish(raw(503, {}, ''));
    endpoint.clock.now += 30;
    expect(await ask(nextKey)).toEqual(refused);
    expect(requests).toHaveLength(2);
    expect(reason()).toMatch('no applicable key');
  });

  test('B13: a failure is believed for ten seconds', async () => {
    const { ask, publish, requests } = await published(raw(500, {}, ''));
    for (let times = 0; times < 3; times += 1) expect(await ask()).toMatchObject(unavailable);
    expect(requests).toHaveLength(1);
    publish(json({ keys: [key.jwk] }));
    endpoint.clock.now += 10;
    expect(await ask()).toMatchObject(issued);
  });

  const text = JSON.stringify({ keys: [key.jwk] });
  test.for<readonly [string, Record<string, string>, string]>([
    ['a byte order mark before it', { 'content-type': 'application/json' }, `\uFEFF${text}`],
    ['the type of a JWK Set', { 'content-type': 'application/jwk-set+json' }, text],
    ['text/plain', { 'content-type': 'text/plain' }, text],
    [
      'text/plain, its charset and a mark',
      { 'content-type': 'Text/Plain; charset=utf-8' },
      `\uFEFF${text}`,
    ],
    ['text/json', { 'content-type': 'text/json' }, text],
    ['binary/octet-stream', { 'content-type': 'binary/octet-stream' }, text],
    ['application/octet-stream', { 'content-type': 'application/octet-stream' }, text],
    ['an empty type', { 'content-type': '' }, text],
    ['no type', {}, `\n ${text}\n`],
  ])('B13: a key set with %s is one', async ([, headers, body]) => {
    const { ask } = await published(raw(200, headers, body));
    expect(await ask()).toMatchObject(issued);
  });

  const tenThousand = Array.from({ length: 10_000 }, () => ({ kty: 'EC' }));
  const hundredAndOne = Array.from({ length: 101 }, () => ({ kty: 'EC' }));
  test.for([
    ['HTML', raw(200, { 'content-type': 'text/html' }, '<html>'), 'with HTML, not JSON'],
    ['JSON as HTML', raw(200, { 'content-type': 'text/html;charset=utf-8' }, text), 'with HTML'],
    ['XHTML', raw(200, { 'content-type': 'application/xhtml+xml' }, '<html/>'), 'with HTML'],
    ['HTML of no type', raw(200, {}, '\uFEFF\n<!doctype html>'), 'with HTML, not JSON'],
    ['HTML as text', raw(200, { 'content-type': 'text/plain' }, '<p>Hello</p>'), 'with HTML'],
    ['a picture', raw(200, { 'content-type': 'image/png' }, text), 'something that is not JSON'],
    ['PEM as text', raw(200, { 'content-type': 'text/plain' }, '-----BEGIN'), 'does not parse'],
    ['JSON that does not parse', raw(200, { 'content-type': 'application/json' }, '{'), 'parse'],
    ['a JSON array', json([key.jwk]), 'no keys member'],
    ['null', json(null), 'no object'],
    ['no keys', json({}), 'no keys member'],
    ['keys that are no list', json({ keys: { 0: key.jwk } }), 'no keys member'],
    ['a set of 10,000 keys', json({ keys: tenThousand }), 'more than 100 keys'],
    ['a set of 101 keys', json({ keys: hundredAndOne }), 'more than 100 keys'],
    ['more than 150 KB', json({ keys: [], more: 'x'.repeat(150_000) }), 'too much'],
    ['404', raw(404, { 'content-type': 'application/json' }, '{}'), 'the server answers 404'],
    ['429', raw(429, {}, ''), 'the server answers 429'],
    ['500', raw(500, {}, ''), 'the server answers 500'],
  ] as const)('B13, A24: %s is no key set, and no fault of the client', async ([, reply, why]) => {
    const { ask } = await published(reply);
    expect(await ask()).toMatchObject(unavailable);
    expect(endpoint.audited.at(-1)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(why),
    });
  });

  test.for([
    ['an empty list', json({ keys: [] }), 'no applicable key'],
    ['a private key', json({ keys: [{ ...key.jwk, d: 'AAAA' }] }), 'no applicable key'],
    ['a key for encryption', json({ keys: [{ ...key.jwk, use: 'enc' }] }), 'no applicable key'],
    [
      'a key for another algorithm',
      json({ keys: [{ ...key.jwk, alg: 'ES384' }] }),
      'no applicable',
    ],
    ['a secret', json({ keys: [{ kty: 'oct', k: 'AAAA', kid: key.kid }] }), 'no applicable key'],
    ['a key off its curve', json({ keys: [{ ...key.jwk, y: key.jwk.x }] }), 'no point'],
    ['strange members', json({ keys: [null, 1, [], { ...key.jwk, kid: 1 }] }), 'no applicable key'],
  ] as const)('B13: a set with %s was had, and none of it fits', async ([, reply, why]) => {
    const { ask } = await published(reply);
    expect(await ask()).toEqual(refused);
    expect(reason()).toMatch(why);
  });

  test('B13, A24: a server that refuses the connection', async () => {
    const { ask, close } = await published();
    await close();
    expect(await ask()).toMatchObject(unavailable);
    expect(reason()).toMatch('ECONNREFUSED');
  });

  test('B13, A24: an assertion that no key could verify is refused all the same', async () => {
    const { ask } = await published(raw(503, {}, ''));
    for (const claims of [{ iss: 'another' }, { sub: 'another' }]) {
      expect(await ask(key, { claims })).toEqual(refused);
    }
    const header = { alg: 'HS256' };
    expect(await ask(key, { header, signer: Buffer.alloc(32) })).toEqual(refused);
  });

  test('B13: a redirect is not followed', async () => {
    const { ask, replies, requests, url } = await published();
    replies.set('/elsewhere', json({ keys: [key.jwk] }));
    for (const status of [301, 302, 303, 307, 308]) {
      endpoint.clock.now += 10;
      replies.set('/jwks.json', raw(status, { location: `${url}/elsewhere` }, ''));
      expect(await ask()).toMatchObject(unavailable);
      expect(reason()).toMatch(`the server answers ${status}`);
    }
    expect(requests).not.toContain('/elsewhere');
  });

  test('B13: a server that wants another protocol is given up, and asked again', async () => {
    const upgrade: Reply = ({ socket }) =>
      socket?.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    const { ask, publish } = await published(upgrade);
    expect(await ask()).toMatchObject(unavailable);
    expect(reason()).toMatch('the server hangs up');
    publish(json({ keys: [key.jwk] }));
    endpoint.clock.now += 10;
    expect(await ask()).toMatchObject(issued);
  });

  test.for([
    ['hangs', hang],
    ['begins and never ends', stall],
  ] as const)('B13: a server that %s is given up', async ([, reply]) => {
    const server = await startDocumentServer();
    onTestFinished(server.close);
    server.replies.set('/jwks.json', reply);
    const jwks_uri = `${server.url}/jwks.json`;
    await endpoint.register({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri });
    expect(await guarded({ mayBeLocal: true, fetchTimeout: 100 })).toMatchObject(unavailable);
    expect(reason()).toMatch('the server does not answer in time');
  });
});

interface Guard {
  readonly mayBeLocal?: boolean;
  readonly fetchTimeout?: number;
  readonly addresses?: readonly string[];
  readonly lookUp?: (hostname: string) => Promise<never>;
  readonly claims?: AssertionChange['claims'];
}

/** Asks an instance that resolves every name to these addresses. */
async function guarded({
  mayBeLocal = false,
  fetchTimeout = 2000,
  addresses = [],
  lookUp,
  claims = {},
}: Guard) {
  const now = () => endpoint.clock.now;
  const resolve = async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const fetch = guardedFetch({ mayBeLocal, ...(!mayBeLocal && { resolve: lookUp ?? resolve }) });
  endpoint.clock.now = stoppedAt;
  const post = endpoint.another({ publishedKeys: publishedKeySets({ fetch, fetchTimeout, now }) });
  return post(assertionForm(await signAssertion(key, { claims }), { client_id }));
}

describe('B13: what is not of the public internet is never asked', () => {
  const inside = 'the address is not one of the public internet';
  const at = (jwks_uri: string) =>
    endpoint.register({ client_id, token_endpoint_auth_method: 'private_key_jwt', jwks_uri });

  test.for([
    ['this computer', ['127.0.0.1']],
    ['this computer by another number', ['127.8.9.10']],
    ['this computer in IPv6', ['::1']],
    ['this computer, mapped', ['::ffff:127.0.0.1']],
    ['this computer, by NAT64', ['64:ff9b::7f00:1']],
    ['this computer, by 6to4', ['2002:7f00:1::']],
    ['any address', ['0.0.0.0']],
    ['any address in IPv6', ['::']],
    ['instance metadata', ['169.254.169.254']],
    ['instance metadata, mapped', ['::ffff:169.254.169.254']],
    ['instance metadata in IPv6', ['fd00:ec2::254']],
    ['credentials of a container', ['169.254.170.2']],
    ['a private network, 10/8', ['10.0.0.1']],
    ['a private network, 172.16/12', ['172.31.255.255']],
    ['a private network, 192.168/16', ['192.168.1.1']],
    ['shared address space', ['100.64.0.1']],
    ['a unique local address', ['fc00::1']],
    ['a link-local address', ['fe80::1']],
    ['multicast', ['224.0.0.1']],
    ['multicast in IPv6', ['ff02::1']],
    ['broadcast', ['255.255.255.255']],
    ['documentation', ['192.0.2.1']],
    ['documentation in IPv6', ['2001:db8::1']],
    ['Teredo', ['2001::1']],
    ['a benchmark network', ['198.18.0.1']],
    ['a public address and this computer', ['93.184.215.14', '127.0.0.1']],
    ['this computer and a public address', ['::1', '2606:4700::1111']],
  ] as const)('B13: a name that resolves to %s', async ([, addresses]) => {
    await at('https://keys.example.com/jwks.json');
    expect(await guarded({ addresses })).toEqual(refused);
    expect(reason()).toMatch(inside);
  });

  test.for([
    'https://127.0.0.1/jwks.json',
    'https://[::1]/jwks.json',
    'https://[::ffff:169.254.169.254]/jwks.json',
    'https://169.254.169.254/latest/meta-data/',
    'https://2130706433/jwks.json',
    'https://0x7f.1/jwks.json',
    'https://0177.0.0.1/jwks.json',
  ])('B13: %s, an address without a name', async (uri) => {
    await at(uri);
    expect(await guarded({ addresses: ['93.184.215.14'] })).toEqual(refused);
    expect(reason()).toMatch(inside);
  });

  test('B13: a name without an address', async () => {
    await at('https://keys.example.com/jwks.json');
    expect(await guarded({ addresses: [] })).toMatchObject(unavailable);
    expect(reason()).toMatch('the name has no address');
  });

  test('B13, A24: a name that cannot be looked up', async () => {
    await at('https://keys.example.com/jwks.json');
    const lookUp = () => Promise.reject(new Error('queryA SERVFAIL keys.example.com'));
    expect(await guarded({ lookUp })).toMatchObject(unavailable);
    expect(reason()).toMatch('SERVFAIL');
  });

  test.for([
    'http://keys.example.com/jwks.json',
    'ftp://keys.example.com/',
    'file:///etc/passwd',
    'keys.example.com',
  ])('B13: %s, which is no https URL', async (uri) => {
    await at(uri);
    expect(await guarded({ addresses: ['93.184.215.14'] })).toEqual(refused);
    expect(reason()).toMatch('the URL is not an https one');
  });

  test('B13, A24: where an issuer’s metadata lead there, that is the issuer’s fault', async () => {
    const server = await startDocumentServer();
    onTestFinished(server.close);
    const { url } = server;
    const metadata = { issuer: url, jwks_uri: 'https://10.0.0.1/keys' };
    server.replies.set('/.well-known/openid-configuration', json(metadata));
    const rule = { issuer: url, subject: client_id, subject_glob: undefined, audience: issuer };
    const trust = [{ ...rule, claims: {}, single_use: true, max_lifetime: 3600 }];
    await endpoint.register({ token_endpoint_auth_method: 'federated', trust });
    expect(await guarded({ mayBeLocal: true, claims: { iss: url } })).toMatchObject(unavailable);
    expect(reason()).toMatch(`jwks_uri in the metadata: ${inside}`);
  });

  // Not by a request, which would be one to strangers.
  test.for(['93.184.215.14', '2606:4700::1111', '172.32.0.1', '100.128.0.1', '198.20.0.1'])(
    'B13: %s is of the public internet',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});
