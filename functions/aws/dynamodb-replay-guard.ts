import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { unavailable } from '../oauth/oauth-error.ts';
import type { GiveBack, ReplayGuard } from '../oauth/replay.ts';

/**
 * Seconds for which an identifier is kept after it has expired. A JWT may have been found in time by an
 * earlier look at the clock, or by a clock that is behind: its identifier must still be there then.
 */
const margin = 60;

/**
 * Identifiers in the ephemera table, each one conditional write; DynamoDB deletes each some time
 * after it has expired, and until then one that has expired counts as unused.
 * @param now NumericDate
 */
export function dynamodbReplayGuard(
  dynamodb: DynamoDBClient,
  TableName: string,
  now: () => number,
): ReplayGuard {
  return {
    async firstUse(identifier, expires_at) {
      const pk = usedKey(identifier);
      const used_by = randomUUID();
      const giveBack: GiveBack = async () => {
        const command = new DeleteItemCommand({
          TableName,
          Key: marshall({ pk }),
          // It may have expired, and be the use of somebody else by now.
          ConditionExpression: 'used_by = :used_by',
          ExpressionAttributeValues: marshall({ ':used_by': used_by }),
        });
        // In doubt it stays used.
        await dynamodb.send(command).catch(() => undefined);
      };
      const command = new PutItemCommand({
        TableName,
        Item: marshall({ pk, expires_at: expires_at + margin, used_by }),
        ConditionExpression: 'attribute_not_exists(pk) OR expires_at <= :now',
        ExpressionAttributeValues: marshall({ ':now': now() }),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await dynamodb.send(command);
        return giveBack;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw unavailable(error);
        // Where an answer was lost, the SDK writes again and meets the item of its own first try.
        const isOwn = error.Item !== undefined && unmarshall(error.Item).used_by === used_by;
        return isOwn ? giveBack : undefined;
      }
    },
  };
}

/** The key of an identifier that was used; `*` stands for all in a policy. */
export const usedKey = (identifier: string): string => `used#${identifier}`;
