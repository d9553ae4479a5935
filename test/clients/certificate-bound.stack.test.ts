import { X509Certificate } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { type RequestOptions, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { decodeJwt } from 'jose';
import { afterAll, describe, expect, test } from 'vitest';
import { certificateThumbprint } from '../../functions/oauth/client-certificate.ts';
import { certificate } from '../support/certificates.ts';
import { basic } from '../support/http-api-event.ts';
import { startTestStack } from '../support/local-stack.ts';
import { stackRegistry } from '../support/stack-registry.ts';
import { client_secret } from '../support/token-endpoint.ts';

const stack = await startTestStack();
afterAll(stack.stop);
const registry = stackRegistry(stack);
const ca = await readFile(stack.tls.authority);
const own = {
  cert: await readFile(stack.tls.demoClient, 'utf8'),
  key: await readFile(stack.tls.demoClientKey, 'utf8'),
};
const others = await certificate();
await appendFile(stack.tls.truststore, others.cert);

type Identity = Pick<RequestOptions, 'cert' | 'key'>;

/** Sends a request over mutual TLS, with Node's own client. */
async function send(url: string, options: RequestOptions & Identity, body?: string) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: unknown; body: unknown }>();
  request(url, { agent: false, ca, ...options }, (response) => {
    const read = text(response).then((answer) => JSON.parse(answer));
    read.then((parsed) => resolve({ status: response.statusCode, body: parsed }), reject);
  })
    .on('error', reject)
    .end(body);
  return await promise;
}

async function getToken(client_id: string, identity: Identity, more = {}) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...more };
  const form = `grant_type=client_credentials&scope=read&client_id=${client_id}`;
  const options = { method: 'POST', headers, ...identity };
  const { body } = await send(stack.mtlsTokenEndpoint, options, form);
  return body as { readonly access_token: string; readonly token_type: string };
}

const bound = { tls_client_certificate_bound_access_tokens: true };
await registry.client({
  client_id: 'meter',
  token_endpoint_auth_method: 'tls_client_auth',
  secrets: [],
  tls_client_auth_subject_dn: 'CN=demo-client, O=Countersign demo',
  ...bound,
});
await registry.client({ client_id: 'with-a-secret', ...bound });
const cnf = { 'x5t#S256': certificateThumbprint(new X509Certificate(own.cert)) };

describe('tokens that are bound to a certificate, over real TLS', () => {
  test.for([
    ['meter', {}],
    ['with-a-secret', { authorization: basic('with-a-secret', client_secret) }],
  ] as const)(
    'C04, C05: %s gets one, and is let in with its certificate alone',
    async ([client_id, headers]) => {
      const { access_token, token_type } = await getToken(client_id, own, headers);
      expect(token_type).toBe('Bearer');
      expect(decodeJwt(access_token).cnf).toEqual(cnf);
      const authorization = `Bearer ${access_token}`;
      for (const path of ['/', '/guarded']) {
        const call = (identity: Identity) =>
          send(`${stack.mtlsApi}${path}`, { headers: { authorization }, ...identity });
        expect(await call(own)).toMatchObject({ status: 200, body: { client_id, scope: 'read' } });
        expect(await call(others)).toMatchObject({ status: 401 });
        const plain = await fetch(`${stack.api}${path}`, { headers: { authorization } });
        expect(plain.status).toBe(401);
      }
    },
  );

  test('C04: without a certificate there is no token', async () => {
    const response = await fetch(`${stack.issuer}/token`, {
      method: 'POST',
      headers: { authorization: basic('with-a-secret', client_secret) },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });
});
