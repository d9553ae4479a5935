import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as oauth from 'oauth4webapi';
import { describe, expect, test } from 'vitest';
import { basic } from '../support/http-api-event.ts';
import { sharedStack } from '../support/shared-stack.ts';
import { stackRegistry } from '../support/stack-registry.ts';
import { testKey } from '../support/test-key.ts';
import { dpopClient } from './dpop-client.ts';

const stack = await sharedStack({ profile: 'fapi2', dpopNonce: 'required' });
const key = await testKey('ES256');
const client_id = 'fapi-client';
await stackRegistry(stack).client({
  client_id,
  token_endpoint_auth_method: 'private_key_jwt',
  secrets: [],
  jwks: { keys: [key.jwk] },
});
const authentication = oauth.PrivateKeyJwt({ key: key.privateKey, kid: key.kid });

describe('a deployment with the profile fapi2', () => {
  test('L08, L09: oauth4webapi gets a bound token, signed with PS256, and is let in with it', async () => {
    const { getToken, call, handle, server } = await dpopClient({
      stack,
      client_id,
      authentication,
    });
    expect(server.token_endpoint_auth_methods_supported).toEqual([
      'private_key_jwt',
      'tls_client_auth',
      'self_signed_tls_client_auth',
    ]);
    const { access_token } = await getToken();
    expect(decodeProtectedHeader(access_token).alg).toBe('PS256');
    expect(decodeJwt(access_token).cnf).toEqual({ jkt: await handle.calculateThumbprint() });
    expect((await call(access_token, new URL('/guarded', stack.api))).status).toBe(200);
    expect((await call(access_token, new URL(stack.api))).status).toBe(200);
  });

  test('L08: a client with a secret is refused, however right the secret', async () => {
    const { client_id: demo, client_secret } = stack.demoClient;
    const response = await fetch(`${stack.issuer}/token`, {
      method: 'POST',
      headers: { authorization: basic(demo, client_secret) },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: 'invalid_client' });
  });
});
