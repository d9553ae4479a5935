import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import { keyRingItem } from '../../../functions/aws/key-ring-item.ts';
import { clientItem, resourceServerItem } from '../../../functions/aws/registry-items.ts';
import { publicJwk } from '../../../functions/oauth/public-jwk.ts';
import { aResourceServer } from '../../support/a-client.ts';
import { aRingKey } from '../../support/a-ring-key.ts';
import { benchClient } from '../fixtures/token-handler.ts';

/** What DynamoDB and KMS answer at once, as the JSON of their protocols. */
export interface Canned {
  /** Kind of a registry item, with which its key begins -> the item. */
  readonly items: Readonly<Record<string, object>>;
  /** Base64. */
  readonly signature: string;
  /** Base64; what Decrypt gives. */
  readonly privateKey: string;
}

const item = (record: Readonly<Record<string, unknown>>) =>
  marshall(record, { removeUndefinedValues: true });

/** A registry whose active key is in KMS. */
export const withKeyInKms: Canned = {
  items: {
    client: item(clientItem(benchClient())),
    resource: item(resourceServerItem(aResourceServer())),
    'signing-keys': item(keyRingItem({ keys: [aRingKey()], revision: 1 })),
  },
  signature: randomBytes(256).toString('base64'),
  privateKey: '',
};

/** The same, with an active key that KMS has wrapped. */
export async function withWrappedKey(alg: 'ES256' | 'RS256'): Promise<Canned> {
  const { publicKey, privateKey } =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = await publicJwk(publicKey.export({ type: 'spki', format: 'der' }), alg);
  const wrapped = { custody: 'kms-wrapped', wrapped_private_key: 'd3JhcHBlZA==' } as const;
  const key = aRingKey({ kid: jwk.kid, alg, jwk, ...wrapped });
  return {
    ...withKeyInKms,
    items: {
      ...withKeyInKms.items,
      'signing-keys': item(keyRingItem({ keys: [key], revision: 1 })),
    },
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
  };
}
