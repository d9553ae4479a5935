import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

type Item = Readonly<Record<string, unknown>>;
type Key = Readonly<{ pk: string }>;
type Condition = Pick<PutItemCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'>;

/**
 * The registry table as its administrators reach it: the `RegistryStore` that the rules of registry/
 * work on. Each write but `replace` is conditional, so that of two at the same time one is told no.
 */
export function dynamodbRegistryStore(dynamodb: DynamoDBClient, TableName: string) {
  const put = (item: Item, condition: Condition): Promise<boolean> => {
    // A member may be named `constructor`, by which util-dynamodb takes its object for one of a class.
    const Item = marshall(item, { removeUndefinedValues: true, convertClassInstanceToMap: true });
    return unlessConditionFails(
      dynamodb.send(new PutItemCommand({ TableName, Item, ...condition })),
    );
  };
  return {
    read: async ({ pk }: Key): Promise<Item | undefined> => {
      const command = new GetItemCommand({
        TableName,
        Key: marshall({ pk }),
        ConsistentRead: true,
      });
      const { Item } = await dynamodb.send(command);
      return Item && unmarshall(Item);
    },
    page: async (prefix: string, after: string | undefined, most: number | undefined) => {
      const { Items = [], LastEvaluatedKey } = await dynamodb.send(
        new ScanCommand({
          TableName,
          ConsistentRead: true,
          ...keysBeginWith(prefix),
          ...(after !== undefined && { ExclusiveStartKey: marshall({ pk: after }) }),
          ...(most !== undefined && { Limit: most }),
        }),
      );
      const next = LastEvaluatedKey && String(unmarshall(LastEvaluatedKey).pk);
      return { items: Items.map((item) => unmarshall(item)), next };
    },
    create: (item: Item) =>
      put({ ...item, revision: 1 }, { ConditionExpression: 'attribute_not_exists(pk)' }),
    replace: async (item: Item): Promise<void> => {
      await put(item, {});
    },
    change: (before: Item, after: Item) =>
      put({ ...after, revision: revision(before) + 1 }, sameRevision(revision(before))),
    delete: ({ pk }: Key, holding: Item = {}) =>
      unlessConditionFails(
        dynamodb.send(
          new DeleteItemCommand({ TableName, Key: marshall({ pk }), ...stillHolds(holding) }),
        ),
      ),
  };
}

const keysBeginWith = (prefix: string) => ({
  FilterExpression: 'begins_with(pk, :prefix)',
  ExpressionAttributeValues: marshall({ ':prefix': prefix }),
});

const revision = (item: Item): number => Number(item.revision ?? 0);

/** The item is there with this revision; 0: with none, as an item that `replace` wrote. */
function sameRevision(expected: number): Condition {
  if (expected === 0)
    return { ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(revision)' };
  return {
    ConditionExpression: 'revision = :revision',
    ExpressionAttributeValues: marshall({ ':revision': expected }),
  };
}

/** The item is there, and has these attributes. */
function stillHolds(holding: Item) {
  const names = Object.keys(holding);
  const equalities = names.map((name) => `#${name} = :${name}`);
  return {
    ConditionExpression: ['attribute_exists(pk)', ...equalities].join(' AND '),
    ...(names.length > 0 && {
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: marshall(
        Object.fromEntries(names.map((name) => [`:${name}`, holding[name]])),
      ),
    }),
  };
}

async function unlessConditionFails(written: Promise<unknown>): Promise<boolean> {
  try {
    await written;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
