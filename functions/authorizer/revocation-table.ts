import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { lambdaSettings } from '../aws/lambda-settings.ts';
import { sdkSettings } from '../aws/sdk-settings.ts';
import { bearerTokenAuthorizer } from './bearer-token-wiring.ts';
import { createHandler } from './handler.ts';
import { tableReading } from './revocations/table-reading.ts';

/** The authorizer of bearer tokens that reads the table of what was taken back. */
const dynamodb = new DynamoDBClient({ ...sdkSettings, ...lambdaSettings('DYNAMODB') });

export const handler = createHandler(
  bearerTokenAuthorizer(import.meta.dirname, tableReading(dynamodb)),
);
