import { randomBytes } from 'node:crypto';
import {
  type CreateTableCommandInput,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll } from 'vitest';
import { dynamodbCounter } from '../../functions/aws/dynamodb-counter.ts';
import { dynamodbClients, dynamodbResourceServers } from '../../functions/aws/dynamodb-registry.ts';
import { kmsPublicJwk, kmsSigningKey } from '../../functions/aws/kms-signing-key.ts';
import { clientItem, type Item, resourceServerItem } from '../../functions/aws/registry-items.ts';
import { sdkSettings } from '../../functions/aws/sdk-settings.ts';
import type { AuditEntry } from '../../functions/oauth/audit.ts';
import type { Client } from '../../functions/oauth/client.ts';
import { hashClientSecret } from '../../functions/oauth/client-secret.ts';
import type { ResourceServer } from '../../functions/oauth/resource-server.ts';
import { failedAttempts } from '../../functions/token/failed-attempts.ts';
import { createHandler, type TokenEndpoint } from '../../functions/token/handler.ts';
import { createTables, startDynamodb } from '../../local/dynamodb.ts';
import { startKms } from '../../local/kms.ts';
import { localAccount } from '../../local/local-account.ts';
import { httpApiEvent, type RequestInit } from './http-api-event.ts';

/** RFC 6749 §2.3.1's example client. */
export const client_id = 's6BhdRkqt3';
export const client_secret = 'gX1fBat3bV';
export const issuer = 'https://as.example.com';
export const api = 'https://api.example.com';
export const stoppedAt = 1_700_000_000;

const tables = { registry: 'registry', ephemera: 'ephemera' };

/** A good client of the API; the test says what is special about its own. */
export function aClient(special: Partial<Client> = {}): Client {
  return {
    client_id,
    client_name: 'A test client',
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['client_credentials'],
    grants: new Map([[api, new Set(['read', 'write'])]]),
    secrets: [aSecret(client_secret)],
    access_token_lifetime: undefined,
    disabled: false,
    created_at: stoppedAt,
    updated_at: stoppedAt,
    ...special,
  };
}

/** A secret as it is stored. */
export function aSecret(secret: string, special: Partial<Client['secrets'][number]> = {}) {
  const hash = hashClientSecret(secret);
  return { id: 'a-secret', hash, created_at: stoppedAt, expires_at: undefined, ...special };
}

/** The API that tokens are for. */
export function aResourceServer(special: Partial<ResourceServer> = {}): ResourceServer {
  return {
    resource: api,
    scope: new Set(['read', 'write']),
    access_token_lifetime: undefined,
    created_at: stoppedAt,
    updated_at: stoppedAt,
    ...special,
  };
}

/** Where the endpoint finds its services, when it is not to talk to them directly. */
type Via = (endpoint: string) => Promise<string>;

/**
 * A token endpoint on real adapters: DynamoDB and KMS answer over HTTP, the clock stands still.
 * Everything is closed when the test file ends.
 */
export async function tokenEndpoint(special: Partial<TokenEndpoint> = {}, via?: Via) {
  const { dynamodb, kms, KeyId } = await services(via);
  const put = async (item: Item): Promise<void> => {
    const Item = marshall(item, { removeUndefinedValues: true });
    await dynamodb.direct.send(new PutItemCommand({ TableName: tables.registry, Item }));
  };
  const register = (client: Partial<Client>) => put(clientItem(aClient(client)));
  const registerApi = (server: Partial<ResourceServer>) =>
    put(resourceServerItem(aResourceServer(server)));
  await Promise.all([register({}), registerApi({})]);

  const audited: AuditEntry[] = [];
  const clock = { now: stoppedAt };
  const now = () => clock.now;
  const instance = () =>
    createHandler({
      issuer,
      accessTokenLifetime: 3600,
      clients: dynamodbClients(dynamodb.client, tables.registry),
      resourceServers: dynamodbResourceServers(dynamodb.client, tables.registry),
      failedAttempts: failedAttempts(dynamodbCounter(dynamodb.client, tables.ephemera), now),
      signingKey: kmsSigningKey(kms, KeyId),
      now,
      newJti: () => randomBytes(16).toString('base64url'),
      audit: (entry) => audited.push(entry),
      ...special,
    });
  const handler = instance();
  return {
    handler,
    post: poster(handler),
    /** Posts to a further instance of the function, which shares the stores alone. */
    another: () => poster(instance()),
    register,
    registerApi,
    put,
    audited,
    clock,
    publicJwk: kmsPublicJwk(kms, KeyId),
  };
}

function poster(handler: ReturnType<typeof createHandler>) {
  return async (form: string, init: RequestInit = {}) => {
    const { body, ...response } = await handler(httpApiEvent({ body: form, ...init }));
    return { ...response, body: JSON.parse(body) };
  };
}

async function services(via: Via = async (endpoint) => endpoint) {
  const [dynamodbServer, kmsServer] = await Promise.all([startDynamodb(), startKms()]);
  const settings = { ...localAccount, ...sdkSettings };
  const direct = new DynamoDBClient({ ...settings, endpoint: dynamodbServer.endpoint });
  const client = new DynamoDBClient({ ...settings, endpoint: await via(dynamodbServer.endpoint) });
  const kms = new KMSClient({ ...settings, endpoint: await via(kmsServer.endpoint) });
  afterAll(async () => {
    for (const sdk of [direct, client, kms]) sdk.destroy();
    await Promise.all([dynamodbServer.close(), kmsServer.close()]);
  });
  await createTables(dynamodbServer.endpoint, Object.values(tables).map(keyedByPk));
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }),
  );
  return { dynamodb: { direct, client }, kms, KeyId: String(KeyMetadata?.KeyId) };
}

const keyedByPk = (TableName: string): CreateTableCommandInput => ({
  TableName,
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
});
