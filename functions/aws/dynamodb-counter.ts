import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Counter } from '../oauth/counter.ts';
import { unavailable } from '../oauth/oauth-error.ts';

/** Counters in the ephemera table; DynamoDB deletes each some time after it has expired. */
export function dynamodbCounter(dynamodb: DynamoDBClient, TableName: string): Counter {
  return {
    async increment(key, expires_at) {
      const command = new UpdateItemCommand({
        TableName,
        Key: marshall({ pk: key }),
        UpdateExpression: 'SET expires_at = :expires_at ADD occurrences :one',
        ExpressionAttributeValues: marshall({ ':expires_at': expires_at, ':one': 1 }),
        ReturnValues: 'UPDATED_NEW',
      });
      const { Attributes = {} } = await dynamodb.send(command).catch((error: unknown) => {
        throw unavailable(error);
      });
      return Number(unmarshall(Attributes).occurrences);
    },
  };
}
