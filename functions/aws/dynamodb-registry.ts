import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Consistency, ReadRecord } from '../oauth/cached-records.ts';
import type { Client } from '../oauth/client.ts';
import { unavailable } from '../oauth/oauth-error.ts';
import type { ResourceServer } from '../oauth/resource-server.ts';
import type { Item } from './item.ts';
import { parseClient, parseResourceServer, registryKey } from './registry-items.ts';

/** Reads clients of the registry table. */
export function dynamodbClients(dynamodb: DynamoDBClient, table: string): ReadRecord<Client> {
  const get = getItem(dynamodb, table);
  return async (client_id, consistency) => {
    const item = await get(registryKey.client(client_id), consistency);
    return item && parseClient(item);
  };
}

/** Reads resource servers of the registry table. */
export function dynamodbResourceServers(
  dynamodb: DynamoDBClient,
  table: string,
): ReadRecord<ResourceServer> {
  const get = getItem(dynamodb, table);
  return async (resource, consistency) => {
    const item = await get(registryKey.resourceServer(resource), consistency);
    return item && parseResourceServer(item);
  };
}

function getItem(dynamodb: DynamoDBClient, TableName: string) {
  return async (key: Item, consistency: Consistency): Promise<Item | undefined> => {
    const ConsistentRead = consistency === 'strong';
    const command = new GetItemCommand({ TableName, Key: marshall(key), ConsistentRead });
    const { Item } = await dynamodb.send(command).catch((error: unknown) => {
      throw unavailable(error);
    });
    return Item && unmarshall(Item);
  };
}
