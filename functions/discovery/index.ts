import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { auditLog } from '../aws/audit-log.ts';
import { dynamodbKeyRing } from '../aws/dynamodb-key-ring.ts';
import { env } from '../aws/env.ts';
import { lambdaSettings } from '../aws/lambda-settings.ts';
import { sdkSettings } from '../aws/sdk-settings.ts';
import { warmUp } from '../aws/warm-up.ts';
import { cachedKeyRing } from '../oauth/cached-key-ring.ts';
import { publisherFreshness } from '../oauth/key-times.ts';
import { parseIssuer } from '../oauth/own-identifiers.ts';
import { parseProfile } from '../oauth/profile.ts';
import type { DiscoveryEnvironment } from './environment.ts';
import { createHandler } from './handler.ts';
import { parseAuthorizationEndpointStub } from './metadata.ts';

const now = (): number => Math.floor(Date.now() / 1000);
const registry = dynamodbKeyRing(
  new DynamoDBClient({ ...sdkSettings, ...lambdaSettings('DYNAMODB') }),
  env<DiscoveryEnvironment>('REGISTRY_TABLE'),
);

const keyRing = cachedKeyRing(registry, { now, freshness: publisherFreshness });
const mtlsOrigin = env<DiscoveryEnvironment>('MTLS_ORIGIN');

export const handler = createHandler({
  issuer: parseIssuer(env<DiscoveryEnvironment>('ISSUER')),
  profile: parseProfile(env<DiscoveryEnvironment>('PROFILE')),
  mtlsOrigin: mtlsOrigin === 'none' ? undefined : mtlsOrigin,
  authorizationEndpoint: parseAuthorizationEndpointStub(
    env<DiscoveryEnvironment>('AUTHORIZATION_ENDPOINT'),
  ),
  keyRing,
  now,
  audit: auditLog('discovery'),
});

// Warm up only. Not cached: an empty ring would answer 503.
await warmUp(() => registry.load());
