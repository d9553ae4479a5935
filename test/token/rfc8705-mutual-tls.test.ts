import 'reflect-metadata';
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
} from '@peculiar/x509';
import { calculateJwkThumbprint, decodeJwt } from 'jose';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Client } from '../../functions/oauth/client.ts';
import { readSubjectName } from '../../registry/distinguished-names/read-name.ts';
import { authority, type CertificateInit, certificate } from '../support/certificates.ts';
import { json } from '../support/document-server.ts';
import { dpopKey, signProof } from '../support/dpop.ts';
import { basic } from '../support/http-api-event.ts';
import { memoryDocuments } from '../support/memory/memory-documents.ts';
import { client_id, client_secret, stoppedAt, tokenEndpoint } from '../support/token-endpoint.ts';

const documents = memoryDocuments();
const endpoint = await tokenEndpoint({}, { fetch: documents.fetch });
const grant = 'grant_type=client_credentials';
const asClient = `${grant}&client_id=${client_id}`;
const refused = await endpoint.post(grant);
/** What a client is answered whose certificate is the right one but for this (RFC 7521 §4.2.1). */
const explained = (why: string) => ({
  ...refused,
  body: {
    ...refused.body,
    error_description: expect.stringMatching(`^client authentication failed: ${why}`),
  },
});
const issued = { statusCode: 200 };
const issuer = authority();
const subject: CertificateInit['subject'] = [{ O: ['Example'] }, { CN: ['billing'] }];

/** A certificate that is valid while the clock stands still. */
const made = (init: CertificateInit = {}) =>
  certificate({ issuer, subject, at: stoppedAt, ...init });

const ask = async (init: CertificateInit = {}, form = asClient) =>
  endpoint.post(form, { certificate: (await made(init)).cert });
const reason = () => endpoint.audited.at(-1)?.reason;

const byName: Partial<Client> = {
  token_endpoint_auth_method: 'tls_client_auth',
  tls_client_auth_subject_dn: 'CN=billing,O=Example',
  secrets: [],
};

