import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { auditLog } from '../aws/audit-log.ts';
import { dynamodbCounter } from '../aws/dynamodb-counter.ts';
import { dynamodbUses } from '../aws/dynamodb-last-use.ts';
import { dynamodbNonceKeys } from '../aws/dynamodb-nonce-keys.ts';
import { dynamodbReplayGuard } from '../aws/dynamodb-replay-guard.ts';
import { env } from '../aws/env.ts';
import { lambdaInvocation } from '../aws/lambda-invocation.ts';
import { parseOrigins } from '../http/cors.ts';
import { cachedRecords, type ReadRecord } from '../oauth/cached-records.ts';
import { noNonces, statelessNonces } from '../oauth/dpop-nonce.ts';
import { endpointPaths } from '../oauth/endpoint-paths.ts';
import { parseIssuer } from '../oauth/own-identifiers.ts';
import { parseProfile } from '../oauth/profile.ts';
import { isLoopback } from '../oauth/secure-url.ts';
import { guardedFetch } from '../remote/guarded-fetch.ts';
import { publishedKeySets } from '../remote/published-keys.ts';
import type { ClientEndpoint } from './client-endpoint.ts';
import type { ClientEndpointEnvironment } from './environment.ts';
import { failedAttempts } from './failed-attempts.ts';
import { importedSecrets, invokedVerification } from './imported-secrets.ts';

// A cold start may fetch two documents beside its calls of AWS, and has twenty seconds for all of it.
const fetchTimeout = 1500;

/** NumericDate. */
export const now = (): number => Math.floor(Date.now() / 1000);

/** Caches records for as long as the environment says. */
export const cached = <Kind extends object>(read: ReadRecord<Kind>) =>
  cachedRecords({ read, seconds: Number(env<ClientEndpointEnvironment>('CLIENT_CACHE')), now });

/**
 * Wires what is the same at each endpoint at which clients authenticate.
 * @param name of the endpoint, and of its function in the log
 */
export function wiredClientEndpoint(
  dynamodb: DynamoDBClient,
  name: keyof typeof endpointPaths,
): Omit<ClientEndpoint, 'records'> {
  const issuer = parseIssuer(env<ClientEndpointEnvironment>('ISSUER'));
  const ephemera = env<ClientEndpointEnvironment>('EPHEMERA_TABLE');
  const counter = dynamodbCounter(dynamodb, ephemera);
  const origins = [issuer, env<ClientEndpointEnvironment>('MTLS_ORIGIN')];
  const urlsOf = (endpoint: typeof name) =>
    origins.filter((origin) => origin !== 'none').map((origin) => origin + endpointPaths[endpoint]);
  const urls = urlsOf(name);
  return {
    issuer,
    urls,
    audiences: [...new Set([...urlsOf('token'), ...urls])],
    failedAttempts: failedAttempts(counter, now),
    importedSecrets: importedSecrets({
      verify: invokedVerification(
        lambdaInvocation(dynamodb, env<ClientEndpointEnvironment>('IMPORTED_SECRETS_FUNCTION')),
      ),
      counter,
      now,
    }),
    // Only a local stack may fetch keys from this computer.
    publishedKeys: publishedKeySets({
      fetch: guardedFetch({ mayBeLocal: isLoopback(new URL(issuer)) }),
      fetchTimeout,
      now,
    }),
    clientSecretMethod:
      env<ClientEndpointEnvironment>('CLIENT_SECRET_METHOD') === 'any' ? 'any' : 'registered',
    profile: parseProfile(env<ClientEndpointEnvironment>('PROFILE')),
    assertionMaxLifetime: Number(env<ClientEndpointEnvironment>('ASSERTION_MAX_LIFETIME')),
    replays: dynamodbReplayGuard(dynamodb, ephemera, now),
    noteUse: dynamodbUses(dynamodb, ephemera, now),
    nonces:
      env<ClientEndpointEnvironment>('DPOP_NONCE') === 'off'
        ? noNonces
        : statelessNonces({ keys: dynamodbNonceKeys(dynamodb, ephemera), now }),
    now,
    corsOrigins: parseOrigins(env<ClientEndpointEnvironment>('CORS_ORIGINS')),
    audit: auditLog(name),
  };
}
