import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { auditLog } from '../aws/audit-log.ts';
import { dynamodbRegistryStore } from '../aws/dynamodb-registry-store.ts';
import { env } from '../aws/env.ts';
import { lambdaSettings } from '../aws/lambda-settings.ts';
import { sdkSettings } from '../aws/sdk-settings.ts';
import type { ImportedSecretsEnvironment } from './environment.ts';
import { createHandler } from './handler.ts';

const dynamodb = new DynamoDBClient({ ...sdkSettings, ...lambdaSettings('DYNAMODB') });
const table = env<ImportedSecretsEnvironment>('REGISTRY_TABLE');
const whoActs = async () => ({
  identity: 'the client, which showed the secret',
  tool: 'imported-secrets',
});

export const handler = createHandler({
  registry: {
    store: dynamodbRegistryStore(dynamodb, table, whoActs),
    now: () => Math.floor(Date.now() / 1000),
  },
  audit: auditLog('imported-secrets'),
});
