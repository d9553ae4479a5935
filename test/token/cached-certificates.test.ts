import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Client } from '../../functions/oauth/client.ts';
import { readClientCertificate } from '../../functions/oauth/client-certificate.ts';
import { authority, type CertificateInit, certificate } from '../support/certificates.ts';
import { countedImports } from '../support/counted-imports.ts';
import { client_id, stoppedAt, tokenEndpoint } from '../support/token-endpoint.ts';

const imports = countedImports();
/** Whether a certificate is its own authority's takes a verification. */
const verify = vi.spyOn(X509Certificate.prototype, 'verify');
beforeEach(() => void verify.mockClear());
afterAll(() => void verify.mockRestore());

const endpoint = await tokenEndpoint();
const issuer = authority();
const byName: Partial<Client> = {
  token_endpoint_auth_method: 'tls_client_auth',
  tls_client_auth_subject_dn: 'CN=billing',
  secrets: [],
};
await endpoint.register(byName);

const made = async (init: CertificateInit = {}) =>
  (await certificate({ issuer, subject: 'CN=billing', at: stoppedAt, ...init })).cert;

/** What a certificate is answered, and what has been done to judge those of this test. */
async function ask(pem: string) {
  const form = `grant_type=client_credentials&client_id=${client_id}`;
  const { statusCode } = await endpoint.post(form, { certificate: pem });
  return [statusCode, imports(), verify.mock.calls.length];
}

describe('RFC 8705 §2 a certificate that was shown before', () => {
  test('C02: it is judged once', async () => {
    const cert = await made();
    for (const _ of [1, 2, 3]) expect(await ask(cert)).toEqual([200, 1, 1]);
    expect(await ask(await made())).toEqual([200, 2, 2]);
  });

  test('C09: its dates count each time', async () => {
    const cert = await made({ to: 1 });
    expect(await ask(cert)).toEqual([200, 1, 1]);
    endpoint.clock.now = stoppedAt + 7200;
    expect(await ask(cert)).toEqual([400, 1, 1]);
    endpoint.clock.now = stoppedAt;
    expect(await ask(cert)).toEqual([200, 1, 1]);
  });

  test('C02: it is the certificate of no other client', async () => {
    const cert = await made();
    expect(await ask(cert)).toEqual([200, 1, 1]);
    await endpoint.register({ ...byName, tls_client_auth_subject_dn: 'CN=other' });
    expect(await ask(cert)).toEqual([400, 1, 1]);
    await endpoint.register(byName);
  });

  test('C02: a weak one is refused each time', async () => {
    const cert = await made({ keys: generateKeyPairSync('rsa', { modulusLength: 1024 }) });
    for (const _ of [1, 2]) expect(await ask(cert)).toEqual([400, 0, 0]);
  });

  test('C02: the cache is bounded: many others take its place', async () => {
    const cert = await made();
    for (const _ of [1, 2]) expect(await ask(cert)).toEqual([200, 1, 1]);
    // What follows a certificate makes it another text.
    for (let other = 0; other < 1000; other += 1) readClientCertificate(`${cert}\n${other}`);
    expect(await ask(cert)).toEqual([200, 2, 2]);
  });
});
