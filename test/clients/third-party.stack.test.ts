import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { createRemoteJWKSet, decodeJwt, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { ClientCredentials } from 'simple-oauth2';
import { describe, expect, test } from 'vitest';
import { basic } from '../support/http-api-event.ts';
import { sharedStack } from '../support/shared-stack.ts';
import { stackRegistry } from '../support/stack-registry.ts';
import { aSecret } from '../support/token-endpoint.ts';

const stack = await sharedStack();
const { client_id, client_secret } = stack.demoClient;
/** A client with the same secret that sends it in the body. */
const posting = 'posting-client';
await stackRegistry(stack).client({
  client_id: posting,
  token_endpoint_auth_method: 'client_secret_post',
  secrets: [aSecret(client_secret)],
});

/** A key that no client has. */
const { privateKey: strangeKey } = await generateKeyPair('ES256');

async function callApi(access_token: string, method = 'GET') {
  const response = await fetch(stack.api, {
    method,
    headers: { authorization: `Bearer ${access_token}` },
  });
  return { status: response.status, body: await response.json() };
}

/** A JSON object whose strings are what the test is about. */
const strings = async (response: Response) => (await response.json()) as Record<string, string>;

const letIn = (client_id: string) => ({ status: 200, body: { client_id, scope: 'read' } });

describe('clients that others wrote get tokens and use them', () => {
  test.for([
    ['oauth2', 'ClientSecretBasic', client_id, client.ClientSecretBasic],
    ['oauth2', 'ClientSecretPost', posting, client.ClientSecretPost],
    ['oidc', 'ClientSecretBasic', client_id, client.ClientSecretBasic],
  ] as const)('openid-client: %s metadata, %s', async ([algorithm, , id, authentication]) => {
    const config = await client.discovery(
      new URL(stack.issuer),
      id,
      undefined,
      authentication(client_secret),
      { algorithm, execute: [client.allowInsecureRequests] },
    );
    const tokens = await client.clientCredentialsGrant(config, {
      scope: 'read',
      resource: stack.api,
    });
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope: 'read' });
    expect(await callApi(tokens.access_token)).toMatchObject(letIn(id));
    const protectedCall = await client.fetchProtectedResource(
      config,
      tokens.access_token,
      new URL(stack.api),
      'GET',
    );
    expect(protectedCall.status).toBe(200);
  });

  test.for([
    ['ClientSecretBasic', client_id, oauth.ClientSecretBasic],
    ['ClientSecretPost', posting, oauth.ClientSecretPost],
  ] as const)('oauth4webapi: %s', async ([, id, authentication]) => {
    const issuer = new URL(stack.issuer);
    const insecure = { [oauth.allowInsecureRequests]: true };
    const server = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }),
    );
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      { client_id: id },
      authentication(client_secret),
      { scope: 'read' },
      insecure,
    );
    const tokens = await oauth.processClientCredentialsResponse(
      server,
      { client_id: id },
      response,
    );
    expect(await callApi(tokens.access_token)).toMatchObject(letIn(id));
  });

  test('J01, J05, K03, I13: openid-client takes its token back, and nobody takes it any more', async () => {
    const asker = 'asks-about-tokens';
    await stackRegistry(stack).client({
      client_id: asker,
      introspection_resources: [stack.api],
      secrets: [aSecret(client_secret)],
    });
    const configured = (id: string) =>
      client.discovery(
        new URL(stack.issuer),
        id,
        undefined,
        client.ClientSecretBasic(client_secret),
        { algorithm: 'oauth2', execute: [client.allowInsecureRequests] },
      );
    const [owner, resourceServer] = [await configured(client_id), await configured(asker)];
    const request = { scope: 'read', resource: stack.api };
    const { access_token } = await client.clientCredentialsGrant(owner, request);
    expect(await client.tokenIntrospection(resourceServer, access_token)).toMatchObject({
      active: true,
      client_id,
    });
    expect(await callApi(access_token)).toMatchObject(letIn(client_id));
    await client.tokenRevocation(owner, access_token);
    const soon = { interval: 100, timeout: 20_000 };
    await expect
      .poll(() => client.tokenIntrospection(resourceServer, access_token), soon)
      .toEqual({ active: false });
    await expect.poll(async () => (await callApi(access_token)).status, soon).toBe(401);
    const other = await client.clientCredentialsGrant(owner, request);
    expect(await callApi(other.access_token)).toMatchObject(letIn(client_id));
  });

  test('openid-client, behind an HTTP library that labels each form as ISO-8859-1', async () => {
    const server = { issuer: stack.issuer, token_endpoint: `${stack.issuer}/token` };
    const authentication = client.ClientSecretBasic(client_secret);
    const config = new client.Configuration(server, client_id, undefined, authentication);
    client.allowInsecureRequests(config);
    config[client.customFetch] = (url, { headers, ...init }) => {
      const type = 'application/x-www-form-urlencoded; charset=ISO-8859-1';
      return fetch(url, { ...init, headers: { ...headers, 'content-type': type } });
    };
    const tokens = await client.clientCredentialsGrant(config, { scope: 'read' });
    expect(await callApi(tokens.access_token)).toMatchObject(letIn(client_id));
  });

  test('openid-client and simple-oauth2: audience, as others call resource', async () => {
    const [id, ledger] = ['two-apis', 'https://ledger.example.com'];
    const registry = stackRegistry(stack);
    await registry.resourceServer(ledger);
    const grants = new Map([stack.api, ledger].map((uri) => [uri, new Set(['read'])] as const));
    await registry.client({ client_id: id, grants, secrets: [aSecret(client_secret)] });
    const server = { issuer: stack.issuer, token_endpoint: `${stack.issuer}/token` };
    const authentication = client.ClientSecretBasic(client_secret);
    const config = new client.Configuration(server, id, undefined, authentication);
    client.allowInsecureRequests(config);
    const simple = new ClientCredentials({
      client: { id, secret: client_secret },
      auth: { tokenHost: stack.issuer, tokenPath: '/token' },
    });
    for (const audience of [stack.api, ledger]) {
      const { access_token } = await client.clientCredentialsGrant(config, { audience });
      const { token } = await simple.getToken({ audience });
      for (const one of [access_token, String(token.access_token)]) {
        expect(decodeJwt(one).aud).toBe(audience);
      }
    }
    const differing = { audience: ledger, resource: stack.api };
    await expect(client.clientCredentialsGrant(config, differing)).rejects.toMatchObject({
      status: 400,
      error: 'invalid_target',
    });
  });

  test('openid-client and simple-oauth2: a token without scope, which is no member', async () => {
    const id = 'without-scope';
    const grants = new Map([[stack.api, new Set<string>()]]);
    await stackRegistry(stack).client({ client_id: id, grants, secrets: [aSecret(client_secret)] });
    const config = await client.discovery(
      new URL(stack.issuer),
      id,
      undefined,
      client.ClientSecretBasic(client_secret),
      { algorithm: 'oauth2', execute: [client.allowInsecureRequests] },
    );
    const tokens = await client.clientCredentialsGrant(config);
    const simple = new ClientCredentials({
      client: { id, secret: client_secret },
      auth: { tokenHost: stack.issuer, tokenPath: '/token' },
    });
    const { token } = await simple.getToken({});
    for (const answer of [tokens, token]) {
      expect(answer).not.toHaveProperty('scope');
      // The API knows the token, and asks for more scope.
      expect(await callApi(String(answer.access_token))).toMatchObject({ status: 403 });
    }
  });

  test('oauth4webapi understands a refusal and its challenge', async () => {
    const server = { issuer: stack.issuer, token_endpoint: `${stack.issuer}/token` };
    const insecure = { [oauth.allowInsecureRequests]: true };
    const ask = async (secret: string, scope: string) =>
      oauth.processClientCredentialsResponse(
        server,
        { client_id },
        await oauth.clientCredentialsGrantRequest(
          server,
          { client_id },
          oauth.ClientSecretBasic(secret),
          { scope },
          insecure,
        ),
      );
    await expect(ask('wrong', 'read')).rejects.toMatchObject({
      status: 401,
      cause: [{ scheme: 'basic', parameters: { realm: stack.issuer, charset: 'UTF-8' } }],
    });
    await expect(ask(client_secret, 'admin')).rejects.toMatchObject({
      status: 400,
      error: 'invalid_scope',
    });
  });

  describe('A20: a client that uses no Authorization header is told the error, and no challenge', () => {
    const server = { issuer: stack.issuer, token_endpoint: `${stack.issuer}/token` };
    const told = { status: 400, error: 'invalid_client', error_description: expect.any(String) };

    test.for([
      ['a wrong secret', oauth.ClientSecretPost('wrong')],
      ['a wrong key', oauth.PrivateKeyJwt(strangeKey)],
      ['no secret', oauth.None()],
    ] as const)('oauth4webapi: %s', async ([, authentication]) => {
      const response = await oauth.clientCredentialsGrantRequest(
        server,
        { client_id: posting },
        authentication,
        {},
        { [oauth.allowInsecureRequests]: true },
      );
      const tokens = oauth.processClientCredentialsResponse(
        server,
        { client_id: posting },
        response,
      );
      await expect(tokens).rejects.toMatchObject(told);
    });

    test.for([
      ['a wrong secret', client.ClientSecretPost('wrong')],
      ['a wrong key', client.PrivateKeyJwt(strangeKey)],
      ['no secret', client.None()],
    ] as const)('openid-client: %s', async ([, authentication]) => {
      const config = new client.Configuration(server, posting, undefined, authentication);
      client.allowInsecureRequests(config);
      await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject(told);
    });

    test('openid-client: B11: what is wrong with an assertion that it has signed', async () => {
      const [id, { publicKey, privateKey }] = ['late', await generateKeyPair('ES256')];
      await stackRegistry(stack).client({
        client_id: id,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [await exportJWK(publicKey)] },
      });
      const authentication = client.PrivateKeyJwt(privateKey, {
        [client.modifyAssertion]: (_, payload) => {
          payload.aud = 'https://other.example';
        },
      });
      const config = new client.Configuration(server, id, undefined, authentication);
      client.allowInsecureRequests(config);
      await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject({
        ...told,
        error_description: expect.stringMatching(/; aud is https:\/\/other\.example$/),
      });
    });

    test('simple-oauth2: a wrong secret', async () => {
      const simple = new ClientCredentials({
        client: { id: posting, secret: 'wrong' },
        auth: { tokenHost: stack.issuer, tokenPath: '/token' },
        options: { authorizationMethod: 'body' },
      });
      const { status, ...body } = told;
      await expect(simple.getToken({})).rejects.toMatchObject({
        output: { statusCode: status },
        data: { payload: body },
      });
    });
  });

  test.for([
    ['header', client_id],
    ['body', posting],
  ] as const)('simple-oauth2: credentials in the %s', async ([place, id]) => {
    const config = {
      client: { id, secret: client_secret },
      auth: { tokenHost: stack.issuer, tokenPath: '/token' },
      options: { authorizationMethod: place },
    };
    const accessToken = await new ClientCredentials(config).getToken({ scope: 'read' });
    expect(accessToken.token).toMatchObject({ token_type: 'Bearer', scope: 'read' });
    expect(accessToken.expired()).toBe(false);
    expect(await callApi(String(accessToken.token.access_token))).toMatchObject(letIn(id));
  });
});

