import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import type { Counter } from '../oauth/counter.ts';
import { unavailable } from '../oauth/oauth-error.ts';

const updated = v.object({ occurrences: v.number() });

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
      try {
        const { Attributes = {} } = await dynamodb.send(command);
        return v.parse(updated, unmarshall(Attributes)).occurrences;
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}
