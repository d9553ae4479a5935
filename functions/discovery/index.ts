import { KMSClient } from '@aws-sdk/client-kms';
import { auditLog } from '../aws/audit-log.ts';
import { env } from '../aws/env.ts';
import { kmsPublicJwk } from '../aws/kms-signing-key.ts';
import { sdkSettings } from '../aws/sdk-settings.ts';
import type { DiscoveryEnvironment } from './environment.ts';
import { createHandler } from './handler.ts';

export const handler = createHandler({
  issuer: env<DiscoveryEnvironment>('ISSUER'),
  publicJwk: kmsPublicJwk(new KMSClient(sdkSettings), env<DiscoveryEnvironment>('SIGNING_KEY_ID')),
  audit: auditLog('discovery'),
});
