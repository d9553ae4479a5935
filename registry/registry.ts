import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { Refusal } from '../cli/cli-error.ts';
import type { Item } from '../functions/aws/item.ts';

/** The table of clients and resource servers, as an administrator reaches it. */
export interface Registry {
  readonly dynamodb: DynamoDBClient;
  /** The table's name. */
  readonly table: string;
  /** NumericDate. */
  readonly now: () => number;
}

/** Reads one item as it is now (strongly consistent). */
export async function readItem(registry: Registry, key: Item): Promise<Item | undefined> {
  const command = { TableName: registry.table, Key: marshall(key), ConsistentRead: true };
  const { Item: stored } = await registry.dynamodb.send(new GetItemCommand(command));
  return stored && unmarshall(stored);
}

/** Reads every item whose key begins with the prefix, in no particular order. */
export async function scanItems(registry: Registry, prefix: string): Promise<readonly Item[]> {
  const pages = paginateScan(
    { client: registry.dynamodb },
    {
      TableName: registry.table,
      ConsistentRead: true,
      FilterExpression: 'begins_with(pk, :prefix)',
      ExpressionAttributeValues: marshall({ ':prefix': prefix }),
    },
  );
  const items: Item[] = [];
  for await (const page of pages) items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
  return items;
}

/** Writes an item unless its key is taken; says whether it did. */
export function createItem(registry: Registry, item: Item): Promise<boolean> {
  return put(
    registry,
    { ...item, revision: 1 },
    { ConditionExpression: 'attribute_not_exists(pk)' },
  );
}

/** Writes an item whatever is there. */
export async function replaceItem(registry: Registry, item: Item): Promise<void> {
  await put(registry, item, {});
}

/**
 * Reads an item, and writes what `change` makes of it unless somebody else wrote meanwhile; then
 * it starts again from what they wrote, so that neither change is lost. `change` may refuse.
 */
export async function changeItem(
  registry: Registry,
  key: Item,
  change: (item: Item | undefined) => Item,
): Promise<Item> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const before = await readItem(registry, key);
    const after = { ...before, ...change(before), revision: revision(before) + 1 };
    if (await put(registry, after, sameRevision(revision(before)))) return after;
  }
  throw new Refusal('somebody else is changing the same item; nothing was changed, try again');
}

/**
 * Deletes an item; says whether it was there.
 * @param holding attributes that it must still have to be deleted
 */
export async function deleteItem(
  registry: Registry,
  key: Item,
  holding: Item = {},
): Promise<boolean> {
  const names = Object.keys(holding);
  const command = new DeleteItemCommand({
    TableName: registry.table,
    Key: marshall(key),
    ConditionExpression: ['attribute_exists(pk)', ...names.map((n) => `#${n} = :${n}`)].join(
      ' AND ',
    ),
    ...(names.length > 0 && {
      ExpressionAttributeNames: Object.fromEntries(names.map((n) => [`#${n}`, n])),
      ExpressionAttributeValues: marshall(
        Object.fromEntries(Object.entries(holding).map(([n, value]) => [`:${n}`, value])),
      ),
    }),
  });
  return unlessConditionFails(registry.dynamodb.send(command));
}

type Condition = Pick<PutItemCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'>;

const revision = (item: Item | undefined): number => Number(item?.revision ?? 0);

function sameRevision(expected: number): Condition {
  if (expected === 0)
    return { ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(revision)' };
  return {
    ConditionExpression: 'revision = :revision',
    ExpressionAttributeValues: marshall({ ':revision': expected }),
  };
}

function put(registry: Registry, item: Item, condition: Condition): Promise<boolean> {
  const marshalled = marshall(item, { removeUndefinedValues: true });
  const command = { TableName: registry.table, Item: marshalled, ...condition };
  return unlessConditionFails(registry.dynamodb.send(new PutItemCommand(command)));
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
