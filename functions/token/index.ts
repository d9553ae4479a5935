import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { auditLog } from '../aws/audit-log.ts';
import { dynamodbCounter } from '../aws/dynamodb-counter.ts';
import { dynamodbKeyRing } from '../aws/dynamodb-key-ring.ts';
import { dynamodbClients, dynamodbResourceServers } from '../aws/dynamodb-registry.ts';
import { env } from '../aws/env.ts';
import { kmsSigningKeys } from '../aws/kms-signing-keys.ts';
import { sdkSettings } from '../aws/sdk-settings.ts';
import { heldKeyRing } from '../oauth/held-key-ring.ts';
import { signerFreshness } from '../oauth/key-times.ts';
import type { TokenEnvironment } from './environment.ts';
import { failedAttempts } from './failed-attempts.ts';
import { createHandler } from './handler.ts';

const dynamodb = new DynamoDBClient(sdkSettings);
const registry = env<TokenEnvironment>('REGISTRY_TABLE');
const now = (): number => Math.floor(Date.now() / 1000);
const keyRing = heldKeyRing(dynamodbKeyRing(dynamodb, registry), {
  now,
  freshness: signerFreshness,
});

export const handler = createHandler({
  issuer: env<TokenEnvironment>('ISSUER'),
  accessTokenLifetime: Number(env<TokenEnvironment>('ACCESS_TOKEN_LIFETIME')),
  clients: dynamodbClients(dynamodb, registry),
  resourceServers: dynamodbResourceServers(dynamodb, registry),
  failedAttempts: failedAttempts(
    dynamodbCounter(dynamodb, env<TokenEnvironment>('EPHEMERA_TABLE')),
    now,
  ),
  signingKeys: kmsSigningKeys(new KMSClient(sdkSettings), keyRing),
  now,
  newJti: () => randomBytes(16).toString('base64url'),
  audit: auditLog('token'),
});
