import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { close, listen } from '../../local/io/http-server.ts';
import type { LocalStack, LocalStackOptions } from '../../local/local-stack.ts';
import { startLocalStack } from '../../local/stack.ts';
import { readLocalStackFile } from '../../local/state/local-stack-file.ts';

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'countersign-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

async function start(path: string, options: Partial<LocalStackOptions> = {}): Promise<LocalStack> {
  const stack = await startLocalStack({
    directory: path,
    port: 0,
    apiPort: 0,
    tlsPort: 0,
    apiTlsPort: 0,
    mtlsPort: 0,
    apiMtlsPort: 0,
    ...options,
  });
  onTestFinished(stack.stop);
  return stack;
}

async function token(
  { issuer, demoClient }: LocalStack,
  scope = 'read write',
): Promise<{ status: number; access_token: string }> {
  const { client_id, client_secret } = demoClient;
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope });
  const authorization = `Basic ${btoa(`${client_id}:${client_secret}`)}`;
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization },
    body,
  });
  const { access_token } = (await response.json()) as { access_token: string };
  return { status: response.status, access_token };
}

const call = async ({ api }: LocalStack, access_token?: string, method = 'GET') => {
  const headers = { ...(access_token && { authorization: `Bearer ${access_token}` }) };
  const response = await fetch(api, { method, headers });
  return [response.status, await response.json()];
};

/** The ids of the keys that are published. */
async function kids({ issuer }: LocalStack): Promise<readonly string[]> {
  const response = await fetch(`${issuer}/.well-known/jwks.json`);
  const { keys } = (await response.json()) as { keys: readonly { readonly kid: string }[] };
  return keys.map(({ kid }) => kid);
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await close(server);
  return port;
}

