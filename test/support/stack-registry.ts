import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Item } from '../../functions/aws/item.ts';
import { clientItem, resourceServerItem } from '../../functions/aws/registry-items.ts';
import type { Client } from '../../functions/oauth/client.ts';
import type { ResourceServer } from '../../functions/oauth/resource-server.ts';
import type { RunningStack } from './local-stack.ts';
import { aClient, aResourceServer } from './token-endpoint.ts';

/** Writes clients and resource servers into the registry of a local stack. */
export function stackRegistry({ account, dynamodbEndpoint, registryTable, api }: RunningStack) {
  const dynamodb = new DynamoDBClient({ ...account, endpoint: dynamodbEndpoint });
  const put = async (item: Item): Promise<void> => {
    const Item = marshall(item, { removeUndefinedValues: true });
    await dynamodb.send(new PutItemCommand({ TableName: registryTable, Item }));
  };
  const grants: Client['grants'] = new Map([[api, new Set(['read'])]]);
  return {
    /** Registers a client that may read at the demo API. */
    client: (special: Partial<Client>) => put(clientItem(aClient({ grants, ...special }))),
    resourceServer: (resource: string, special: Partial<ResourceServer> = {}) =>
      put(resourceServerItem(aResourceServer({ resource, ...special }))),
  };
}
