import { appendFile, readFile } from 'node:fs/promises';
import { type RequestOptions, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { SignJWT } from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { afterAll, describe, expect, test } from 'vitest';
import type { TrustRule } from '../../functions/oauth/trust-rule.ts';
import { assertionForm } from '../support/assertions.ts';
import { certificate } from '../support/certificates.ts';
import { json, startDocumentServer } from '../support/document-server.ts';
import { sharedStack } from '../support/shared-stack.ts';
import { stackRegistry } from '../support/stack-registry.ts';
import { type TestKey, testKey } from '../support/test-key.ts';

const stack = await sharedStack();
const registry = stackRegistry(stack);
const platform = await startDocumentServer();
afterAll(platform.close);
const platformKey = await testKey('RS256');
platform.replies.set('/keys', json({ keys: [platformKey.jwk] }));

async function callApi(access_token: unknown) {
  const headers = { authorization: `Bearer ${access_token}` };
  const response = await fetch(stack.api, { headers });
  return { status: response.status, body: await response.json() };
}

const letIn = (client_id: string) => ({ status: 200, body: { client_id, scope: 'read' } });
const insecure = { [oauth.allowInsecureRequests]: true };

describe('private_key_jwt with clients that others wrote', () => {
  /** A client with a key of its own: registered, or published on this computer. */
  async function signing(client_id: string, alg: string, where: 'jwks' | 'jwks_uri') {
    const key = await testKey(alg);
    platform.replies.set(`/${client_id}`, json({ keys: [key.jwk] }));
    const jwks = { keys: [key.jwk] };
    await registry.client({
      client_id,
      token_endpoint_auth_method: 'private_key_jwt',
      secrets: [],
      ...(where === 'jwks' ? { jwks } : { jwks_uri: `${platform.url}/${client_id}` }),
    });
    return { key: key.privateKey, kid: key.kid };
  }

  test.for([
    ['ES256', 'jwks'],
    ['RS256', 'jwks'],
    ['RS384', 'jwks'],
    ['PS512', 'jwks'],
    ['ES512', 'jwks'],
    ['Ed25519', 'jwks'],
    ['ES384', 'jwks_uri'],
  ] as const)('openid-client: %s by %s', async ([alg, where]) => {
    const client_id = `openid-client-${alg}`;
    const config = await client.discovery(
      new URL(stack.issuer),
      client_id,
      undefined,
      client.PrivateKeyJwt(await signing(client_id, alg, where)),
      { execute: [client.allowInsecureRequests] },
    );
    for (const name of ['resource', 'audience']) {
      const parameters = { scope: 'read', [name]: stack.api };
      const { access_token } = await client.clientCredentialsGrant(config, parameters);
      expect(await callApi(access_token)).toMatchObject(letIn(client_id));
      const unknown = client.clientCredentialsGrant(config, { [name]: 'urn:unknown' });
      await expect(unknown).rejects.toMatchObject({ error: 'invalid_target' });
    }
  });

  test.for([
    ['PS256', 'jwks'],
    ['PS384', 'jwks'],
    ['RS512', 'jwks_uri'],
    ['ES256', 'jwks_uri'],
  ] as const)('oauth4webapi: %s by %s', async ([alg, where]) => {
    const client_id = `oauth4webapi-${alg}`;
    const key = await signing(client_id, alg, where);
    const issuer = new URL(stack.issuer);
    const server = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }),
    );
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      { client_id },
      oauth.PrivateKeyJwt(key),
      { scope: 'read' },
      insecure,
    );
    const tokens = await oauth.processClientCredentialsResponse(server, { client_id }, response);
    expect(await callApi(tokens.access_token)).toMatchObject(letIn(client_id));
  });
});

