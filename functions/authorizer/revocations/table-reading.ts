import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbRevocationLog } from '../../aws/dynamodb-revocations.ts';
import { currentRevocations } from '../../oauth/current-revocations.ts';
import type { TableReading } from './wiring.ts';

/** Has an authorizer read the table of what was taken back. In a file of its own: it needs the AWS SDK. */
export const tableReading = (dynamodb: DynamoDBClient): Required<TableReading> => ({
  ofTable(name) {
    const now = () => Math.floor(Date.now() / 1000);
    const log = dynamodbRevocationLog(dynamodb, name, now);
    // How old it may be is for cachedRevocations to say.
    const { current } = currentRevocations({ log, now, oldest: 0 });
    return async () => (await current()).revoked;
  },
});
