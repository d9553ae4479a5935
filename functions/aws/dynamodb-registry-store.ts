import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { ChangedBy, WhoActs } from './changed-by.ts';

type Item = Readonly<Record<string, unknown>>;
type Key = Readonly<{ pk: string }>;
type Marshalled = Record<string, AttributeValue>;
type Condition = Pick<PutItemCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'>;

/**
 * The registry table as its administrators reach it: the `RegistryStore` that the rules of registry/
 * work on. Each write but `replace` is conditional, so that of two at the same time one is told no. Each
 * leaves in the item who made it, which `read` and `page` keep to themselves.
 * @param whoActs is asked at each write; what it throws, the write throws
 */
export function dynamodbRegistryStore(
  dynamodb: DynamoDBClient,
  TableName: string,
  whoActs: WhoActs,
) {
  const stamp = async (): Promise<ChangedBy> => {
    const { identity, tool } = await whoActs();
    return { identity, tool, change: randomUUID() };
  };
  const put = async (item: Item, condition: Condition): Promise<boolean> => {
    const stamped = { ...item, changed_by: await stamp() };
    // A member may be named `constructor`, by which util-dynamodb takes its object for one of a class.
    const options = { removeUndefinedValues: true, convertClassInstanceToMap: true };
    const Item = marshall(stamped, options);
    return unlessConditionFails(
      dynamodb.send(new PutItemCommand({ TableName, Item, ...condition })),
    );
  };
  // A stream tells of a deletion what was there before, and nothing of who deleted it.
  const announceDeletion = async (Key: Marshalled, holding: Item): Promise<string | undefined> => {
    const by: ChangedBy = { ...(await stamp()), deletes: true };
    const { names, values, condition } = stillHolds(holding);
    const command = new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: 'SET changed_by = :changed_by',
      ConditionExpression: condition,
      ...names,
      ExpressionAttributeValues: marshall({ ...values, ':changed_by': by }),
    });
    return (await unlessConditionFails(dynamodb.send(command))) ? by.change : undefined;
  };
  // Who writes in between takes the announcement away: then their item is the one to be deleted, if it holds that much.
  const deleteAnnounced = (Key: Marshalled, change: string): Promise<boolean> =>
    unlessConditionFails(
      dynamodb.send(
        new DeleteItemCommand({
          TableName,
          Key,
          ConditionExpression: 'changed_by.change = :change',
          ExpressionAttributeValues: marshall({ ':change': change }),
        }),
      ),
    );
  return {
    read: async ({ pk }: Key): Promise<Item | undefined> => {
      const command = new GetItemCommand({
        TableName,
        Key: marshall({ pk }),
        ConsistentRead: true,
      });
      const { Item } = await dynamodb.send(command);
      return Item && withoutStamp(Item);
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
      return { items: Items.map(withoutStamp), next };
    },
    create: (item: Item) =>
      put({ ...item, revision: 1 }, { ConditionExpression: 'attribute_not_exists(pk)' }),
    replace: async (item: Item): Promise<void> => {
      await put(item, {});
    },
    change: (before: Item, after: Item) =>
      put({ ...after, revision: revision(before) + 1 }, sameRevision(revision(before))),
    delete: async ({ pk }: Key, holding: Item = {}): Promise<boolean> => {
      const Key = marshall({ pk });
      for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
        const change = await announceDeletion(Key, holding);
        if (change === undefined) return false;
        if (await deleteAnnounced(Key, change)) return true;
      }
      throw new Error(`somebody else is changing ${pk}; nothing was deleted, try again`);
    },
  };
}

const mostAttempts = 10;

function withoutStamp(marshalled: Marshalled): Item {
  const { changed_by: _, ...item } = unmarshall(marshalled);
  return item;
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
  const held = Object.keys(holding);
  const equalities = held.map((name) => `#${name} = :${name}`);
  const names = Object.fromEntries(held.map((name) => [`#${name}`, name]));
  return {
    condition: ['attribute_exists(pk)', ...equalities].join(' AND '),
    names: held.length > 0 ? { ExpressionAttributeNames: names } : {},
    values: Object.fromEntries(held.map((name) => [`:${name}`, holding[name]])),
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
