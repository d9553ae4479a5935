import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { auditLog } from '../aws/audit-log.ts';
import { dynamodbCounter } from '../aws/dynamodb-counter.ts';
import { dynamodbKeyRing } from '../aws/dynamodb-key-ring.ts';
import { dynamodbNonceKeys } from '../aws/dynamodb-nonce-keys.ts';
import { dynamodbClients, dynamodbResourceServers } from '../aws/dynamodb-registry.ts';
import { dynamodbReplayGuard } from '../aws/dynamodb-replay-guard.ts';
import { env } from '../aws/env.ts';
import { kmsSigningKeys } from '../aws/kms-signing-keys.ts';
import { lambdaSettings, servesSeveral } from '../aws/lambda-settings.ts';
import { sdkSettings } from '../aws/sdk-settings.ts';
import { unwrappedKeys } from '../aws/unwrapped-keys.ts';
import { warmUp } from '../aws/warm-up.ts';
import { parseOrigins } from '../http/cors.ts';
import { cachedKeyRing } from '../oauth/cached-key-ring.ts';
import { cachedRecords, type ReadRecord } from '../oauth/cached-records.ts';
import { noNonces, statelessNonces } from '../oauth/dpop-nonce.ts';
import { signerFreshness } from '../oauth/key-times.ts';
import { parseIssuer } from '../oauth/own-identifiers.ts';
import { parseProfile } from '../oauth/profile.ts';
import { isLoopback } from '../oauth/secure-url.ts';
import { guardedFetch } from '../remote/guarded-fetch.ts';
import { publishedKeySets } from '../remote/published-keys.ts';
import type { TokenEnvironment } from './environment.ts';
import { failedAttempts } from './failed-attempts.ts';
import { createHandler } from './handler.ts';
import { newJti } from './new-jti.ts';
import { noTokenReuse, tokenReuse } from './token-reuse.ts';

const dynamodb = new DynamoDBClient({ ...sdkSettings, ...lambdaSettings('DYNAMODB') });
const issuer = parseIssuer(env<TokenEnvironment>('ISSUER'));
const registry = env<TokenEnvironment>('REGISTRY_TABLE');
const ephemera = env<TokenEnvironment>('EPHEMERA_TABLE');
const now = (): number => Math.floor(Date.now() / 1000);
const kms = new KMSClient({ ...sdkSettings, ...lambdaSettings('KMS') });
const keyRing = cachedKeyRing(dynamodbKeyRing(dynamodb, registry), {
  now,
  freshness: signerFreshness,
});
const unwrapped = unwrappedKeys(kms, registry);
const signers = { kms, unwrapped, servesSeveral: servesSeveral() };
const signingKeys = kmsSigningKeys(signers, keyRing);

const readClient = dynamodbClients(dynamodb, registry);
/** Where a client is not cached, the key ring is often too old, too: both are read at the same time. */
const readClientAndRing: typeof readClient = (client_id, consistency) => {
  // It fails for whoever signs by the ring, and not here.
  keyRing.current().catch(() => undefined);
  return readClient(client_id, consistency);
};
const cached = <Kind extends object>(read: ReadRecord<Kind>) =>
  cachedRecords({ read, seconds: Number(env<TokenEnvironment>('CLIENT_CACHE')), now });
const nonces =
  env<TokenEnvironment>('DPOP_NONCE') === 'off'
    ? noNonces
    : statelessNonces({ keys: dynamodbNonceKeys(dynamodb, ephemera), now });
const reuseSeconds = Number(env<TokenEnvironment>('TOKEN_REUSE'));

// A cold start may fetch two documents beside its calls of AWS, and has twenty seconds for all of it.
const fetchTimeout = 1500;

export const handler = createHandler({
  issuer,
  tokenEndpoints: [issuer, env<TokenEnvironment>('MTLS_ORIGIN')]
    .filter((origin) => origin !== 'none')
    .map((origin) => `${origin}/token`),
  accessTokenLifetime: Number(env<TokenEnvironment>('ACCESS_TOKEN_LIFETIME')),
  records: {
    clients: cached(readClientAndRing),
    resourceServers: cached(dynamodbResourceServers(dynamodb, registry)),
  },
  failedAttempts: failedAttempts(dynamodbCounter(dynamodb, ephemera), now),
  // Only a local stack may fetch keys from this computer.
  publishedKeys: publishedKeySets({
    fetch: guardedFetch({ mayBeLocal: isLoopback(new URL(issuer)) }),
    fetchTimeout,
    now,
  }),
  clientSecretMethod:
    env<TokenEnvironment>('CLIENT_SECRET_METHOD') === 'any' ? 'any' : 'registered',
  profile: parseProfile(env<TokenEnvironment>('PROFILE')),
  assertionMaxLifetime: Number(env<TokenEnvironment>('ASSERTION_MAX_LIFETIME')),
  replays: dynamodbReplayGuard(dynamodb, ephemera, now),
  nonces,
  signingKeys,
  reuse: reuseSeconds > 0 ? tokenReuse({ seconds: reuseSeconds, now }) : noTokenReuse,
  now,
  newJti,
  corsOrigins: parseOrigins(env<TokenEnvironment>('CORS_ORIGINS')),
  audit: auditLog('token'),
});

await warmUp(() => Promise.all([signingKeys.prepare(), nonces.issue()]));
