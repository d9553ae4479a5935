import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { parseAlgorithms } from '../authorizer/algorithms.ts';
import { confirmPossession } from '../authorizer/confirm-possession.ts';
import type { Authorizer } from '../authorizer/handler.ts';
import { issuerKeys } from '../authorizer/issuer-keys.ts';
import { parsePublicUrl } from '../authorizer/public-url.ts';
import { parseRoutes } from '../authorizer/routes.ts';
import { auditLog } from '../aws/audit-log.ts';
import { dynamodbNonceKeys } from '../aws/dynamodb-nonce-keys.ts';
import { dynamodbReplayGuard } from '../aws/dynamodb-replay-guard.ts';
import { env } from '../aws/env.ts';
import { sdkSettings } from '../aws/sdk-settings.ts';
import { parseAssertionAlgorithms } from '../oauth/assertion-algorithms.ts';
import { noNonces, statelessNonces } from '../oauth/dpop-nonce.ts';
import type { BoundTokenEnvironment } from './environment.ts';

/**
 * What an authorizer, or a guard, of bound tokens works with, by its environment.
 * @param name of the function, for the log
 */
export function wiring(name: string): Authorizer {
  const dynamodb = new DynamoDBClient(sdkSettings);
  const ephemera = env<BoundTokenEnvironment>('EPHEMERA_TABLE');
  const issuer = env<BoundTokenEnvironment>('ISSUER');
  const dpopAlgorithms = parseAssertionAlgorithms(env<BoundTokenEnvironment>('DPOP_ALGORITHMS'));
  const now = () => Math.floor(Date.now() / 1000);
  return {
    issuer,
    audience: env<BoundTokenEnvironment>('AUDIENCE'),
    algorithms: parseAlgorithms(env<BoundTokenEnvironment>('ALGORITHMS')),
    dpopAlgorithms,
    routes: parseRoutes(env<BoundTokenEnvironment>('ROUTES')),
    keys: issuerKeys({ issuer, fetch, fetchTimeout: 3000, now }),
    confirm: confirmPossession({
      publicUrl: parsePublicUrl(env<BoundTokenEnvironment>('PUBLIC_URL')),
      required: env<BoundTokenEnvironment>('BOUND_TOKENS') !== 'accepted',
      algorithms: dpopAlgorithms,
      nonces:
        env<BoundTokenEnvironment>('DPOP_NONCE') === 'off'
          ? noNonces
          : statelessNonces({ keys: dynamodbNonceKeys(dynamodb, ephemera), now }),
      replays: dynamodbReplayGuard(dynamodb, ephemera, now),
      now,
    }),
    now,
    audit: auditLog(name),
  };
}
