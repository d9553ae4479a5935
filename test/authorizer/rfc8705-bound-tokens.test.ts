import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, test } from 'vitest';
import { certificateThumbprint } from '../../functions/oauth/client-certificate.ts';
import { start } from '../support/access-tokens.ts';
import { apiUrl, boundApi, shown } from '../support/bound-api.ts';
import { type CertificateInit, certificate } from '../support/certificates.ts';
import { athOf, dpopKey, signProof } from '../support/dpop.ts';
import { calls, httpCall } from './possession-events.ts';

const api = await boundApi();
const handler = api.handler();
const made = async (init: CertificateInit = {}) => (await certificate({ at: start, ...init })).cert;
const own = await made();
const thumbprint = (pem: string) => certificateThumbprint(new X509Certificate(pem));
const boundTo = (pem: string, more = {}) =>
  api.token({ claims: { cnf: { 'x5t#S256': thumbprint(pem), ...more } } });
const bearer = (access_token: string) => ({ authorization: `Bearer ${access_token}` });

describe.for(Object.entries(calls))('RFC 8705 §3 at a %s API', ([, form]) => {
  test('C05: a token is let in on a connection with its certificate', async () => {
    const headers = bearer(await boundTo(own));
    const answer = await handler(form({ headers, certificate: own }));
    expect(JSON.stringify(answer)).toMatch(/"isAuthorized":true|"Effect":"Allow"/);
    expect(api.log.at(-1)).toMatchObject({ outcome: 'allowed', 'x5t#S256': thumbprint(own) });
    expect(answer.context).toMatchObject({ cnf: JSON.stringify({ 'x5t#S256': thumbprint(own) }) });
  });

  test.for<[string, () => Promise<string | undefined>, RegExp]>([
    ['no certificate', async () => undefined, /^no certificate for a token that is bound to one$/],
    ['another certificate', () => made(), /^the token is bound to another certificate$/],
    ['what is no certificate', async () => 'a certificate', /^a malformed certificate$/],
  ])('C05: it is refused with %s', async ([, show, reason]) => {
    const headers = bearer(await boundTo(own));
    const call = form({ headers, certificate: await show() });
    await expect(handler(call)).rejects.toThrow(/^Unauthorized$/);
    expect(api.log.at(-1)).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(reason),
    });
  });

  test.for<[string, CertificateInit, RegExp]>([
    ['has expired', { from: -2, to: -1 }, /expired at 20/],
    ['is not valid yet', { from: 1, to: 2 }, /not valid before 20/],
  ])('C09: it is refused with its certificate when that %s', async ([, init, reason]) => {
    const pem = await made(init);
    const call = form({ headers: bearer(await boundTo(pem)), certificate: pem });
    await expect(handler(call)).rejects.toThrow(/^Unauthorized$/);
    expect(api.log.at(-1)?.reason).toMatch(reason);
  });

  test('C08: a certificate in a header counts for nothing', async () => {
    const raw = new X509Certificate(own).raw.toString('base64');
    const headers = {
      ...bearer(await boundTo(own)),
      'client-cert': `:${raw}:`,
      'x-amzn-mtls-clientcert': encodeURIComponent(own),
      'x-forwarded-client-cert': `Cert="${encodeURIComponent(own)}"`,
      'x-ssl-client-cert': encodeURIComponent(own),
    };
    await expect(handler(form({ headers }))).rejects.toThrow(/^Unauthorized$/);
  });

  test('D16: as DPoP it is refused, for it is bound to no key', async () => {
    const access_token = await boundTo(own);
    const call = form({ headers: shown(access_token, 'a.b.c'), certificate: own });
    await expect(handler(call)).rejects.toThrow(/^Unauthorized$/);
  });
});

test('C05, D14: a token that is bound to a key and a certificate needs both', async () => {
  const key = await dpopKey();
  const access_token = await boundTo(own, { jkt: await calculateJwkThumbprint(key.jwk) });
  const claims = { htm: 'GET', htu: `${apiUrl}/orders/7`, ath: athOf(access_token) };
  const ask = async (certificate?: string, proof?: string) =>
    handler(httpCall({ headers: shown(access_token, proof), certificate }));
  const proof = await signProof(key, { claims });
  await expect(ask(undefined, proof)).rejects.toThrow(/^Unauthorized$/);
  await expect(ask(own)).rejects.toThrow(/^Unauthorized$/);
  const asBearer = httpCall({ headers: bearer(access_token), certificate: own });
  await expect(handler(asBearer)).rejects.toThrow(/^Unauthorized$/);
  // The refusal for want of the certificate has not used the proof up.
  expect(await ask(own, proof)).toMatchObject({ isAuthorized: true });
});
