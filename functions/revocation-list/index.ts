import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { auditLog } from '../aws/audit-log.ts';
import { dynamodbKeyRing } from '../aws/dynamodb-key-ring.ts';
import { dynamodbRevocationLog } from '../aws/dynamodb-revocations.ts';
import { dynamodbNumberCount } from '../aws/dynamodb-token-numbers.ts';
import { env } from '../aws/env.ts';
import { kmsSigningKeys } from '../aws/kms-signing-keys.ts';
import { lambdaSettings, servesSeveral } from '../aws/lambda-settings.ts';
import { sdkSettings } from '../aws/sdk-settings.ts';
import { unwrappedKeys } from '../aws/unwrapped-keys.ts';
import { warmUp } from '../aws/warm-up.ts';
import { cachedKeyRing } from '../oauth/cached-key-ring.ts';
import { currentRevocations } from '../oauth/current-revocations.ts';
import { publisherFreshness } from '../oauth/key-times.ts';
import { parseIssuer } from '../oauth/own-identifiers.ts';
import type { RevocationListEnvironment } from './environment.ts';
import { createHandler } from './handler.ts';
import { knownLists } from './known-lists.ts';
import { encodedLists } from './list-content.ts';
import { signedLists } from './signed-lists.ts';

const now = (): number => Math.floor(Date.now() / 1000);
const dynamodb = new DynamoDBClient({ ...sdkSettings, ...lambdaSettings('DYNAMODB') });
const kms = new KMSClient({ ...sdkSettings, ...lambdaSettings('KMS') });
const registry = env<RevocationListEnvironment>('REGISTRY_TABLE');
const table = env<RevocationListEnvironment>('REVOCATIONS_TABLE');
// As fresh as the list: a key that was revoked a second ago must not sign one.
const keyRing = cachedKeyRing(dynamodbKeyRing(dynamodb, registry), {
  now,
  freshness: publisherFreshness,
});
const signers = { kms, unwrapped: unwrappedKeys(kms, registry), servesSeveral: servesSeveral() };
const signingKeys = kmsSigningKeys(signers, keyRing);
const revocations = currentRevocations({
  log: dynamodbRevocationLog(dynamodb, table, now),
  now,
  // No older: authorizers take what they get for at most a second old, and go on with their last list themselves.
  oldest: 1,
});
const service = 'revocation-list';
const alarm = auditLog(service, 'ERROR');

export const handler = createHandler({
  issuer: parseIssuer(env<RevocationListEnvironment>('ISSUER')),
  revocations,
  keyRing,
  encoded: encodedLists(),
  signList: signedLists({
    signingKeys,
    now,
    tooLong: (path, isShortEnough) =>
      alarm({ outcome: isShortEnough ? 'shortened' : 'failed', path }),
  }),
  knownLists: knownLists(dynamodbNumberCount(dynamodb, table), now),
  audit: auditLog(service),
});

await warmUp(() => Promise.all([signingKeys.prepare(), revocations.current()]));
