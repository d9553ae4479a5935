import {
  auth,
  discoverAuthorizationServerMetadata,
} from '@modelcontextprotocol/sdk/client/auth.js';
import {
  ClientCredentialsProvider,
  PrivateKeyJwtProvider,
} from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { decodeJwt, exportPKCS8 } from 'jose';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { json, startDocumentServer } from '../support/document-server.ts';
import { startTestStack } from '../support/local-stack.ts';
import { stackRegistry } from '../support/stack-registry.ts';
import { testKey } from '../support/test-key.ts';
import { aSecret, client_secret } from '../support/token-endpoint.ts';

const stack = await startTestStack({ settings: { authorizationEndpointStub: true } });
afterAll(stack.stop);
const registry = stackRegistry(stack);

// An MCP server, as far as its authorization goes (RFC 9728 §3).
const server = await startDocumentServer();
afterAll(server.close);
const resource = `${server.url}/mcp`;
server.replies.set(
  '/.well-known/oauth-protected-resource/mcp',
  json({ resource, authorization_servers: [stack.issuer], scopes_supported: ['read'] }),
);
await registry.resourceServer(resource);
const grants = new Map([[resource, new Set(['read'])]]);

describe('the client credentials extension of the Model Context Protocol, TypeScript SDK', () => {
  const expectedIssuer = stack.issuer;
  const scope = 'read';

  async function tokenOf(
    provider: ClientCredentialsProvider | PrivateKeyJwtProvider,
    serverUrl = resource,
  ) {
    expect(await auth(provider, { serverUrl })).toBe('AUTHORIZED');
    return decodeJwt(String(provider.tokens()?.access_token));
  }

  test('M01, M03: ClientCredentialsProvider gets a token for the MCP server', async () => {
    const client_id = 'mcp-secret';
    await registry.client({ client_id, grants, secrets: [aSecret(client_secret)] });
    const credentials = { clientId: client_id, clientSecret: client_secret };
    const provider = new ClientCredentialsProvider({ ...credentials, scope, expectedIssuer });
    expect(await tokenOf(provider)).toMatchObject({ client_id, aud: resource, scope });
  });

  // Clients send it as URL or pydantic write it, whatever the MCP server says of itself.
  test.for(['', '/'])('F05: an MCP server without a path, which says to be …%s', async (slash) => {
    const origin = await startDocumentServer();
    onTestFinished(origin.close);
    const metadata = { resource: origin.url + slash, authorization_servers: [stack.issuer] };
    origin.replies.set('/.well-known/oauth-protected-resource', json(metadata));
    await registry.resourceServer(origin.url);
    const client_id = `mcp-origin${slash && '-slash'}`;
    const secrets = [aSecret(client_secret)];
    await registry.client({
      client_id,
      grants: new Map([[origin.url, new Set([scope])]]),
      secrets,
    });
    const credentials = { clientId: client_id, clientSecret: client_secret };
    const provider = new ClientCredentialsProvider({ ...credentials, scope, expectedIssuer });
    expect(await tokenOf(provider, origin.url)).toMatchObject({ aud: origin.url, scope });
  });

  test.for(['ES256', 'RS256'])('M01, M02, M06: PrivateKeyJwtProvider, %s', async (algorithm) => {
    const client_id = `mcp-${algorithm}`;
    const key = await testKey(algorithm);
    await registry.client({
      client_id,
      grants,
      token_endpoint_auth_method: 'private_key_jwt',
      secrets: [],
      jwks: { keys: [key.jwk] },
    });
    const privateKey = await exportPKCS8(key.privateKey);
    const credentials = { clientId: client_id, privateKey, algorithm };
    const provider = new PrivateKeyJwtProvider({ ...credentials, scope, expectedIssuer });
    expect(await tokenOf(provider)).toMatchObject({ client_id, aud: resource, scope });
  });

  test('M04: its metadata schema wants what the setting adds', async () => {
    const metadata = await discoverAuthorizationServerMetadata(stack.issuer);
    expect(metadata).toMatchObject({
      issuer: stack.issuer,
      authorization_endpoint: `${stack.issuer}/authorize`,
    });
    const plain = { ...metadata, issuer: server.url, authorization_endpoint: undefined };
    server.replies.set('/.well-known/oauth-authorization-server', json(plain));
    await expect(discoverAuthorizationServerMetadata(server.url)).rejects.toThrow(
      'authorization_endpoint',
    );
  });

  test('M04: the endpoint that it asks for answers with an OAuth error', async () => {
    const response = await fetch(`${stack.issuer}/authorize?response_type=code&client_id=x`, {
      redirect: 'manual',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'unsupported_response_type' });
  });
});
