import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { WireItem } from '../../registry/backup/backup-file.ts';

/** Reads all items of a table, as DynamoDB sends them. */
export async function itemsOf(
  client: DynamoDBClient,
  TableName: string,
): Promise<readonly WireItem[]> {
  const items: WireItem[] = [];
  for await (const page of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    items.push(...(page.Items ?? []));
  }
  return items;
}