describe('the local stack', () => {
  test('goes the whole way: a token from POST /token opens the demo API, as far as its scope', async () => {
    const stack = await start(await directory());
    const { status, access_token } = await token(stack, 'read');
    expect(status).toBe(200);
    expect(await call(stack)).toEqual([401, { message: 'Unauthorized' }]);
    expect(await call(stack, 'nonsense')).toEqual([401, { message: 'Unauthorized' }]);
    expect(await call(stack, access_token)).toEqual([
      200,
      expect.objectContaining({ client_id: 'demo', scope: 'read' }),
    ]);
    expect(await call(stack, access_token, 'POST')).toEqual([403, { message: 'Forbidden' }]);
    const writing = await token(stack, 'write');
    expect(await call(stack, writing.access_token, 'POST')).toEqual([
      200,
      expect.objectContaining({ client_id: 'demo', scope: 'write' }),
    ]);
    const log = await readFile(stack.logFile, 'utf8');
    expect(log).toContain('"outcome":"issued"');
    expect(log).not.toContain(stack.demoClient.client_secret);
    expect(log).not.toContain(access_token);
    expect(log).not.toContain(stack.account.credentials.accessKeyId);
  });

  test('has another issuer where it is started with one, unlike a deployment', async () => {
    const path = await directory();
    const first = await start(path);
    await first.stop();
    const again = await start(path);
    expect(again.issuer).not.toBe(first.issuer);
    expect((await token(again)).status).toBe(200);
    const known = await readFile(join(path, 'custom-resources.json'), 'utf8');
    expect(Object.values(JSON.parse(known))).toMatchObject([
      { properties: { Issuer: again.issuer, ReplacesIssuer: first.issuer } },
    ]);
  });

  test('works on a registry that is there already, whose table its template does not have', async () => {
    const path = await directory();
    const first = await start(path);
    const table = `arn:aws:dynamodb:eu-west-1:111122223333:table/${first.registryTable}`;
    const [before, { client_secret }] = [await kids(first), first.demoClient];
    await first.stop();
    const settings = { registryTableStreamArn: `${table}/stream/2026-11-30T00:00:00.000` };
    const again = await start(path, { settings });
    const template = await readFile(join(again.cloudAssembly, 'Countersign.template.json'), 'utf8');
    const made = Object.keys(JSON.parse(template).Resources);
    expect(made.filter((id) => id.startsWith('AuthorizationServerRegistry'))).toEqual([]);
    expect(again.registryTable).toBe(first.registryTable);
    expect(again.demoClient.client_secret).toBe(client_secret);
    expect((await token(again)).status).toBe(200);
    expect(await kids(again)).toEqual(before);
  });

  test('tells its owner where it is while it runs, and has its directory for itself', async () => {
    const path = await directory();
    const stack = await start(path);
    const { pid, issuer, api, registryTable, ephemeraTable, revocationsTable } = stack;
    expect(await readLocalStackFile(path)).toEqual({
      pid: process.pid,
      issuer,
      mtlsTokenEndpoint: stack.mtlsTokenEndpoint,
      tlsAuthority: join(path, 'tls/authority.pem'),
      tlsTruststore: join(path, 'tls/truststore.pem'),
      api,
      mtlsApi: stack.mtlsApi,
      registryTable,
      ephemeraTable,
      revocationsTable,
      lambdaEndpoint: stack.lambdaEndpoint,
      keyRotationFunction: stack.keyRotationFunction,
      dynamodbEndpoint: stack.dynamodbEndpoint,
      kmsEndpoint: stack.kmsEndpoint,
      cloudAssembly: join(path, 'cdk.out'),
    });
    expect(pid).toBe(process.pid);
    expect((await stat(join(path, 'custom-resources.json'))).mode & 0o777).toBe(0o600);
    await expect(start(path)).rejects.toThrow(
      `a local stack already runs in ${path} (process ${process.pid})`,
    );
    for (const name of ['local.json', 'local.log', 'demo-client.json', 'lock', 'access-key']) {
      expect((await stat(join(path, name))).mode & 0o777).toBe(0o600);
    }
    const metadata = await fetch(`${issuer}/.well-known/oauth-authorization-server`);
    expect(await metadata.json()).toMatchObject({ issuer, token_endpoint: `${issuer}/token` });
    await stack.stop();
    expect(await readLocalStackFile(path)).toBeUndefined();
    await expect(fetch(issuer)).rejects.toThrow('fetch failed');
    await expect(fetch(api)).rejects.toThrow('fetch failed');
  });

  test('C07: has another door for clients with a certificate, as the metadata say', async () => {
    const { url, mtlsTokenEndpoint, tls, tlsAuthority } = await start(await directory());
    const metadataPath = '/.well-known/oauth-authorization-server';
    const metadata = await (await fetch(url + metadataPath)).json();
    expect(metadata).toMatchObject({
      mtls_endpoint_aliases: { token_endpoint: mtlsTokenEndpoint },
      token_endpoint_auth_methods_supported: expect.arrayContaining(['tls_client_auth']),
    });
    const [ca, cert, key] = await Promise.all(
      [tlsAuthority, tls.demoClient, tls.demoClientKey].map((path) => readFile(path)),
    );
    const get = (certificate: object) => {
      const asking = request(mtlsTokenEndpoint, { ca, path: metadataPath, ...certificate });
      return once(asking.end(), 'response').then(([response]) => json(response));
    };
    expect(await get({ cert, key })).toEqual(metadata);
    await expect(get({})).rejects.toThrow();
  });

  test('has doors for HTTPS that want no certificate of the client, at both addresses', async () => {
    const { tlsUrl, tlsApi, tls } = await start(await directory());
    const ca = await readFile(tls.authority);
    const status = async (url: string) => {
      const [response] = await once(request(url, { ca, agent: false }).end(), 'response');
      response.resume();
      return response.statusCode;
    };
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const at = (url: string) => url.replace('127.0.0.1', host);
      expect(await status(`${at(tlsUrl)}/.well-known/jwks.json`)).toBe(200);
      expect(await status(`${at(tlsApi)}/`)).toBe(401);
    }
  });

  test('keeps clients, keys and tokens over a restart, and forgets them with fresh', async () => {
    const path = await directory();
    const ports = { port: await freePort(), apiPort: await freePort() };
    const first = await start(path, ports);
    const { access_token } = await token(first);
    const before = await kids(first);
    await first.stop();
    const second = await start(path, ports);
    expect(second.demoClient).toEqual(first.demoClient);
    expect(second.account).toEqual(first.account);
    expect(await kids(second)).toEqual(before);
    expect((await token(second)).status).toBe(200);
    expect((await call(second, access_token))[0]).toBe(200);
    await second.stop();
    const third = await start(path, { ...ports, fresh: true });
    expect(third.demoClient.client_secret).not.toBe(first.demoClient.client_secret);
    expect(third.account.credentials).not.toEqual(first.account.credentials);
    expect(await kids(third)).not.toEqual(before);
    expect((await token({ ...third, demoClient: first.demoClient })).status).toBe(401);
    expect((await call(third, access_token))[0]).toBe(401);
  });

  test('answers nobody before the demo is registered', async () => {
    const path = await directory();
    const port = await freePort();
    let registered: Promise<unknown> | undefined;
    const progress = (step: string) => {
      if (!step.startsWith('registering')) return;
      const answered = fetch(`http://127.0.0.1:${port}/nowhere`);
      registered = answered.then(() => stat(join(path, 'demo-client.json')));
    };
    await start(path, { port, progress });
    await expect(registered).resolves.toMatchObject({ size: expect.any(Number) });
  });

  test('follows the demo API to another port', async () => {
    const path = await directory();
    const first = await start(path);
    await first.stop();
    const second = await start(path);
    expect(second.api).not.toBe(first.api);
    expect(second.demoClient.client_secret).toBe(first.demoClient.client_secret);
    const { status, access_token } = await token(second);
    expect(status).toBe(200);
    expect((await call(second, access_token))[0]).toBe(200);
  });

  test('a taken port is one sentence, and nothing is begun', async () => {
    const path = join(await directory(), 'state');
    const server = createServer();
    const port = await listen(server);
    onTestFinished(() => close(server));
    await expect(start(path, { port })).rejects.toThrow(
      `port ${port} is taken; free it, or choose another with PORT=NUMBER npm start`,
    );
    await expect(start(path, { apiPort: port })).rejects.toThrow(
      `port ${port} is taken; free it, or choose another with API_PORT=NUMBER npm start`,
    );
    await expect(start(path, { tlsPort: port })).rejects.toThrow(
      `port ${port} is taken; free it, or choose another with TLS_PORT=NUMBER npm start`,
    );
    await expect(stat(join(path, 'dynamodb'))).rejects.toThrow('ENOENT');
    await expect(stat(join(path, 'lock'))).rejects.toThrow('ENOENT');
    await expect(stat(join(path, 'tls'))).rejects.toThrow('ENOENT');
  });

  test('a directory that cannot be written is one sentence', async () => {
    const file = join(await directory(), 'file');
    await writeFile(file, '');
    await expect(start(join(file, 'state'))).rejects.toThrow(
      `${join(file, 'state')} cannot be written (ENOTDIR); choose another with COUNTERSIGN_DIRECTORY`,
    );
  });
});
