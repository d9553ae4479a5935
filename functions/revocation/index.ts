import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { cached, now, wiredClientEndpoint } from '../authentication/client-endpoint-wiring.ts';
import { dynamodbCounter } from '../aws/dynamodb-counter.ts';
import { dynamodbKeyRing } from '../aws/dynamodb-key-ring.ts';
import { dynamodbClients } from '../aws/dynamodb-registry.ts';
import { dynamodbRevocationStore } from '../aws/dynamodb-revocations.ts';
import { env } from '../aws/env.ts';
import { lambdaSettings } from '../aws/lambda-settings.ts';
import { sdkSettings } from '../aws/sdk-settings.ts';
import { warmUp } from '../aws/warm-up.ts';
import { cachedKeyRing } from '../oauth/cached-key-ring.ts';
import { publisherFreshness } from '../oauth/key-times.ts';
import type { RevocationEnvironment } from './environment.ts';
import { createHandler } from './handler.ts';
import { revocationLimit } from './revocation-limit.ts';

const dynamodb = new DynamoDBClient({ ...sdkSettings, ...lambdaSettings('DYNAMODB') });
const revocations = dynamodbRevocationStore(
  dynamodb,
  env<RevocationEnvironment>('REVOCATIONS_TABLE'),
);
const endpoint = wiredClientEndpoint(dynamodb, 'revocation');
const registry = env<RevocationEnvironment>('REGISTRY_TABLE');
const keyRing = cachedKeyRing(dynamodbKeyRing(dynamodb, registry), {
  now,
  freshness: publisherFreshness,
});

export const handler = createHandler({
  ...endpoint,
  records: { clients: cached(dynamodbClients(dynamodb, registry)) },
  keyRing,
  revocations,
  limit: revocationLimit(
    dynamodbCounter(dynamodb, env<RevocationEnvironment>('EPHEMERA_TABLE')),
    now,
  ),
});

await warmUp(() => Promise.all([keyRing.current(), endpoint.nonces.issue()]));
