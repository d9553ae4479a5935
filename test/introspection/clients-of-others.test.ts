import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { describe, expect, test } from 'vitest';
import { createHandler as createDiscovery } from '../../functions/discovery/handler.ts';
import type { HttpFunction } from '../../functions/http/http-function.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import { httpApiEvent } from '../support/http-api-event.ts';
import { serverInMemory } from '../support/server-in-memory.ts';
import { testKey } from '../support/test-key.ts';
import { api, client_id, client_secret, issuer } from '../support/token-endpoint.ts';

/** Libraries that others wrote revoke and introspect, by what the metadata say. */

const server = await serverInMemory();
// They go by the clock of the computer.
server.clock.now = Math.floor(Date.now() / 1000);
const key = await testKey('ES256');
const asker = 'the-api';
await server.register({ client_id: asker, introspection_resources: [api] });
await server.register({
  client_id: 'signs',
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [key.jwk] },
});

const discovery = createDiscovery({
  issuer,
  profile: profiles.none,
  authorizationEndpoint: 'none',
  keyRing: { current: server.ring.current, reread: server.ring.current },
  now: () => server.clock.now,
  audit: () => {},
});
const handlers: Readonly<Record<string, HttpFunction>> = {
  '/token': server.handler,
  '/revoke': server.revocation,
  '/introspect': server.introspection,
};

/** Takes a request to the handler of its path, without a network. */
async function fetchFromHandlers(url: string | URL, init: RequestInit = {}): Promise<Response> {
  const request = new Request(url, init);
  const { pathname: path, search } = new URL(request.url);
  const event = httpApiEvent({
    method: request.method,
    path,
    query: search.slice(1),
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  });
  const { statusCode, headers, body } = await (handlers[path] ?? discovery)(event);
  return new Response(body, { status: statusCode, headers });
}

/** Options of oauth4webapi, whose types of a fetch are of its own. */
const by = { [oauth.customFetch]: (url: string, init: object) => fetchFromHandlers(url, init) };
const metadata = await oauth.processDiscoveryResponse(
  new URL(issuer),
  await oauth.discoveryRequest(new URL(issuer), { algorithm: 'oauth2', ...by }),
);
const secret = oauth.ClientSecretBasic(client_secret);

async function introspected(token: string, options: oauth.IntrospectionRequestOptions = {}) {
  const client = { client_id: asker };
  const answer = await oauth.introspectionRequest(metadata, client, secret, token, {
    ...by,
    ...options,
  });
  const said = await oauth.processIntrospectionResponse(metadata, client, answer);
  if (options.requestJwtResponse === true)
    await oauth.validateApplicationLevelSignature(metadata, answer, by);
  return said;
}

const ways: readonly (readonly [string, string, oauth.ClientAuth])[] = [
  ['ClientSecretBasic', client_id, secret],
  ['ClientSecretPost', client_id, oauth.ClientSecretPost(client_secret)],
  ['PrivateKeyJwt', 'signs', oauth.PrivateKeyJwt({ key: key.privateKey, kid: key.kid })],
];

describe('oauth4webapi', () => {
  test.for(ways)('J01, K03: %s takes its token back, and it is active no more', async (way) => {
    const [, id, authentication] = way;
    const client = { client_id: id };
    const issued = await oauth.processClientCredentialsResponse(
      metadata,
      client,
      await oauth.clientCredentialsGrantRequest(metadata, client, authentication, {}, by),
    );
    const token = issued.access_token;
    const asPlain = await introspected(token);
    expect(asPlain).toMatchObject({ active: true, client_id: id, aud: api });
    // It has looked at who has signed it, by the keys that the metadata name, and for whom.
    expect(await introspected(token, { requestJwtResponse: true })).toEqual(asPlain);
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(metadata, client, authentication, token, by),
    );
    server.clock.now += 1;
    expect(await introspected(token)).toEqual({ active: false });
    expect(await introspected(token, { requestJwtResponse: true })).toEqual({ active: false });
  });

  test('K01: a client that may not ask learns of it', async () => {
    const client = { client_id };
    const answer = await oauth.introspectionRequest(metadata, client, secret, 'x', by);
    const process = oauth.processIntrospectionResponse(metadata, client, answer);
    await expect(process).rejects.toMatchObject({ error: 'unauthorized_client', status: 400 });
  });

  test('J03: our own signed answer is a token that cannot be revoked', async () => {
    const client = { client_id };
    const answer = await oauth.introspectionRequest(metadata, { client_id: asker }, secret, 'x', {
      ...by,
      requestJwtResponse: true,
    });
    const jwt = await answer.text();
    expect(decodeJwt(jwt)).toMatchObject({ token_introspection: { active: false } });
    const revoked = await oauth.revocationRequest(metadata, client, secret, jwt, by);
    await expect(oauth.processRevocationResponse(revoked)).rejects.toMatchObject({
      error: 'unsupported_token_type',
      status: 400,
    });
  });
});

describe('openid-client', () => {
  const configured = async (id: string) => {
    const config = await openid.discovery(
      new URL(issuer),
      id,
      undefined,
      openid.ClientSecretBasic(client_secret),
      {
        algorithm: 'oauth2',
        [openid.customFetch]: (url, init) => fetchFromHandlers(url, init as object),
      },
    );
    return config;
  };

  test('J01, K03: it takes its token back, and it is active no more', async () => {
    const [client, resourceServer] = [await configured(client_id), await configured(asker)];
    const { access_token } = await openid.clientCredentialsGrant(client);
    expect(await openid.tokenIntrospection(resourceServer, access_token)).toMatchObject({
      active: true,
      client_id,
    });
    await openid.tokenRevocation(client, access_token);
    server.clock.now += 1;
    expect(await openid.tokenIntrospection(resourceServer, access_token)).toEqual({
      active: false,
    });
  });
});