describe('verifiers that others wrote accept the tokens', () => {
  const getToken = async (): Promise<string> => {
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const headers = { authorization: basic(client_id, client_secret) };
    const response = await fetch(`${stack.issuer}/token`, { method: 'POST', headers, body });
    return (await strings(response)).access_token ?? '';
  };
  const openidConfiguration = async () =>
    strings(await fetch(`${stack.issuer}/.well-known/openid-configuration`));

  test('jose, with the JWK Set of the metadata', async () => {
    const { issuer, jwks_uri } = await openidConfiguration();
    const jwks = createRemoteJWKSet(new URL(String(jwks_uri)));
    const { payload } = await jwtVerify(await getToken(), jwks, {
      issuer: String(issuer),
      audience: stack.api,
      typ: 'at+jwt',
    });
    expect(payload).toMatchObject({ iss: stack.issuer, client_id, sub: client_id });
  });

  test('aws-jwt-verify, with the JWK Set of the metadata', async () => {
    const { issuer, jwks_uri } = await openidConfiguration();
    // Its own fetcher speaks https alone.
    const fetcher = { fetch: async (uri: string) => (await fetch(uri)).arrayBuffer() };
    const verifier = JwtVerifier.create(
      { issuer: String(issuer), audience: stack.api, jwksUri: String(jwks_uri) },
      { jwksCache: new SimpleJwksCache({ fetcher }) },
    );
    expect(await verifier.verify(await getToken())).toMatchObject({ client_id });
  });

  test('a token with a changed claim is refused by all, the demo API included', async () => {
    const [header, , signature] = (await getToken()).split('.');
    const claims = { iss: stack.issuer, aud: stack.api, sub: 'root', exp: 4_102_444_800 };
    const forged = [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature];
    expect(await callApi(forged.join('.'))).toMatchObject({ status: 401 });
    const jwks = createRemoteJWKSet(new URL(`${stack.issuer}/.well-known/jwks.json`));
    await expect(jwtVerify(forged.join('.'), jwks)).rejects.toThrow('signature');
  });
});
