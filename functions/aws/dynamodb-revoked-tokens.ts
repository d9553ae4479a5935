import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { unavailable } from '../oauth/oauth-error.ts';
import type { IsTokenRevoked } from '../oauth/revocation.ts';
import { revokedKey } from './revocations-table.ts';

/** Looks a token up in the table of revocations: it was taken back if it is there. */
export function dynamodbRevokedTokens(dynamodb: DynamoDBClient, TableName: string): IsTokenRevoked {
  return async (jti) => {
    const Key = marshall(revokedKey('token', jti));
    try {
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key }));
      return Item !== undefined;
    } catch (error) {
      throw unavailable(error);
    }
  };
}