describe('RFC 8705 §2.1 PKI mutual-TLS method', () => {
  test('C02: a client with a certificate of its subject gets a token', async () => {
    await endpoint.register(byName);
    const { cert } = await made();
    expect(await endpoint.post(asClient, { certificate: cert })).toMatchObject(issued);
    const der = new X509Certificate(cert).raw;
    expect(endpoint.audited.at(-1)).toMatchObject({
      outcome: 'issued',
      client_id,
      presented: 'client_certificate',
      auth_method: 'tls_client_auth',
      'x5t#S256': createHash('sha256').update(der).digest('base64url'),
    });
  });

  test.for([
    'subject=C = BR, jurisdictionC = BR, businessCategory = Business Entity, O = x, CN = y',
    'subject=C=BR, jurisdictionC=BR, businessCategory=Business Entity, O=x, CN=y',
    'C=BR, jurisdictionC=BR, businessCategory=Business Entity, O=x, CN=y',
    'subject=CN=y,O=x,businessCategory=Business Entity,jurisdictionC=BR,C=BR',
    'CN=y,O=x,2.5.4.15=#0c0f427573696e65737320456e74697479,1.3.6.1.4.1.311.60.2.1.3=#13024252,C=BR',
    '/C=BR/jurisdictionC=BR/businessCategory=Business Entity/O=x/CN=y',
  ])('C02: registered by %s', async (printed) => {
    await endpoint.register({
      ...byName,
      tls_client_auth_subject_dn: readSubjectName(printed).dn,
    });
    const parts: CertificateInit['subject'] = [
      { C: ['BR'] },
      { '1.3.6.1.4.1.311.60.2.1.3': ['BR'] },
      { '2.5.4.15': ['Business Entity'] },
      { O: ['x'] },
      { CN: ['y'] },
    ];
    expect(await ask({ subject: parts })).toMatchObject(issued);
    expect(await ask({ subject: parts.toReversed() })).toEqual(refused);
  });

  test.for<readonly [string, Partial<Client>, CertificateInit]>([
    [
      'san_dns',
      { tls_client_auth_san_dns: 'billing.example.com' },
      { names: [{ type: 'dns', value: 'billing.example.com' }] },
    ],
    [
      'san_uri',
      { tls_client_auth_san_uri: 'spiffe://example.com/billing' },
      { names: [{ type: 'url', value: 'spiffe://example.com/billing' }] },
    ],
    [
      'san_ip',
      { tls_client_auth_san_ip: '2001:db8:0::7' },
      { names: [{ type: 'ip', value: '2001:db8::7' }] },
    ],
    [
      'san_email',
      { tls_client_auth_san_email: 'billing@example.com' },
      { names: [{ type: 'email', value: 'billing@example.com' }] },
    ],
  ])('C02: the subject may be one of %s', async ([, expected, init]) => {
    const { tls_client_auth_subject_dn: _, ...other } = byName;
    await endpoint.register({ ...other, ...expected });
    expect(await ask(init)).toMatchObject(issued);
    expect(await ask()).toEqual(refused);
    expect(reason()).toBe('the certificate has another subject');
  });

  test('C01: client_id selects the client, whoever else the certificate would fit', async () => {
    await endpoint.register(byName);
    await endpoint.register({ ...byName, client_id: 'same' });
    expect(await ask({}, grant)).toEqual(refused);
    expect(reason()).toBe('a certificate without client_id');
    expect(await ask({}, `${grant}&client_id=same`)).toMatchObject(issued);
    expect(await ask({}, `${grant}&client_id=nobody`)).toEqual(refused);
    expect(reason()).toBe('unknown client_id');
  });

  test.for<readonly [string, CertificateInit, string]>([
    ['another subject', { subject: 'CN=payroll,O=Example' }, 'has another subject'],
    ['the subject in the wrong order', { subject: 'CN=billing,O=Example' }, 'has another subject'],
    ['another subject, and has expired', { subject: 'CN=x', from: -2, to: -1 }, 'another subject'],
  ])('C02: a certificate with %s is refused', async ([, init, why]) => {
    await endpoint.register(byName);
    expect(await ask(init)).toEqual(refused);
    expect(reason()).toMatch(why);
  });

  test.for<readonly [string, CertificateInit, string]>([
    ['has expired', { from: -2, to: -1 }, 'the certificate expired at 2023-11-1'],
    ['is not valid yet', { from: 1, to: 2 }, 'the certificate is not valid before 2023-11-1'],
  ])('C09: a certificate that %s is refused, and its owner is told', async ([, init, why]) => {
    await endpoint.register(byName);
    expect(await ask(init)).toEqual(explained(why));
    expect(reason()).toMatch(why);
  });

  test('A21: a disabled client is told so by its own certificate alone', async () => {
    await endpoint.register({ ...byName, disabled: true });
    expect(await ask({})).toEqual(explained('the client is disabled$'));
    expect(await ask({ subject: 'CN=payroll,O=Example' })).toEqual(refused);
    expect(reason()).toBe('the client is disabled');
  });

  test('C02: whoever signs his own certificate may call himself as he likes, and is refused', async () => {
    await endpoint.register(byName);
    const uses = [undefined, KeyUsageFlags.digitalSignature, KeyUsageFlags.keyCertSign];
    for (const use of uses) {
      const extensions = use === undefined ? [] : [new KeyUsagesExtension(use, true)];
      const { cert } = await certificate({ subject, at: stoppedAt, extensions });
      expect(await endpoint.post(asClient, { certificate: cert })).toEqual(refused);
      expect(reason()).toBe('the certificate is self-signed');
    }
  });

  const { clientAuth, serverAuth } = ExtendedKeyUsage;
  test.for<readonly [string, CertificateInit]>([
    ['of a server', { extensions: [new ExtendedKeyUsageExtension([serverAuth])] }],
    ['of an authority', { isAuthority: true }],
  ])('C02: a certificate %s is no client’s', async ([, init]) => {
    await endpoint.register(byName);
    expect(await ask(init)).toEqual(explained('the certificate is not for TLS clients$'));
    expect(reason()).toBe('the certificate is not for TLS clients');
    expect(await ask({ ...init, subject: 'CN=x' })).toEqual(refused);
    const both = new ExtendedKeyUsageExtension([serverAuth, clientAuth]);
    expect(await ask({ extensions: [both] })).toMatchObject(issued);
  });

  test.for([
    ['no PEM', 'x'],
    ['an empty PEM', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'],
  ] as const)('C09: %s is no certificate', async ([, pem]) => {
    await endpoint.register(byName);
    expect(await endpoint.post(asClient, { certificate: pem })).toEqual(refused);
    expect(reason()).toBe('a malformed certificate');
  });

  test('A21: a fault of ours does not tell either who is registered', async () => {
    await endpoint.register(byName);
    const { cert } = await made();
    const post = endpoint.another({
      now: () => {
        throw new Error('the clock has stopped');
      },
    });
    const answers = await Promise.all(
      [client_id, 'nobody'].map((id) => post(`${grant}&client_id=${id}`, { certificate: cert })),
    );
    expect(answers[0]).toMatchObject({ statusCode: 500, body: { error: 'server_error' } });
    expect(answers[1]).toEqual(answers[0]);
  });

  test('C08: a certificate in a header is nobody’s', async () => {
    await endpoint.register(byName);
    const { cert } = await made();
    const headers = {
      'x-client-cert': encodeURIComponent(cert),
      'x-forwarded-client-cert': `Cert="${encodeURIComponent(cert)}"`,
      'x-amzn-mtls-clientcert': encodeURIComponent(cert),
      'client-cert': `:${new X509Certificate(cert).raw.toString('base64')}:`,
    };
    expect(await endpoint.post(asClient, { headers })).toEqual(refused);
    expect(reason()).toBe('no credentials');
  });

  test('C02: the certificate that comes along with a secret proves nothing, and harms nothing', async () => {
    const { cert } = await made();
    const headers = { authorization: basic(client_id, client_secret) };
    await endpoint.register(byName);
    expect(await endpoint.post(grant, { headers, certificate: cert })).toMatchObject({
      statusCode: 401,
      body: refused.body,
    });
    await endpoint.register({});
    expect(await endpoint.post(grant, { headers, certificate: cert })).toMatchObject(issued);
    expect(await endpoint.post(asClient, { certificate: cert })).toEqual(refused);
    expect(reason()).toBe('the client is registered for client_secret_basic');
  });
});

describe('RFC 8705 §2.2 self-signed certificate mutual-TLS method', () => {
  const own = certificate({ subject, at: stoppedAt });
  const byKey = async (special: Partial<Client> = {}): Promise<Partial<Client>> => ({
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    jwks: { keys: [(await own).jwk] },
    secrets: [],
    ...special,
  });
  const askAs = async (of: typeof own) => endpoint.post(asClient, { certificate: (await of).cert });

  test('C03: a certificate for a registered key is the client’s', async () => {
    await endpoint.register(await byKey());
    expect(await askAs(own)).toMatchObject(issued);
    expect(await askAs(certificate({ subject, at: stoppedAt }))).toEqual(refused);
    expect(reason()).toBe('the key of the certificate is none of the client');
  });

  test.for([{ alg: 'RS1' }, { alg: 'RSA-OAEP' }, { key_ops: ['sign'] }, { use: 'enc' }])(
    'C03: %j says what the key does to JWTs, and it signs a handshake here',
    async (members) => {
      const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const shown = certificate({ subject, at: stoppedAt, keys });
      const [[name, value] = []] = Object.entries(members);
      const path = `/${name}/${value}`;
      documents.replies.set(path, json({ keys: [{ ...(await shown).jwk, ...members }] }));
      const jwks_uri = documents.url + path;
      await endpoint.register(await byKey({ jwks: undefined, jwks_uri }));
      expect(await askAs(shown)).toMatchObject(issued);
    },
  );

  test('A21: the key of a certificate is read once, however many keys the client has', async () => {
    const read = vi.spyOn(
      Object.getPrototypeOf(new X509Certificate((await own).cert).publicKey),
      'export',
    );
    onTestFinished(() => void read.mockRestore());
    const others = await Promise.all(
      Array.from({ length: 10 }, () => certificate({ subject, at: stoppedAt })),
    );
    await endpoint.register(await byKey({ jwks: { keys: others.map(({ jwk }) => jwk) } }));
    const stranger = certificate({ subject, at: stoppedAt });
    await stranger;
    read.mockClear();
    expect(await askAs(stranger)).toEqual(refused);
    expect(read).toHaveBeenCalledTimes(1);
  });

  test('C03: the key may be published', async () => {
    documents.replies.set('/jwks.json', json({ keys: [(await own).jwk] }));
    const jwks_uri = `${documents.url}/jwks.json`;
    await endpoint.register(await byKey({ jwks: undefined, jwks_uri }));
    expect(await askAs(own)).toMatchObject(issued);
    const next = certificate({ subject, at: stoppedAt });
    documents.replies.set('/jwks.json', json({ keys: [(await next).jwk] }));
    expect(await askAs(next)).toEqual(refused);
    endpoint.clock.now += 10;
    expect(await askAs(next)).toMatchObject(issued);
    expect(await askAs(own)).toEqual(refused);
    endpoint.clock.now = stoppedAt;
  });

  test('C09: an expired certificate for the key is refused', async () => {
    const expired = certificate({ subject, at: stoppedAt, from: -2, to: -1 });
    await endpoint.register(await byKey({ jwks: { keys: [(await expired).jwk] } }));
    expect(await askAs(expired)).toEqual(explained('the certificate expired at 2023-11-1'));
    await endpoint.register(await byKey());
    expect(await askAs(expired)).toEqual(refused);
  });

  test('A21: a client that is registered for an assertion is told so by a certificate of its key', async () => {
    await endpoint.register(await byKey({ token_endpoint_auth_method: 'private_key_jwt' }));
    expect(await askAs(own)).toEqual(explained('the client is registered for private_key_jwt$'));
    expect(await askAs(certificate({ subject, at: stoppedAt }))).toEqual(refused);
  });
});

const { cert: expired } = await made({ from: -2, to: -1 });

describe('RFC 8705 §3 certificate-bound access tokens', () => {
  const bound = { ...byName, tls_client_certificate_bound_access_tokens: true };
  const cnfOf = (pem: string) => ({
    'x5t#S256': createHash('sha256').update(new X509Certificate(pem).raw).digest('base64url'),
  });

  test('C04: a client that asks for it gets a token with the thumbprint of its certificate', async () => {
    await endpoint.register(bound);
    const { cert } = await made();
    const answer = await endpoint.post(asClient, { certificate: cert });
    expect(answer).toMatchObject({ statusCode: 200, body: { token_type: 'Bearer' } });
    expect(decodeJwt(answer.body.access_token).cnf).toEqual(cnfOf(cert));
    await endpoint.register(byName);
    const { body } = await endpoint.post(asClient, { certificate: cert });
    expect(decodeJwt(body.access_token)).not.toHaveProperty('cnf');
  });

  test('C04: a secret may go with a certificate, which then binds the token', async () => {
    await endpoint.register({ tls_client_certificate_bound_access_tokens: true });
    const headers = { authorization: basic(client_id, client_secret) };
    const { cert } = await made({ issuer: authority('O=Another authority') });
    const answer = await endpoint.post(grant, { headers, certificate: cert });
    expect(decodeJwt(answer.body.access_token).cnf).toEqual(cnfOf(cert));
  });

  test.for<[string, string | undefined, string]>([
    ['no certificate', undefined, 'no certificate'],
    ['a malformed one', 'a certificate', 'a malformed certificate'],
    ['one that has expired', expired, 'the certificate expired at'],
  ])('C04: with %s there is no token', async ([, certificate, cause]) => {
    await endpoint.register({ tls_client_certificate_bound_access_tokens: true });
    const headers = { authorization: basic(client_id, client_secret) };
    expect(await endpoint.post(grant, { headers, certificate })).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_request' },
    });
    expect(reason()).toMatch(cause);
  });

  test('C04, D09: with a DPoP proof it is bound to both', async () => {
    await endpoint.register(bound);
    const key = await dpopKey();
    const { cert } = await made();
    const headers = { DPoP: await signProof(key) };
    const answer = await endpoint.post(asClient, { headers, certificate: cert });
    expect(answer).toMatchObject({ statusCode: 200, body: { token_type: 'DPoP' } });
    const jkt = await calculateJwkThumbprint(key.jwk);
    expect(decodeJwt(answer.body.access_token).cnf).toEqual({ jkt, ...cnfOf(cert) });
  });
});
