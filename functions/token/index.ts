import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { auditLog } from '../aws/audit-log.ts';
import { dynamodbCounter } from '../aws/dynamodb-counter.ts';
import { dynamodbClients, dynamodbResourceServers } from '../aws/dynamodb-registry.ts';
import { env } from '../aws/env.ts';
import { kmsSigningKey } from '../aws/kms-signing-key.ts';
import { sdkSettings } from '../aws/sdk-settings.ts';
import type { TokenEnvironment } from './environment.ts';
import { failedAttempts } from './failed-attempts.ts';
import { createHandler } from './handler.ts';

const dynamodb = new DynamoDBClient(sdkSettings);
const registry = env<TokenEnvironment>('REGISTRY_TABLE');
const now = (): number => Math.floor(Date.now() / 1000);

export const handler = createHandler({
  issuer: env<TokenEnvironment>('ISSUER'),
  accessTokenLifetime: Number(env<TokenEnvironment>('ACCESS_TOKEN_LIFETIME')),
  clients: dynamodbClients(dynamodb, registry),
  resourceServers: dynamodbResourceServers(dynamodb, registry),
  failedAttempts: failedAttempts(
    dynamodbCounter(dynamodb, env<TokenEnvironment>('EPHEMERA_TABLE')),
    now,
  ),
  signingKey: kmsSigningKey(new KMSClient(sdkSettings), env<TokenEnvironment>('SIGNING_KEY_ID')),
  now,
  newJti: () => randomBytes(16).toString('base64url'),
  audit: auditLog('token'),
});
