import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  type CreateTableCommandInput,
  DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { afterAll, vi } from 'vitest';
import { dynamodbCounter } from '../../functions/aws/dynamodb-counter.ts';
import { dynamodbClients, dynamodbResourceServers } from '../../functions/aws/dynamodb-registry.ts';
import { kmsPublicJwk, kmsSigningKey } from '../../functions/aws/kms-signing-key.ts';
import { createHandler as createDiscovery } from '../../functions/discovery/handler.ts';
import { failedAttempts } from '../../functions/token/failed-attempts.ts';
import { createHandler as createTokenEndpoint } from '../../functions/token/handler.ts';
import { createTables, startDynamodb } from '../../local/dynamodb.ts';
import { close, listen } from '../../local/http-server.ts';
import { startKms } from '../../local/kms.ts';
import { localAccount } from '../../local/local-account.ts';
import { writeLocalStackFile } from '../../local/local-stack-file.ts';
import { httpApiEvent } from '../support/http-api-event.ts';

const tables = { registry: 'registry', ephemera: 'ephemera' };
const now = () => Math.floor(Date.now() / 1000);

/**
 * Puts a deployment where `--local` finds it: DynamoDB, KMS and the real token and discovery
 * functions over HTTP. Everything is closed when the test file ends.
 */
export async function localDeployment() {
  const directory = await mkdtemp(join(tmpdir(), 'countersign-'));
  vi.stubEnv('COUNTERSIGN_DIRECTORY', directory);
  const [dynamodbServer, kmsServer] = await Promise.all([startDynamodb(), startKms()]);
  await createTables(dynamodbServer.endpoint, Object.values(tables).map(keyedByPk));
  const dynamodb = new DynamoDBClient({ ...localAccount, endpoint: dynamodbServer.endpoint });
  const kms = new KMSClient({ ...localAccount, endpoint: kmsServer.endpoint });
  const key = { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' } as const;
  const { KeyMetadata } = await kms.send(new CreateKeyCommand(key));
  const signingKeyId = String(KeyMetadata?.KeyId);
  const issuerServer = await startIssuer(dynamodb, kms, signingKeyId);
  const file = {
    pid: process.pid,
    issuer: issuerServer.issuer,
    api: 'http://127.0.0.1:3001',
    registryTable: tables.registry,
    ephemeraTable: tables.ephemera,
    dynamodbEndpoint: dynamodbServer.endpoint,
    kmsEndpoint: kmsServer.endpoint,
    signingKeyId,
    cloudAssembly: join(directory, 'cdk.out'),
  };
  await writeLocalStackFile(directory, file);
  afterAll(async () => {
    for (const sdk of [dynamodb, kms]) sdk.destroy();
    await Promise.all([issuerServer.close(), dynamodbServer.close(), kmsServer.close()]);
    await rm(directory, { recursive: true });
    vi.unstubAllEnvs();
  });
  return {
    directory,
    file,
    /** Everything that the registry holds, in a fixed order. */
    contents: () => registryContents(dynamodb),
    registry: { dynamodb, table: tables.registry, now },
  };
}

async function registryContents(dynamodb: DynamoDBClient): Promise<readonly string[]> {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: tables.registry }));
  return Items.map((item) => JSON.stringify(item)).sort();
}

async function startIssuer(dynamodb: DynamoDBClient, kms: KMSClient, signingKeyId: string) {
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const body = await text(request);
    const event = httpApiEvent({ method, path: url, headers: headers as never, body });
    const answer = await (url === '/token' ? token : discovery)(event);
    response.writeHead(answer.statusCode, answer.headers).end(answer.body);
  });
  const issuer = `http://127.0.0.1:${await listen(server)}`;
  const discovery = createDiscovery({
    issuer,
    publicJwk: kmsPublicJwk(kms, signingKeyId),
    audit: () => {},
  });
  const token = createTokenEndpoint({
    issuer,
    accessTokenLifetime: 3600,
    clients: dynamodbClients(dynamodb, tables.registry),
    resourceServers: dynamodbResourceServers(dynamodb, tables.registry),
    failedAttempts: failedAttempts(dynamodbCounter(dynamodb, tables.ephemera), now),
    signingKey: kmsSigningKey(kms, signingKeyId),
    now,
    newJti: () => randomBytes(16).toString('base64url'),
    audit: () => {},
  });
  return { issuer, close: () => close(server) };
}

const keyedByPk = (TableName: string): CreateTableCommandInput => ({
  TableName,
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
});
