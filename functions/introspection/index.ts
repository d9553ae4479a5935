import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { cached, now, wiredClientEndpoint } from '../authentication/client-endpoint-wiring.ts';
import { dynamodbKeyRing } from '../aws/dynamodb-key-ring.ts';
import { dynamodbClients, dynamodbResourceServers } from '../aws/dynamodb-registry.ts';
import { dynamodbRevocationLog } from '../aws/dynamodb-revocations.ts';
import { env } from '../aws/env.ts';
import { kmsSigningKeys } from '../aws/kms-signing-keys.ts';
import { lambdaSettings, servesSeveral } from '../aws/lambda-settings.ts';
import { sdkSettings } from '../aws/sdk-settings.ts';
import { unwrappedKeys } from '../aws/unwrapped-keys.ts';
import { warmUp } from '../aws/warm-up.ts';
import { cachedKeyRing } from '../oauth/cached-key-ring.ts';
import { currentRevocations } from '../oauth/current-revocations.ts';
import { publisherFreshness } from '../oauth/key-times.ts';
import type { IntrospectionEnvironment } from './environment.ts';
import { createHandler } from './handler.ts';

/** Seconds for which revocations that were read last serve while they cannot be read. */
const oldestRevocations = 5;

const dynamodb = new DynamoDBClient({ ...sdkSettings, ...lambdaSettings('DYNAMODB') });
const kms = new KMSClient({ ...sdkSettings, ...lambdaSettings('KMS') });
const endpoint = wiredClientEndpoint(dynamodb, 'introspection');
const registry = env<IntrospectionEnvironment>('REGISTRY_TABLE');
const keyRing = cachedKeyRing(dynamodbKeyRing(dynamodb, registry), {
  now,
  freshness: publisherFreshness,
});
const signers = { kms, unwrapped: unwrappedKeys(kms, registry), servesSeveral: servesSeveral() };
const revocations = currentRevocations({
  log: dynamodbRevocationLog(dynamodb, env<IntrospectionEnvironment>('REVOCATIONS_TABLE'), now),
  now,
  oldest: oldestRevocations,
});

export const handler = createHandler({
  ...endpoint,
  records: {
    clients: cached(dynamodbClients(dynamodb, registry)),
    resourceServers: cached(dynamodbResourceServers(dynamodb, registry)),
  },
  keyRing,
  signingKeys: kmsSigningKeys(signers, keyRing),
  revocations,
});

await warmUp(() =>
  Promise.all([keyRing.current(), revocations.current(), endpoint.nonces.issue()]),
);
