import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { cached, now, wiredClientEndpoint } from '../authentication/client-endpoint-wiring.ts';
import { dynamodbKeyRing } from '../aws/dynamodb-key-ring.ts';
import { dynamodbClients, dynamodbResourceServers } from '../aws/dynamodb-registry.ts';
import { dynamodbRevokedTokens } from '../aws/dynamodb-revoked-tokens.ts';
import { dynamodbNumberBlocks } from '../aws/dynamodb-token-numbers.ts';
import { env } from '../aws/env.ts';
import { kmsSigningKeys } from '../aws/kms-signing-keys.ts';
import { lambdaSettings, servesSeveral } from '../aws/lambda-settings.ts';
import { sdkSettings } from '../aws/sdk-settings.ts';
import { unwrappedKeys } from '../aws/unwrapped-keys.ts';
import { warmUp } from '../aws/warm-up.ts';
import type { AskHook } from '../claims-hook/hearing.ts';
import { cachedKeyRing } from '../oauth/cached-key-ring.ts';
import { signerFreshness } from '../oauth/key-times.ts';
import { newJti } from './access-token.ts';
import type { TokenEnvironment } from './environment.ts';
import { createHandler } from './handler.ts';
import { tokenNumbers } from './token-numbers.ts';
import { noTokenReuse, tokenReuse } from './token-reuse.ts';

const dynamodb = new DynamoDBClient({ ...sdkSettings, ...lambdaSettings('DYNAMODB') });
const endpoint = wiredClientEndpoint(dynamodb, 'token');
const registry = env<TokenEnvironment>('REGISTRY_TABLE');
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
const revocations = env<TokenEnvironment>('REVOCATIONS_TABLE');
const numbers = tokenNumbers({
  blocks: dynamodbNumberBlocks(dynamodb, revocations),
  issuer: endpoint.issuer,
  now,
});
const seconds = Number(env<TokenEnvironment>('TOKEN_REUSE'));
const isRevoked = dynamodbRevokedTokens(dynamodb, revocations);

/** What asks the owner's hook is beside the bundle, where there is a hook: else it is not there to be loaded. */
async function loadedHook(file: string): Promise<AskHook> {
  const runner = String(new URL('./claims-hook/index.mjs', import.meta.url));
  const { loadHook }: typeof import('../claims-hook/index.ts') = await import(runner);
  return loadHook(file, Number(env<TokenEnvironment>('CLAIMS_HOOK_TIMEOUT')));
}
const hookFile = env<TokenEnvironment>('CLAIMS_HOOK');

export const handler = createHandler({
  ...endpoint,
  accessTokenLifetime: Number(env<TokenEnvironment>('ACCESS_TOKEN_LIFETIME')),
  records: {
    clients: cached(readClientAndRing),
    resourceServers: cached(dynamodbResourceServers(dynamodb, registry)),
  },
  signingKeys,
  reuse: seconds > 0 ? tokenReuse({ seconds, now, isRevoked }) : noTokenReuse,
  newJti,
  newPlace: numbers.newPlace,
  claimsHook: hookFile === 'none' ? undefined : await loadedHook(hookFile),
});

await warmUp(() =>
  Promise.all([signingKeys.prepare(), endpoint.nonces.issue(), numbers.prepare()]),
);
