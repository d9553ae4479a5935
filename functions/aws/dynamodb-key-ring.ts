import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { KeyRingStore } from '../oauth/key-ring-store.ts';
import { keyRingKey, parseKeyRing } from './key-ring-item.ts';

/** The key ring in the registry table, for who reads it. */
export function dynamodbKeyRing(
  dynamodb: DynamoDBClient,
  TableName: string,
): Pick<KeyRingStore, 'load'> {
  return {
    async load() {
      const Key = marshall(keyRingKey);
      const command = new GetItemCommand({ TableName, Key, ConsistentRead: true });
      const { Item } = await dynamodb.send(command);
      return parseKeyRing(Item && unmarshall(Item));
    },
  };
}
