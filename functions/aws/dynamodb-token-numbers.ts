import { type DynamoDBClient, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { unavailable } from '../oauth/oauth-error.ts';
import type { NumberBlocks, NumberCount } from '../oauth/token-number.ts';
import type { Item } from './item.ts';
import { revocationsTable } from './revocations-table.ts';

/** The one item that counts. */
const counter = { pk: revocationsTable.numbers, sk: 'next' };

/** Gives token numbers, a block at a time: one write for all of its tokens. */
export function dynamodbNumberBlocks(dynamodb: DynamoDBClient, TableName: string): NumberBlocks {
  return {
    async take(size) {
      const command = new UpdateItemCommand({
        TableName,
        Key: marshall(counter),
        UpdateExpression: 'ADD #next :size',
        ExpressionAttributeNames: { '#next': 'next' },
        ExpressionAttributeValues: marshall({ ':size': size }),
        ReturnValues: 'UPDATED_NEW',
      });
      try {
        const { Attributes = {} } = await dynamodb.send(command);
        return nextOf(unmarshall(Attributes)) - size;
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}

/** Tells how many were given. */
export function dynamodbNumberCount(dynamodb: DynamoDBClient, TableName: string): NumberCount {
  return {
    async taken() {
      const command = new QueryCommand({
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk = :sk',
        ExpressionAttributeValues: marshall({ ':pk': counter.pk, ':sk': counter.sk }),
      });
      try {
        const { Items: [item] = [] } = await dynamodb.send(command);
        return item ? nextOf(unmarshall(item)) : 0;
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}

const counterSchema = v.object({ next: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) });

const nextOf = (item: Item): number => v.parse(counterSchema, item).next;
