import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { ClientStore } from '../oauth/client.ts';
import { unavailable } from '../oauth/oauth-error.ts';
import type { ResourceServerStore } from '../oauth/resource-server.ts';
import type { Item } from './item.ts';
import { parseClient, parseResourceServer, registryKey } from './registry-items.ts';

/** Clients in the registry table. */
export function dynamodbClients(dynamodb: DynamoDBClient, table: string): ClientStore {
  const get = getItem(dynamodb, table);
  return {
    async find(client_id) {
      const item = await get(registryKey.client(client_id));
      return item && parseClient(item);
    },
  };
}

/** Resource servers in the registry table. */
export function dynamodbResourceServers(
  dynamodb: DynamoDBClient,
  table: string,
): ResourceServerStore {
  const get = getItem(dynamodb, table);
  return {
    async find(resource) {
      const item = await get(registryKey.resourceServer(resource));
      return item && parseResourceServer(item);
    },
  };
}

function getItem(dynamodb: DynamoDBClient, TableName: string) {
  return async (key: Item): Promise<Item | undefined> => {
    // Consistent: a client that was just disabled is refused, one that was just made is known.
    const command = new GetItemCommand({ TableName, Key: marshall(key), ConsistentRead: true });
    const { Item } = await dynamodb.send(command).catch((error: unknown) => {
      throw unavailable(error);
    });
    return Item && unmarshall(Item);
  };
}
