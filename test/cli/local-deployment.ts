import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { afterAll, vi } from 'vitest';
import { failedAttempts } from '../../functions/authentication/failed-attempts.ts';
import { dynamodbCounter } from '../../functions/aws/dynamodb-counter.ts';
import { dynamodbKeyRing } from '../../functions/aws/dynamodb-key-ring.ts';
import { dynamodbUses } from '../../functions/aws/dynamodb-last-use.ts';
import { dynamodbClients, dynamodbResourceServers } from '../../functions/aws/dynamodb-registry.ts';
import { dynamodbRegistryStore } from '../../functions/aws/dynamodb-registry-store.ts';
import { dynamodbReplayGuard } from '../../functions/aws/dynamodb-replay-guard.ts';
import {
  dynamodbRevocationLog,
  dynamodbRevocationStore,
} from '../../functions/aws/dynamodb-revocations.ts';
import { keyRingKey } from '../../functions/aws/key-ring-item.ts';
import { kmsSigningKeys } from '../../functions/aws/kms-signing-keys.ts';
import { unwrappedKeys } from '../../functions/aws/unwrapped-keys.ts';
import { createHandler as createDiscovery } from '../../functions/discovery/handler.ts';
import { cachedKeyRing } from '../../functions/oauth/cached-key-ring.ts';
import { cachedRecords, type ReadRecord } from '../../functions/oauth/cached-records.ts';
import { noNonces } from '../../functions/oauth/dpop-nonce.ts';
import { publisherFreshness, signerFreshness } from '../../functions/oauth/key-times.ts';
import { type Profile, profiles } from '../../functions/oauth/profile.ts';
import { guardedFetch } from '../../functions/remote/guarded-fetch.ts';
import { publishedKeySets } from '../../functions/remote/published-keys.ts';
import { createHandler as createTokenEndpoint } from '../../functions/token/handler.ts';
import { noTokenReuse } from '../../functions/token/token-reuse.ts';
import { createTables, startDynamodb } from '../../local/dynamodb/dynamodb.ts';
import { close, listen } from '../../local/io/http-server.ts';
import { startKms } from '../../local/kms/endpoint.ts';
import { accessKeyFile } from '../../local/state/access-key.ts';
import { writeLocalStackFile } from '../../local/state/local-stack-file.ts';
import { anActor } from '../support/an-actor.ts';
import { httpApiEvent } from '../support/http-api-event.ts';
import { keyRotation } from '../support/key-rotation.ts';
import { tableDefinitions, tables } from '../support/services.ts';
import { accessKeyId, testAccount } from '../support/test-account.ts';
import { lambdaService } from './lambda-service.ts';

const keyRotationFunction = 'key-rotation';
const realTime = () => Math.floor(Date.now() / 1000);

/**
 * Puts a deployment where `--local` finds it: DynamoDB, KMS, Lambda with the real key rotation
 * function, and the real token and discovery functions over HTTP. Everything is closed when the
 * test file ends.
 */
export async function localDeployment(
  now: () => number = realTime,
  profile: Profile = profiles.none,
) {
  const directory = await mkdtemp(join(tmpdir(), 'countersign-'));
  vi.stubEnv('COUNTERSIGN_DIRECTORY', directory);
  const [dynamodbServer, kmsServer] = await Promise.all([
    startDynamodb({ accessKeyId }),
    startKms({ accessKeyId, now }),
  ]);
  await createTables({ ...testAccount, endpoint: dynamodbServer.endpoint }, tableDefinitions());
  const dynamodb = new DynamoDBClient({ ...testAccount, endpoint: dynamodbServer.endpoint });
  const kms = new KMSClient({ ...testAccount, endpoint: kmsServer.endpoint });
  const tagging = new ResourceGroupsTaggingAPIClient({
    ...testAccount,
    endpoint: kmsServer.endpoint,
  });
  const rotation = keyRotation({ dynamodb, kms, tagging }, now);
  await rotation.done({ command: 'tend' });
  const lambda = await lambdaService(
    new Map([[keyRotationFunction, rotation.handler]]),
    accessKeyId,
  );
  const issuerServer = await startIssuer({ dynamodb, kms, now, profile });
  const file = {
    pid: process.pid,
    issuer: issuerServer.issuer,
    mtlsTokenEndpoint: 'https://127.0.0.1:3445/token',
    tlsAuthority: join(directory, 'tls/authority.pem'),
    tlsTruststore: join(directory, 'tls/truststore.pem'),
    api: 'http://127.0.0.1:3001',
    mtlsApi: 'https://127.0.0.1:3446',
    registryTable: tables.registry,
    ephemeraTable: tables.ephemera,
    revocationsTable: tables.revocations,
    dynamodbEndpoint: dynamodbServer.endpoint,
    kmsEndpoint: kmsServer.endpoint,
    lambdaEndpoint: lambda.endpoint,
    keyRotationFunction,
    cloudAssembly: join(directory, 'cdk.out'),
  };
  await writeLocalStackFile(directory, file);
  await writeFile(join(directory, accessKeyFile), `${accessKeyId}\n`);
  afterAll(async () => {
    for (const sdk of [dynamodb, kms, tagging]) sdk.destroy();
    await Promise.all([
      issuerServer.close(),
      dynamodbServer[Symbol.asyncDispose](),
      kmsServer[Symbol.asyncDispose](),
    ]);
    await rm(directory, { recursive: true });
    vi.unstubAllEnvs();
  });
  return {
    directory,
    file,
    lambda,
    /** What commands have registered, in a fixed order: all that the registry holds but the key ring. */
    contents: () => registryContents(dynamodb),
    registry: {
      store: dynamodbRegistryStore(dynamodb, tables.registry, anActor),
      revocations: {
        ...dynamodbRevocationStore(dynamodb, tables.revocations),
        ...dynamodbRevocationLog(dynamodb, tables.revocations, now),
      },
      now,
    },
  };
}

