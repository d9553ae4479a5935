import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Client } from '../oauth/client.ts';
import { unavailable } from '../oauth/oauth-error.ts';
import type { ResourceServer } from '../oauth/resource-server.ts';
import type { Item } from './item.ts';
import { parseClient, parseResourceServer, registryKey } from './registry-items.ts';

/** Reads one record as it is now; undefined: there is none. @throws RetryLater 503 when it cannot be read */
type Read<Kind> = (id: string) => Promise<Kind | undefined>;

/** Reads clients of the registry table. */
export function dynamodbClients(dynamodb: DynamoDBClient, table: string): Read<Client> {
  const get = getItem(dynamodb, table);
  return async (client_id) => {
    const item = await get(registryKey.client(client_id));
    return item && parseClient(item);
  };
}

/** Reads resource servers of the registry table. */
export function dynamodbResourceServers(
  dynamodb: DynamoDBClient,
  table: string,
): Read<ResourceServer> {
  const get = getItem(dynamodb, table);
  return async (resource) => {
    const item = await get(registryKey.resourceServer(resource));
    return item && parseResourceServer(item);
  };
}

function getItem(dynamodb: DynamoDBClient, TableName: string) {
  return async (key: Item): Promise<Item | undefined> => {
    // Consistent: a client that was just disabled is refused, one that was just made is found.
    const command = new GetItemCommand({ TableName, Key: marshall(key), ConsistentRead: true });
    const { Item } = await dynamodb.send(command).catch((error: unknown) => {
      throw unavailable(error);
    });
    return Item && unmarshall(Item);
  };
}
