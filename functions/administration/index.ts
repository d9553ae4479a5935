import { setTimeout as delay } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Registry } from '../../registry/registry.ts';
import { auditLog } from '../aws/audit-log.ts';
import { deploymentMetric } from '../aws/deployment-metric.ts';
import { expiryMetric } from '../aws/deployment-metrics.ts';
import { dynamodbAnswers } from '../aws/dynamodb-answers.ts';
import { dynamodbRegistryStore } from '../aws/dynamodb-registry-store.ts';
import { dynamodbRevocationLog, dynamodbRevocationStore } from '../aws/dynamodb-revocations.ts';
import { env } from '../aws/env.ts';
import { lambdaSettings } from '../aws/lambda-settings.ts';
import { patientSdkSettings } from '../aws/sdk-settings.ts';
import { isRollingBack } from '../aws/stack-status.ts';
import { endpointPaths } from '../oauth/endpoint-paths.ts';
import type { AdministrationEnvironment } from './environment.ts';
import { expiry } from './expiry/expiry.ts';
import { createHandler } from './handler.ts';
import { ownerFor } from './registration/register.ts';
import { registration } from './registration/registration.ts';
import { secretRotation } from './secret-rotation/secret-rotation.ts';
import { tokenTrial } from './secret-rotation/token-trial.ts';
import { secretsManagerKeepers } from './secrets-manager.ts';

const settingsOf = (service: Parameters<typeof lambdaSettings>[0]) => ({
  ...patientSdkSettings,
  ...lambdaSettings(service),
});
const dynamodb = new DynamoDBClient(settingsOf('DYNAMODB'));
const cloudFormation = new CloudFormationClient(settingsOf('CLOUDFORMATION'));
const keepers = secretsManagerKeepers(new SecretsManagerClient(settingsOf('SECRETS_MANAGER')));

const now = (): number => Math.floor(Date.now() / 1000);
const mtlsOrigin = env<AdministrationEnvironment>('MTLS_ORIGIN');
const revocationsTable = env<AdministrationEnvironment>('REVOCATIONS_TABLE');

/** The registry, in the hands of whoever acts. */
const registryFor = (identity: string, tool = 'administration function'): Registry => ({
  store: dynamodbRegistryStore(
    dynamodb,
    env<AdministrationEnvironment>('REGISTRY_TABLE'),
    async () => ({ identity, tool }),
  ),
  revocations: {
    ...dynamodbRevocationStore(dynamodb, revocationsTable),
    ...dynamodbRevocationLog(dynamodb, revocationsTable, now),
  },
  now,
});

const audit = auditLog('administration');
const issuer = env<AdministrationEnvironment>('ISSUER');

/** Seconds until CloudFormation gets an answer in any case: Lambda ends the function at 120. */
const longest = 100;

export const handler = createHandler([
  registration({
    registryFor: (request) => registryFor(ownerFor(request)),
    keepers,
    issuer,
    mtlsOrigin: mtlsOrigin === 'none' ? undefined : mtlsOrigin,
    answers: dynamodbAnswers(dynamodb, env<AdministrationEnvironment>('EPHEMERA_TABLE'), now),
    isRollingBack: (stackId) => isRollingBack(cloudFormation, stackId),
    fetch,
    now,
    wait: (seconds) => delay(seconds * 1000),
    late: () => delay(longest * 1000, undefined, { ref: false }),
    audit,
  }),
  secretRotation(
    {
      keepers,
      registryFor: (keeper) => registryFor(keeper, 'secret-rotation'),
      tryOut: tokenTrial({ token_endpoint: issuer + endpointPaths.token, fetch }),
    },
    audit,
  ),
  expiry({
    registry: registryFor('expiry'),
    warning: Number(env<AdministrationEnvironment>('EXPIRY_WARNING')),
    measure: deploymentMetric(expiryMetric, env<AdministrationEnvironment>('DEPLOYMENT')),
    audit,
  }),
]);
