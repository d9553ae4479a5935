import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  DynamoDBServiceException,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { lambdaSettings } from '../../../functions/aws/lambda-settings.ts';
import { sdkSettings } from '../../../functions/aws/sdk-settings.ts';

/** Calls DynamoDB, and tells what it makes of the error that it answers with: bundled as a function is. */
export async function handler() {
  const dynamodb = new DynamoDBClient({ ...sdkSettings, ...lambdaSettings('DYNAMODB') });
  const command = new PutItemCommand({ TableName: 'a-table', Item: { pk: { S: 'an-item' } } });
  const error: unknown = await dynamodb.send(command).catch((reason: unknown) => reason);
  if (!(error instanceof DynamoDBServiceException)) return undefined;
  const { name, message, $fault, $metadata } = error;
  const isNamed = error instanceof ConditionalCheckFailedException;
  const stored = isNamed ? error.Item?.nonce_key?.B : undefined;
  return { name, message, $fault, attempts: $metadata.attempts, isNamed, stored };
}
