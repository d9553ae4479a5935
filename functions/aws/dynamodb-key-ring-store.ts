import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { KeyRing } from '../oauth/key-ring.ts';
import type { KeyRingStore } from '../oauth/key-ring-store.ts';
import type { Actor, ChangedBy } from './changed-by.ts';
import { dynamodbKeyRing } from './dynamodb-key-ring.ts';
import { keyRingItem } from './key-ring-item.ts';

/**
 * The key ring in the registry table, for who changes it.
 * @param actor whom each write names
 */
export function dynamodbKeyRingStore(
  dynamodb: DynamoDBClient,
  TableName: string,
  actor: Actor,
): KeyRingStore {
  return {
    ...dynamodbKeyRing(dynamodb, TableName),
    async store(ring) {
      const changed_by: ChangedBy = { ...actor, change: randomUUID() };
      const item = { ...keyRingItem(ring), changed_by };
      const Item = marshall(item, { removeUndefinedValues: true });
      const command = new PutItemCommand({ TableName, Item, ...unchangedSince(ring) });
      try {
        await dynamodb.send(command);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}

function unchangedSince({ revision }: KeyRing) {
  if (revision === 1) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: 'revision = :before',
    ExpressionAttributeValues: marshall({ ':before': revision - 1 }),
  };
}
