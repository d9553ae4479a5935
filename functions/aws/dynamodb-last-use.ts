import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import QuickLRU from 'quick-lru';
import { isYounger } from '../oauth/age.ts';
import type { LastUse, NoteUse } from '../oauth/last-use.ts';

/** The key of what is known of a client's uses, in the table of what expires. */
export const useKey = (client_id: string): string => `used-at#${client_id}`;

/** The attribute of a secret's last use. */
const secretPrefix = 'secret#';

/** Seconds in which a use is written once. */
const precision = 3600;

/** Seconds after a failure in which nobody tries again. */
const pause = 10;

/** Seconds that a use is known: more than a year, after which a client that is deleted leaves nothing. */
const kept = 400 * 86_400;

/** QuickLRU holds up to twice as many: some megabytes at most. */
const maxSize = 10_000;

/**
 * Notes uses of clients beside their requests, none of which waits for it or fails by it: once an hour for each client and
 * each secret, in this instance by its memory, and in all by the condition. What fails is tried again at a later use.
 * @param now NumericDate
 */
export function dynamodbUses(
  dynamodb: Pick<DynamoDBClient, 'send'>,
  TableName: string,
  now: () => number,
): NoteUse {
  const noted = new QuickLRU<string, number>({ maxSize });
  const write = async (client_id: string, secret_id: string | undefined, at: number) => {
    const names = ['last_used_at', ...(secret_id === undefined ? [] : [secretPrefix + secret_id])];
    const each = (form: (name: string) => string) => names.map((_, index) => form(`#used${index}`));
    const isOld = each((name) => `attribute_not_exists(${name}) OR ${name} <= :hour_ago`);
    const command = new UpdateItemCommand({
      TableName,
      Key: marshall({ pk: useKey(client_id) }),
      UpdateExpression: `SET ${each((name) => `${name} = :at`).join(', ')}, expires_at = :expires_at`,
      ConditionExpression: isOld.join(' OR '),
      ExpressionAttributeNames: Object.fromEntries(
        names.map((name, index) => [`#used${index}`, name]),
      ),
      ExpressionAttributeValues: marshall({
        ...{ ':at': at, ':hour_ago': at - precision, ':expires_at': at + kept },
      }),
    });
    try {
      await dynamodb.send(command);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };
  return (client_id, secret_id) => {
    const key = JSON.stringify([client_id, secret_id]);
    const at = now();
    const before = noted.get(key);
    if (before !== undefined && isYounger(before, precision, at)) return;
    noted.set(key, at);
    write(client_id, secret_id, at).catch(() => void noted.set(key, at - precision + pause));
  };
}

/** Keys that one call of DynamoDB reads at most. */
const mostKeys = 100;

/**
 * Reads when clients were used last; one of whom nothing is known is left out.
 * @throws Error of the SDK
 */
export async function readUses(
  dynamodb: DynamoDBClient,
  table: string,
  client_ids: readonly string[],
): Promise<ReadonlyMap<string, LastUse>> {
  const uses = new Map<string, LastUse>();
  const keys = client_ids.map((client_id) => marshall({ pk: useKey(client_id) }));
  for (let first = 0; first < keys.length; first += mostKeys) {
    let asked: BatchGetItemCommandOutput['UnprocessedKeys'] = {
      [table]: { Keys: keys.slice(first, first + mostKeys) },
    };
    while (asked?.[table]) {
      const answer: BatchGetItemCommandOutput = await dynamodb.send(
        new BatchGetItemCommand({ RequestItems: asked }),
      );
      for (const item of answer.Responses?.[table] ?? []) {
        const { pk, ...attributes } = unmarshall(item);
        uses.set(String(pk).slice(useKey('').length), useOf(attributes));
      }
      asked = answer.UnprocessedKeys;
    }
  }
  return uses;
}

const useOf = (attributes: Readonly<Record<string, unknown>>): LastUse => ({
  last_used_at: Number(attributes.last_used_at),
  secrets: new Map(
    Object.entries(attributes)
      .filter(([name]) => name.startsWith(secretPrefix))
      .map(([name, at]) => [name.slice(secretPrefix.length), Number(at)]),
  ),
});
