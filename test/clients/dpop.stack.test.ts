import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import { describe, expect, test } from 'vitest';
import { sharedStack } from '../support/shared-stack.ts';
import { dpopClient, openidClient } from './dpop-client.ts';

const stack = await sharedStack();
const { client_id, client_secret } = stack.demoClient;
const api = new URL(stack.api);
const guarded = new URL('/guarded', api);
const asking = { stack, client_id, authentication: oauth.ClientSecretBasic(client_secret) };

describe('DPoP with clients that others wrote', () => {
  test.for(['ES256', 'RS256', 'PS256', 'Ed25519'])(
    'D09, D12, D14: oauth4webapi, %s: a bound token, and calls with it',
    async (alg) => {
      const { getToken, call, handle, server } = await dpopClient(asking, alg);
      expect(server.dpop_signing_alg_values_supported).toContain(alg);
      const { access_token, token_type } = await getToken();
      expect(token_type).toBe('dpop');
      expect(decodeJwt(access_token).cnf).toEqual({ jkt: await handle.calculateThumbprint() });
      for (const url of [api, guarded, new URL('?page=2', api)]) {
        const response = await call(access_token, url);
        expect(response.status).toBe(200);
        expect(await response.json()).toMatchObject({ client_id, scope: 'read' });
        expect(response.headers.get('dpop-nonce')).toBeNull();
      }
    },
  );

  test('D14: openid-client does the same', async () => {
    const { tokens, call } = await openidClient(stack);
    expect(tokens.token_type).toBe('dpop');
    for (const url of [api, guarded]) expect((await call(url)).status).toBe(200);
  });

  test('D09, I03: oauth4webapi as a resource server takes the token with its proof, and no other', async () => {
    const { getToken, handle, server } = await dpopClient(asking);
    const { access_token } = await getToken();
    const validate = async (DPoP: oauth.DPoPHandle) => {
      const options = { [oauth.allowInsecureRequests]: true };
      const request = await requestBy(DPoP, access_token, api);
      return oauth.validateJwtAccessToken(server, request, stack.api, options);
    };
    const jkt = await handle.calculateThumbprint();
    expect(await validate(handle)).toMatchObject({ client_id, cnf: { jkt } });
    const other = oauth.DPoP({}, await oauth.generateKeyPair('ES256'));
    await expect(validate(other)).rejects.toThrow(/confirmation mismatch/);
  });
});

/** What a client would send, and does not. */
async function requestBy(DPoP: oauth.DPoPHandle, access_token: string, url: URL): Promise<Request> {
  const { promise, resolve } = Promise.withResolvers<Request>();
  await oauth.protectedResourceRequest(access_token, 'GET', url, undefined, null, {
    DPoP,
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: async (href, init) => {
      resolve(new Request(href, init));
      return new Response('{}', { status: 200 });
    },
  });
  return promise;
}

describe('a stolen token is useless', () => {
  const refusals = [
    ['as Bearer', (token: string) => ({ authorization: `Bearer ${token}` }), 'invalid_token'],
    [
      'without a proof',
      (token: string) => ({ authorization: `DPoP ${token}` }),
      'invalid_dpop_proof',
    ],
  ] as const;

  test.for(refusals)('D15, I12: %s', async ([, headersOf, error]) => {
    const { access_token } = await (await dpopClient(asking)).getToken();
    const headers = headersOf(access_token);
    const behindAuthorizer = await fetch(api, { headers });
    expect(behindAuthorizer.status).toBe(401);
    const within = await fetch(guarded, { headers });
    expect(within.status).toBe(401);
    expect(within.headers.get('www-authenticate')).toContain(`error="${error}"`);
  });

  test("D14: with a thief's own key", async () => {
    const { access_token } = await (await dpopClient(asking)).getToken();
    const thief = await dpopClient(asking);
    for (const url of [api, guarded]) {
      // The authorizer of an HTTP API answers without a challenge.
      const call = thief.call(access_token, url).then(({ status }) => ({ status }));
      await expect(call.catch(({ status }) => ({ status }))).resolves.toEqual({ status: 401 });
    }
  });

  test('D08, D18: with the proof of a call that has been made', async () => {
    const { getToken, handle } = await dpopClient(asking);
    const { access_token } = await getToken();
    for (const url of [api, guarded]) {
      const { headers } = await requestBy(handle, access_token, url);
      const send = async () => (await fetch(url, { headers })).status;
      expect(await send()).toBe(200);
      expect(await send()).toBe(401);
    }
  });
});
