import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { auditLog } from '../aws/audit-log.ts';
import { deploymentMetric } from '../aws/deployment-metric.ts';
import { overdueMetric } from '../aws/deployment-metrics.ts';
import { dynamodbKeyRingStore } from '../aws/dynamodb-key-ring-store.ts';
import { dynamodbRevocationStore } from '../aws/dynamodb-revocations.ts';
import { env, optionalEnv } from '../aws/env.ts';
import { kmsKeys } from '../aws/kms-keys.ts';
import { lambdaSettings } from '../aws/lambda-settings.ts';
import { patientSdkSettings } from '../aws/sdk-settings.ts';
import { isRollingBack } from '../aws/stack-status.ts';
import type { KeyRotationEnvironment } from './environment.ts';
import { createHandler } from './handler.ts';
import { parseSettings, rolesIn } from './settings.ts';

const service = 'key-rotation';
const registry = env<KeyRotationEnvironment>('REGISTRY_TABLE');
const kmsSettings = { ...patientSdkSettings, ...lambdaSettings('KMS') };
const cloudFormation = new CloudFormationClient({
  ...patientSdkSettings,
  ...lambdaSettings('CLOUDFORMATION'),
});
const now = (): number => Math.floor(Date.now() / 1000);

const dynamodb = new DynamoDBClient({ ...patientSdkSettings, ...lambdaSettings('DYNAMODB') });

export const handler = createHandler({
  keyRing: dynamodbKeyRingStore(dynamodb, registry, {
    identity: optionalEnv('AWS_LAMBDA_FUNCTION_NAME') ?? service,
    tool: service,
  }),
  revocations: dynamodbRevocationStore(dynamodb, env<KeyRotationEnvironment>('REVOCATIONS_TABLE')),
  kms: kmsKeys(
    {
      kms: new KMSClient(kmsSettings),
      once: new KMSClient({ ...kmsSettings, maxAttempts: 1 }),
      tagging: new ResourceGroupsTaggingAPIClient({
        ...patientSdkSettings,
        ...lambdaSettings('RESOURCE_GROUPS_TAGGING_API'),
      }),
    },
    {
      registry,
      roles: {
        signing: rolesIn(env<KeyRotationEnvironment>('TOKEN_ROLE')),
        rotation: env<KeyRotationEnvironment>('ROTATION_ROLE'),
      },
    },
  ),
  settings: parseSettings({
    TOKEN_ROLE: env<KeyRotationEnvironment>('TOKEN_ROLE'),
    WRAPPING_KEY: env<KeyRotationEnvironment>('WRAPPING_KEY'),
    SIGNING_ALGORITHM: env<KeyRotationEnvironment>('SIGNING_ALGORITHM'),
    KEY_ROTATION_DAYS: env<KeyRotationEnvironment>('KEY_ROTATION_DAYS'),
    KEY_FAMILIES: env<KeyRotationEnvironment>('KEY_FAMILIES'),
  }),
  keyRingId: registry,
  fetch,
  now,
  newPlanId: () => randomBytes(32).toString('base64url'),
  wait: (seconds) => delay(seconds * 1000),
  isRollingBack: (stackId) => isRollingBack(cloudFormation, stackId),
  measure: deploymentMetric(overdueMetric, env<KeyRotationEnvironment>('DEPLOYMENT')),
  audit: auditLog(service),
});
