import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { KeyRing } from '../oauth/key-ring.ts';
import type { KeyRingStore } from '../oauth/key-ring-store.ts';
import { keyRingItem, keyRingKey, parseKeyRing } from './key-ring-item.ts';

/** The key ring in the registry table. */
export function dynamodbKeyRing(dynamodb: DynamoDBClient, TableName: string): KeyRingStore {
  return {
    async load() {
      const Key = marshall(keyRingKey);
      const command = new GetItemCommand({ TableName, Key, ConsistentRead: true });
      const { Item } = await dynamodb.send(command);
      return parseKeyRing(Item && unmarshall(Item));
    },
    async store(ring) {
      const Item = marshall(keyRingItem(ring), { removeUndefinedValues: true });
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
