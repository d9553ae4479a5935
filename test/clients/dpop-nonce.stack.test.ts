import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import { describe, expect, test } from 'vitest';
import { sharedStack } from '../support/shared-stack.ts';
import { dpopClient, openidClient } from './dpop-client.ts';

const stack = await sharedStack({ dpopNonce: 'required', clientCache: '0' });
const { client_id, client_secret } = stack.demoClient;
const guarded = new URL('/guarded', stack.api);
const asking = { stack, client_id, authentication: oauth.ClientSecretBasic(client_secret) };

describe('DPoP with nonces that the servers provide', () => {
  test('D06, D13, D17: oauth4webapi is told a nonce by each server, once', async () => {
    const { getToken, call, handle, challenges } = await dpopClient(asking);
    const { access_token, token_type } = await getToken();
    expect(token_type).toBe('dpop');
    expect(decodeJwt(access_token).cnf).toEqual({ jkt: await handle.calculateThumbprint() });
    expect(challenges()).toBe(1);
    const response = await call(access_token, guarded);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ client_id, scope: 'read' });
    expect(challenges()).toBe(2);
    // From then on each answer brings the nonce for the next request.
    await getToken();
    expect((await call(access_token, guarded)).headers.get('dpop-nonce')).toMatch(/^[\w-]{30}$/);
    expect(challenges()).toBe(2);
  });

  test('D17: openid-client does it by itself', async () => {
    const { call } = await openidClient(stack);
    expect((await call(guarded)).status).toBe(200);
  });
});
