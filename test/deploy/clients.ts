import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { beforeAll, expect, test, vi } from 'vitest';
import { rotationSteps } from '../../functions/administration/secret-rotation/rotation-event.ts';
import { inventory } from './account.ts';
import { cdk, deploy } from './cdk.ts';
import { countersign } from './countersign.ts';
import { outputs, product } from './deployed-stack.ts';
import type { Deployment } from './deployment.ts';
import { account, emulator } from './emulator.ts';
import { getToken } from './obtained-token.ts';
import { recordedHistory } from './recorded-history.ts';
import type { Registered } from './registration.ts';
import { activePublicKey } from './signing-keys.ts';

const secretsManager = new SecretsManagerClient(account);
const logs = new CloudWatchLogsClient(account);

const shop = 'Shop';
const [billing, reports] = [`${shop}-Billing`, `${shop}-Reports`];
const audience = 'https://orders.example.com';
const [narrow, wide] = ['orders:read', 'orders:read orders:write'];

/** What the stack of an owner keeps for a client. */
interface Kept extends Registered {
  readonly token_endpoint: string;
  readonly scope: string;
  readonly resource: string;
}

/**
 * Clients in a stack of their owner. The emulator checks no permissions, and knows no policy of a secret: who may read
 * or write one is not tried here. It never calls a function that rotates, and refuses a schedule of rotations: so the
 * stack has none, and the four steps are sent to the deployed function as Secrets Manager would send them.
 */
