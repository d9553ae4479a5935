import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  type AttributeValue,
  CreateTableCommand,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Actor, ChangedBy, WhoActs } from '../../functions/aws/changed-by.ts';
import { keyRingKey } from '../../functions/aws/key-ring-item.ts';
import type { Backup, WireItem } from '../../registry/backup/backup-file.ts';
import type { StoredItem } from '../../registry/registry-store.ts';
import { CliError } from '../io/cli-error.ts';
import { registryKeySchema, waitUntilActive } from './registry-table.ts';
import type { Step } from './step.ts';

/** Reads an item as the functions do. */
export const storedItem = (item: WireItem): StoredItem => unmarshall(asAttributes(item));

/**
 * Writes a backup into a table that is made for it, or is empty. What an earlier try has written stays.
 * @throws CliError when the table has anything else
 */
export function restoreSteps(
  dynamodb: DynamoDBClient,
  table: string,
  { items, present, whoActs }: Restore,
): { readonly make: readonly Step[]; readonly write: readonly Step[] } {
  const missing = missingIn(present ?? [], items);
  if (missing === undefined) {
    const sentence = `the table ${table} has items that the backup does not have: a backup is restored into a table that is new or empty`;
    throw new CliError(sentence, 1, { code: 'refused' });
  }
  const make = { what: `make the table ${table}`, take: () => makeTable(dynamodb, table) };
  const what = `write ${missing.length} items of the backup into it`;
  const take = async () => writeAll(dynamodb, table, missing.map(stampedBy(await whoActs())));
  return { make: present ? [] : [make], write: missing.length > 0 ? [{ what, take }] : [] };
}

/** What is restored, and who does it. */
interface Restore extends Pick<Backup, 'items'> {
  /** What the table has; undefined: there is no table. */
  readonly present: readonly WireItem[] | undefined;
  readonly whoActs: WhoActs;
}

/** Each item tells who wrote it, as after any other command. The key ring is written by the key rotation alone. */
const stampedBy =
  (actor: Actor) =>
  (item: WireItem): WireItem => {
    if (storedItem(item).pk === keyRingKey.pk) return item;
    const changed_by: ChangedBy = { ...actor, change: randomUUID() };
    return { ...item, ...marshall({ changed_by }) };
  };

const withoutStamp = ({ changed_by: _, ...item }: WireItem): WireItem => item;

/** What of a backup is not there yet; undefined: something else is there. */
function missingIn(
  present: readonly WireItem[],
  items: readonly WireItem[],
): readonly WireItem[] | undefined {
  const there = new Map(present.map((item) => [keyOf(item), withoutStamp(item)]));
  const missing = items.filter(
    (item) => !isDeepStrictEqual(there.get(keyOf(item)), withoutStamp(item)),
  );
  return missing.length + there.size === items.length ? missing : undefined;
}

const keyOf = (item: WireItem): string => JSON.stringify(item.pk);

async function makeTable(dynamodb: DynamoDBClient, TableName: string): Promise<void> {
  const command = new CreateTableCommand({
    TableName,
    KeySchema: [...registryKeySchema],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  await dynamodb.send(command);
  await waitUntilActive(dynamodb, TableName);
}

const atOnce = 20;

/** None takes the place of an item that is there: it would be somebody else's. */
async function writeAll(
  dynamodb: DynamoDBClient,
  TableName: string,
  items: readonly WireItem[],
): Promise<void> {
  const left = items.values();
  const write = async () => {
    for (const item of left) {
      const ConditionExpression = 'attribute_not_exists(pk)';
      const Item = asAttributes(item);
      await dynamodb.send(new PutItemCommand({ TableName, Item, ConditionExpression }));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, write));
}

/** The cast: a backup has what DynamoDB has sent, and DynamoDB refuses anything else. */
const asAttributes = (item: WireItem) => item as Record<string, AttributeValue>;
