import { randomBytes } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { keyPeriod, type NonceKeys } from '../oauth/dpop-nonce.ts';
import { unavailable } from '../oauth/oauth-error.ts';

/** Seconds after its period for which a key is kept: its nonces live much shorter. */
const afterwards = 3600;

/** Periods whose keys an instance caches: the one that ends, and the one that begins. */
const cachedPeriods = 2;

/**
 * The keys of nonces in the ephemera table: the first instance that needs the key of a period makes it, of
 * 256 random bits, and all others read that one. DynamoDB deletes each when its period is over.
 */
export function dynamodbNonceKeys(dynamodb: DynamoDBClient, TableName: string): NonceKeys {
  const cached = new Map<number, Promise<Uint8Array>>();
  const read = async (pk: string): Promise<Uint8Array | undefined> => {
    const command = new GetItemCommand({ TableName, Key: marshall({ pk }), ConsistentRead: true });
    const { Item } = await dynamodb.send(command);
    const key: unknown = Item && unmarshall(Item).nonce_key;
    return key instanceof Uint8Array && key.length === 32 ? key : undefined;
  };
  const make = async (pk: string, period: number): Promise<void> => {
    const nonce_key = randomBytes(32);
    const expires_at = (period + 1) * keyPeriod + afterwards;
    const command = new PutItemCommand({
      TableName,
      Item: marshall({ pk, nonce_key, expires_at }),
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    await dynamodb.send(command).catch((error: unknown) => {
      // Somebody else was first.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    });
  };
  const find = async (period: number): Promise<Uint8Array> => {
    const pk = nonceKey(period);
    try {
      const stored = await read(pk);
      if (stored) return stored;
      await make(pk, period);
      return (await read(pk)) ?? fail(pk);
    } catch (error) {
      // The next request tries again.
      cached.delete(period);
      throw unavailable(error);
    }
  };
  return {
    ofPeriod(period) {
      const key = cached.get(period) ?? find(period);
      cached.set(period, key);
      for (const other of cached.keys()) {
        if (Math.abs(other - period) >= cachedPeriods) cached.delete(other);
      }
      return key;
    },
  };
}

/** The name of the key of a period in the table; `*` for the names of all. */
export const nonceKey = (period: number | '*'): string => `nonce-key#${period}`;

function fail(pk: string): never {
  throw new Error(`the ephemera table has no key in ${pk}`);
}