/** What the functions work with. */
interface Services {
  readonly dynamodb: DynamoDBClient;
  readonly kms: KMSClient;
  readonly now: () => number;
  readonly profile: Profile;
}

async function registryContents(dynamodb: DynamoDBClient): Promise<readonly string[]> {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: tables.registry }));
  const keyRing = keyRingKey.pk;
  return Items.filter(({ pk }) => pk?.S !== keyRing)
    .map((item) => JSON.stringify(item))
    .sort();
}

/** Metadata announce what is served here, and no other endpoint. */
const withoutOthers = (body: string): string =>
  body.replaceAll(/,"(revocation|introspection)_[a-z_]+":("[^"]*"|\[[^\]]*\])/g, '');

async function startIssuer({ dynamodb, kms, now, profile }: Services) {
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const body = await text(request);
    const event = httpApiEvent({ method, path: url, headers: headers as never, body });
    const answer = await (url === '/token' ? token : discovery)(event);
    response.writeHead(answer.statusCode, answer.headers).end(withoutOthers(answer.body));
  });
  const issuer = `http://127.0.0.1:${await listen(server)}`;
  const keyRing = (freshness: number) =>
    cachedKeyRing(dynamodbKeyRing(dynamodb, tables.registry), { now, freshness });
  const uncached = <Kind extends object>(read: ReadRecord<Kind>) =>
    cachedRecords({ read, seconds: 0, now });
  const discovery = createDiscovery({
    issuer,
    profile,
    authorizationEndpoint: 'openid',
    keyRing: keyRing(publisherFreshness),
    now,
    audit: () => {},
  });
  const token = createTokenEndpoint({
    issuer,
    audiences: [`${issuer}/token`],
    urls: [`${issuer}/token`],
    accessTokenLifetime: 3600,
    records: {
      clients: uncached(dynamodbClients(dynamodb, tables.registry)),
      resourceServers: uncached(dynamodbResourceServers(dynamodb, tables.registry)),
    },
    clientSecretMethod: 'any',
    corsOrigins: [],
    assertionMaxLifetime: 3600,
    reuse: noTokenReuse,
    failedAttempts: failedAttempts(dynamodbCounter(dynamodb, tables.ephemera), now),
    publishedKeys: publishedKeySets({
      fetch: guardedFetch({ mayBeLocal: true }),
      fetchTimeout: 2000,
      now,
    }),
    profile,
    nonces: noNonces,
    importedSecrets: { match: async () => ({ matches: false }) },
    replays: dynamodbReplayGuard(dynamodb, tables.ephemera, now),
    noteUse: dynamodbUses(dynamodb, tables.ephemera, now),
    signingKeys: kmsSigningKeys(
      { kms, unwrapped: unwrappedKeys(kms, tables.registry) },
      keyRing(signerFreshness),
    ),
    now,
    newJti: () => randomBytes(16).toString('base64url'),
    newPlace: () => undefined,
    audit: () => {},
  });
  return { issuer, close: () => close(server) };
}
