import { calculateJwkThumbprint, exportJWK, jwtVerify } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import type { Deployment } from './deployment.ts';
import { getToken } from './obtained-token.ts';
import { type Registered, registerClient, registerResource } from './registration.ts';
import { activePublicKey } from './signing-keys.ts';

/** A client gets a token from the deployed functions, and uses it. */
export function tokenJourney({ issuer, api }: Deployment): void {
  let billing: Registered;
  beforeAll(async () => {
    await registerResource(api, 'read write');
    billing = await registerClient('read');
  });

  test("E01, E02, E03: a token that openid-client gets verifies with the stack's key, by jose", async () => {
    const { access_token, expires_in } = await getToken(issuer, billing);
    expect(expires_in).toBe(3600);
    const expected = { issuer, audience: api, typ: 'at+jwt', algorithms: ['RS256'] };
    const { payload } = await jwtVerify(access_token, await activePublicKey(), expected);
    const { client_id } = billing;
    expect(payload).toMatchObject({ client_id, sub: client_id, scope: 'read' });
  });

  test("G01, G06: the JWK Set has the stack's key and no other", async () => {
    const jwk = await exportJWK(await activePublicKey());
    const response = await fetch(`${issuer}/.well-known/jwks.json`);
    expect(await response.json()).toEqual({
      keys: [expect.objectContaining({ ...jwk, kid: await calculateJwkThumbprint(jwk) })],
    });
  });

  test('I01, I15: the demo API lets the token in, and says whose it is', async () => {
    const { access_token } = await getToken(issuer, billing);
    const response = await callApi(access_token);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ client_id: billing.client_id, scope: 'read' });
  });

  test('I06, I09, I11: the demo API refuses no token, too little scope, and a changed token', async () => {
    const { access_token } = await getToken(issuer, billing);
    expect((await fetch(api)).status).toBe(401);
    expect((await callApi(access_token, 'POST')).status).toBe(403);
    const [header, claims] = access_token.split('.');
    // The emulator answers 500 where an authorizer throws "Unauthorized".
    expect((await callApi(`${header}.${claims}.AAAA`)).status).not.toBe(200);
  });

  test('A20: a wrong secret gets no token but a challenge', async () => {
    const wrong = { ...billing, client_secret: 'wrong' };
    await expect(getToken(issuer, wrong)).rejects.toMatchObject({
      status: 401,
      cause: [{ scheme: 'basic', parameters: { realm: issuer } }],
    });
  });

  const callApi = (access_token: string, method = 'GET') =>
    fetch(api, { method, headers: { authorization: `Bearer ${access_token}` } });
}