describe('workload identity with the JWTs of platforms', () => {
  /** What a platform signs, whose discovery document is under this path. */
  async function issuedBy(path: string, claims: Readonly<Record<string, unknown>>, key: TestKey) {
    const issuer = `${platform.url}${path}`;
    const metadata = { issuer, jwks_uri: `${platform.url}/keys` };
    platform.replies.set(`${path}/.well-known/openid-configuration`, json(metadata));
    const jwt = new SignJWT({ jti: path, ...claims }).setIssuedAt().setExpirationTime('5m');
    const header = { alg: key.alg, kid: key.kid, typ: 'JWT' };
    return {
      issuer,
      assertion: await jwt.setIssuer(issuer).setProtectedHeader(header).sign(key.privateKey),
    };
  }

  const rule = (special: Partial<TrustRule>): TrustRule => ({
    issuer: '',
    subject: undefined,
    subject_glob: undefined,
    audience: stack.issuer,
    claims: {},
    single_use: true,
    max_lifetime: 3600,
    ...special,
  });

  async function exchange(client_id: string, assertion: string, trust: TrustRule) {
    await registry.client({
      client_id,
      token_endpoint_auth_method: 'federated',
      secrets: [],
      trust: [trust],
    });
    const body = new URLSearchParams(assertionForm(assertion, { client_id, scope: 'read' }));
    const response = await fetch(`${stack.issuer}/token`, { method: 'POST', body });
    const answer = (await response.json()) as Readonly<Record<string, unknown>>;
    return { status: response.status, access_token: answer.access_token, error: answer.error };
  }

  test('a job of GitHub Actions', async () => {
    const job = {
      sub: 'repo:octo-org-123456/octo-repo-456789:ref:refs/heads/main',
      aud: stack.issuer,
      repository: 'octo-org/octo-repo',
      repository_id: '456789',
      repository_owner: 'octo-org',
      ref: 'refs/heads/main',
      workflow: 'deploy',
      actor: 'octocat',
      event_name: 'push',
    };
    const { issuer, assertion } = await issuedBy('/github', job, platformKey);
    const trust = rule({
      issuer,
      subject_glob: 'repo:*:ref:refs/heads/main',
      claims: { repository: 'octo-org/octo-repo', ref: 'refs/heads/main' },
    });
    const { access_token } = await exchange('github-job', assertion, trust);
    expect(await callApi(access_token)).toMatchObject(letIn('github-job'));
    expect(await exchange('github-job', assertion, trust)).toMatchObject({ status: 400 });
  });

  test('a role of AWS, by the JWT that STS GetWebIdentityToken gives', async () => {
    const role = 'arn:aws:iam::123456789012:role/DataProcessingRole';
    const claims = {
      sub: role,
      aud: stack.issuer,
      'https://sts.amazonaws.com/': {
        aws_account: '123456789012',
        source_region: 'us-east-1',
        org_id: 'o-abc1234567',
        principal_tags: { team: 'data-engineering' },
      },
    };
    const { issuer, assertion } = await issuedBy('/sts', claims, platformKey);
    const account = { aws_account: '123456789012', org_id: 'o-abc1234567' };
    const trust = rule({
      issuer,
      subject: role,
      claims: { 'https://sts.amazonaws.com/': account },
    });
    const { access_token } = await exchange('aws-role', assertion, trust);
    expect(await callApi(access_token)).toMatchObject(letIn('aws-role'));
    const other = { 'https://sts.amazonaws.com/': { ...account, org_id: 'o-other' } };
    expect(await exchange('aws-role', assertion, { ...trust, claims: other })).toMatchObject({
      status: 400,
      error: 'invalid_client',
    });
  });
});

const demo = {
  cert: await readFile(stack.tls.demoClient),
  key: await readFile(stack.tls.demoClientKey),
};

describe('mutual TLS with Node’s own client', () => {
  type Alias = 'token_endpoint' | 'revocation_endpoint' | 'introspection_endpoint';

  async function post(alias: Alias, form: string, options: Pick<RequestOptions, 'cert' | 'key'>) {
    const metadata = await fetch(`${stack.issuer}/.well-known/oauth-authorization-server`);
    const { mtls_endpoint_aliases } = (await metadata.json()) as {
      mtls_endpoint_aliases: Readonly<Record<Alias, string>>;
    };
    const ca = await readFile(stack.tls.authority);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const settings = { method: 'POST', agent: false, headers, ca, ...options };
    return await new Promise<string>((resolve, reject) =>
      request(mtls_endpoint_aliases[alias], settings, (response) =>
        text(response).then(resolve, reject),
      )
        .on('error', reject)
        .end(form),
    );
  }

  async function ask(client_id: string, options: Pick<RequestOptions, 'cert' | 'key'>) {
    const form = `grant_type=client_credentials&scope=read&client_id=${client_id}`;
    return JSON.parse(await post('token_endpoint', form, options));
  }

  test('C07, J01, K01: a certificate of an authority, at each endpoint', async () => {
    await registry.client({
      client_id: 'by-name',
      token_endpoint_auth_method: 'tls_client_auth',
      secrets: [],
      tls_client_auth_subject_dn: 'CN=demo-client, O=Countersign demo',
      introspection_resources: [stack.api],
    });
    const { access_token } = await ask('by-name', demo);
    expect(await callApi(access_token)).toMatchObject(letIn('by-name'));
    const form = new URLSearchParams({ client_id: 'by-name', token: access_token }).toString();
    const introspected = async () => JSON.parse(await post('introspection_endpoint', form, demo));
    expect(await introspected()).toMatchObject({ active: true, client_id: 'by-name' });
    expect(await post('revocation_endpoint', form, demo)).toBe('');
    await expect.poll(introspected, { interval: 100, timeout: 20_000 }).toEqual({ active: false });
  });

  test('a self-signed certificate that the truststore has', async () => {
    const own = await certificate();
    await registry.client({
      client_id: 'by-key',
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      secrets: [],
      jwks: { keys: [own.jwk] },
    });
    await appendFile(stack.tls.truststore, own.cert);
    const { access_token } = await ask('by-key', own);
    expect(await callApi(access_token)).toMatchObject(letIn('by-key'));
    expect(await ask('by-key', demo)).toMatchObject({ error: 'invalid_client' });
  });
});
