import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { lambdaSettings } from '../../../../functions/aws/lambda-settings.ts';
import { sdkSettings } from '../../../../functions/aws/sdk-settings.ts';

const dynamodb = new DynamoDBClient({ ...sdkSettings, ...lambdaSettings('DYNAMODB') });
const kms = new KMSClient({ ...sdkSettings, ...lambdaSettings('KMS') });

/** A function that makes one call of each service that a token needs, and nothing else. */
export async function handler() {
  await dynamodb.send(
    new GetItemCommand({ TableName: 'registry', Key: { pk: { S: 'client#a-client' } } }),
  );
  await kms.send(
    new SignCommand({
      KeyId: 'a-key',
      SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
      Message: new Uint8Array(32),
      MessageType: 'DIGEST',
    }),
  );
  return { statusCode: 200 };
}
