import { discoverOAuthProtectedResourceMetadata } from '@modelcontextprotocol/sdk/client/auth.js';
import {
  ClientCredentialsProvider,
  PrivateKeyJwtProvider,
} from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { decodeJwt, exportPKCS8 } from 'jose';
import { afterAll, describe, expect, test } from 'vitest';
import { startTestStack } from '../support/local-stack.ts';
import { stackRegistry } from '../support/stack-registry.ts';
import { testKey } from '../support/test-key.ts';
import { aSecret, client_secret } from '../support/token-endpoint.ts';
import { startMcpApi } from './mcp-api.ts';

const stack = await startTestStack({ settings: { authorizationEndpointStub: true } });
afterAll(stack.stop);
const registry = stackRegistry(stack);
const expectedIssuer = stack.issuer;
const secret = { clientSecret: client_secret, expectedIssuer };

type Provider = ClientCredentialsProvider | PrivateKeyJwtProvider;

/** What a client does that knows a URL and its own credentials. */
async function called(url: string, authProvider: Provider): Promise<unknown> {
  const transport = new StreamableHTTPClientTransport(new URL(url), { authProvider });
  const client = new Client({ name: 'agent', version: '1.0.0' });
  await client.connect(transport);
  const result = await client.callTool({ name: 'count' });
  await client.close();
  return result;
}

describe.for(['guard', 'authorizer'] as const)(
  'an MCP server behind our %s',
  async (protection) => {
    const api = await startMcpApi(stack, protection);
    afterAll(() => api[Symbol.asyncDispose]());
    const { url } = api;
    await registry.resourceServer(url, { scope: new Set(['tools', 'admin']) });
    const grants = new Map([[url, new Set(['tools'])]]);
    const seven = { content: [{ type: 'text', text: '7' }] };

    test('M05, M01, M03: a tool is called by whoever has a secret', async () => {
      const clientId = `mcp-secret-${protection}`;
      await registry.client({ client_id: clientId, grants, secrets: [aSecret(client_secret)] });
      const provider = new ClientCredentialsProvider({ ...secret, clientId });
      expect(await called(url, provider)).toEqual(seven);
      const { access_token = '' } = provider.tokens() ?? {};
      expect(decodeJwt(access_token)).toMatchObject({ aud: url, scope: 'tools' });
    });

    test('M05, M01, M06: a tool is called by whoever has a key', async () => {
      const clientId = `mcp-key-${protection}`;
      const key = await testKey('ES256');
      await registry.client({
        client_id: clientId,
        grants,
        token_endpoint_auth_method: 'private_key_jwt',
        secrets: [],
        jwks: { keys: [key.jwk] },
      });
      const privateKey = await exportPKCS8(key.privateKey);
      const credentials = { clientId, privateKey, algorithm: 'ES256', expectedIssuer };
      expect(await called(url, new PrivateKeyJwtProvider(credentials))).toEqual(seven);
    });

    test('I11, M05: a tool is not called by whoever may not', async () => {
      const clientId = `mcp-other-${protection}`;
      await registry.client({
        client_id: clientId,
        grants: new Map([[url, new Set(['admin'])]]),
        secrets: [aSecret(client_secret)],
      });
      const provider = new ClientCredentialsProvider({ ...secret, clientId });
      await expect(called(url, provider)).rejects.toThrow(/403|Forbidden/);
      expect(decodeJwt(provider.tokens()?.access_token ?? '')).toMatchObject({ scope: 'admin' });
    });

    test('M05: a client that asks for the scope that it is told gets a token for it', async () => {
      const client_id = `mcp-told-${protection}`;
      await registry.client({ client_id, grants, secrets: [aSecret(client_secret)] });
      // As the Python SDK chooses: by the challenge, else by the metadata, else none.
      const { headers: challenge } = await fetch(url, { method: 'POST' });
      const [, challenged] =
        /\bscope="([^"]+)"/.exec(challenge.get('www-authenticate') ?? '') ?? [];
      const metadata = await discoverOAuthProtectedResourceMetadata(url);
      const scope = challenged ?? metadata.scopes_supported?.join(' ');
      const form = { grant_type: 'client_credentials', client_id, client_secret, resource: url };
      const response = await fetch(`${stack.issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({ ...form, ...(scope && { scope }) }),
      });
      expect(await response.json()).toMatchObject({ token_type: 'Bearer', scope: 'tools' });
    });

    test('I17: the metadata are where the URL of the server says', async () => {
      const { origin, pathname } = new URL(url);
      const metadataUrl = `${origin}/.well-known/oauth-protected-resource${pathname}`;
      expect(await (await fetch(metadataUrl)).json()).toMatchObject({
        resource: url,
        authorization_servers: [stack.issuer],
        resource_name: 'Orders',
      });
      const response = await fetch(url, { method: 'POST' });
      expect(response.status).toBe(401);
      const challenge = response.headers.get('www-authenticate');
      if (protection === 'authorizer') expect(challenge).toBeNull();
      else expect(challenge).toContain(`resource_metadata="${metadataUrl}", scope="tools"`);
    });
  },
);

test('I17, M05: the demo API leads to its metadata, and they to the issuer', async () => {
  const { headers } = await fetch(`${stack.api}/guarded`);
  const metadataUrl = `${stack.api}/.well-known/oauth-protected-resource`;
  expect(headers.get('www-authenticate')).toContain(`resource_metadata="${metadataUrl}"`);
  expect(await (await fetch(metadataUrl)).json()).toEqual({
    resource: stack.api,
    authorization_servers: [stack.issuer],
    scopes_supported: ['read', 'write'],
    bearer_methods_supported: ['header'],
    resource_name: 'Countersign demo API',
    dpop_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'],
  });
});