export function clients({ issuer }: Deployment): void {
  let keys: GenerateKeyPairResult;
  let ownersApp: (scope: string) => readonly string[];
  let secretId = '';
  let first: Kept;
  beforeAll(async () => {
    keys = await generateKeyPair('ES256');
    const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), alg: 'ES256' }] });
    ownersApp = (scope) => [
      // Its functions are deployed already: there is nothing to build.
      ...['--app', `node ${join(import.meta.dirname, 'clients-app.ts')}`, '--build', 'true'],
      ...['--context', `scope=${scope}`, '--context', `jwks=${jwks}`],
    ];
  });
  const kept = async (): Promise<Kept> => {
    const found = await secretsManager.send(new GetSecretValueCommand({ SecretId: secretId }));
    return JSON.parse(found.SecretString ?? '');
  };
  const claimsOf = async ({ access_token }: { readonly access_token: string }) => {
    const expected = { issuer, audience, typ: 'at+jwt', algorithms: ['RS256'] };
    return (await jwtVerify(access_token, await activePublicKey(), expected)).payload;
  };

  test('E01: cdk deploy makes an API and a client, whose secret is in Secrets Manager and gets a token', async () => {
    await deploy(shop, ...ownersApp(narrow));
    secretId = (await outputs(shop)).BillingSecret ?? '';
    first = await kept();
    expect(first).toEqual({
      client_id: billing,
      client_secret: expect.any(String),
      token_endpoint: `${issuer}/token`,
      scope: narrow,
      resource: audience,
    });
    const claims = await claimsOf(await getToken(issuer, first));
    expect(claims).toMatchObject({ client_id: billing, sub: billing, scope: narrow });
  });

  test('another scope in the stack is registered, and the secret stays', async () => {
    await deploy(shop, ...ownersApp(wide));
    expect(await kept()).toEqual({ ...first, scope: wide });
    const { grants, secrets } = await countersign('client', 'show', billing);
    expect(grants).toEqual({ [audience]: wide });
    expect(secrets).toHaveLength(1);
  });

  test('a client of the same stack gets a token by its key, and has no secret', async () => {
    const { ReportsId = '' } = await outputs(shop);
    const config = await client.discovery(
      new URL(issuer),
      ReportsId,
      undefined,
      client.PrivateKeyJwt(keys.privateKey),
      { algorithm: 'oauth2', execute: [client.allowInsecureRequests] },
    );
    const claims = await claimsOf(await client.clientCredentialsGrant(config));
    expect(claims).toMatchObject({ client_id: reports, scope: wide });
    expect(await countersign('client', 'show', reports)).not.toHaveProperty('secrets');
  });

  test('the deployed function rotates the secret: both get tokens, and the old one has an end', async () => {
    // Without a value, as a version is before createSecret.
    const version = randomUUID();
    await secretsManager.send(
      new PutSecretValueCommand({
        SecretId: secretId,
        ClientRequestToken: version,
        VersionStages: ['AWSPENDING'],
      }),
    );
    const { ARN } = await secretsManager.send(new DescribeSecretCommand({ SecretId: secretId }));
    for (const Step of rotationSteps) {
      expect((await kept()).client_secret, Step).toBe(first.client_secret);
      await administer({ Step, SecretId: ARN, ClientRequestToken: version });
    }
    const second = await kept();
    expect(second).toEqual({ ...first, scope: wide, client_secret: expect.any(String) });
    expect(second.client_secret).not.toBe(first.client_secret);
    // A secret that it does not know has the token function read the client again, with its new scope.
    for (const each of [second, first]) {
      expect(await claimsOf(await getToken(issuer, each))).toMatchObject({ scope: wide });
    }
    const { secrets } = await countersign('client', 'show', billing);
    const inADay = Date.now() / 1000 + 86_400;
    expect(secrets).toMatchObject([{ expires_at: expect.closeTo(inADay, -3) }, {}]);
    expect(secrets[1]).not.toHaveProperty('expires_at');
  });

  test('no log has one of its secrets', async () => {
    const { client_secret } = await kept();
    const lines = await loggedLines();
    expect(lines).toContain(billing);
    expect(lines).not.toContain(first.client_secret);
    expect(lines).not.toContain(client_secret);
  });

  test('cdk destroy takes all of it away, and the secret gets no more tokens', async () => {
    const last = await kept();
    await cdk('destroy', shop, ...ownersApp(wide), '--force');
    await expect(kept()).rejects.toThrow(ResourceNotFoundException);
    for (const id of [billing, reports]) {
      await expect(countersign('client', 'show', id)).rejects.toThrow('not_found');
    }
    await expect(countersign('resource', 'show', audience)).rejects.toThrow('not_found');
    // Until the token function reads the client again, at its own pace.
    await vi.waitFor(() => expect(getToken(issuer, last)).rejects.toMatchObject({ status: 401 }), {
      timeout: 45_000,
      interval: 500,
    });
  });

  test('its history tells each change, and who made it', async () => {
    const stack = {
      tool: 'administration function',
      identity: expect.stringContaining(`:stack/${shop}/`),
    };
    const rotation = { tool: 'secret-rotation', identity: expect.stringContaining(':secret:') };
    const disabled = { name: 'disabled', before: false, after: true };
    expect(await recordedHistory(billing, 6)).toMatchObject([
      { action: 'deleted', ...stack },
      { action: 'changed', ...stack, fields: [disabled] },
      { action: 'changed', ...rotation, fields: [{ name: 'secrets' }] },
      { action: 'changed', ...rotation, fields: [{ name: 'secrets' }] },
      { action: 'changed', ...stack, fields: [{ name: 'grants' }] },
      { action: 'created', ...stack },
    ]);
  });
}

/** Has the deployed function do what it does for Secrets Manager. */
async function administer(event: object): Promise<void> {
  const { AdministrationFunction } = await outputs(product);
  const path = `/2015-03-31/functions/${AdministrationFunction}/invocations`;
  const answer = await emulator('lambda', path, { method: 'POST', body: JSON.stringify(event) });
  // An error would be an object.
  expect(answer).toBe('null');
}

/** Whatever any function has logged. */
async function loggedLines(): Promise<string> {
  const { logGroups } = await inventory();
  const groups = await Promise.all(
    logGroups.map((logGroupName) => logs.send(new FilterLogEventsCommand({ logGroupName }))),
  );
  return groups
    .flatMap(({ events = [] }) => events)
    .map(({ message }) => message)
    .join('\n');
}
