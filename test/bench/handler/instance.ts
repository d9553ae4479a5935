import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { lambdaSettings } from '../../../functions/aws/lambda-settings.ts';
import { sdkSettings } from '../../../functions/aws/sdk-settings.ts';
import { answerParent } from '../fixtures/child.ts';

/** What an instance answers its events with. */
type Handler = (event: unknown) => Promise<{ readonly statusCode: number }>;

/** The functions that are measured. */
export type InstanceName = 'token' | 'GetItem and Sign' | 'GetItem and Sign, our clients' | 'Sign';

// A program of its own, like an instance of a function: it answers the events of a round, and tells the
// microseconds of processor time, of all threads, that an event took on average.
const handlers: Readonly<Record<InstanceName, () => Promise<Handler>>> = {
  token: async () => (await import('../../../functions/token/index.ts')).handler,
  'GetItem and Sign': async () => bare([getItem, sign], usual),
  'GetItem and Sign, our clients': async () => bare([getItem, sign], ours),
  Sign: async () => bare([sign], usual),
};

/** As the SDK makes them by default; that ours do less for each call is a part of what the token function gains. */
const usual = { dynamodb: new DynamoDBClient(), kms: new KMSClient() };
const ours = {
  dynamodb: new DynamoDBClient({ ...sdkSettings, ...lambdaSettings('DYNAMODB') }),
  kms: new KMSClient({ ...sdkSettings, ...lambdaSettings('KMS') }),
};

interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly kms: KMSClient;
}

function bare(
  calls: readonly ((clients: Clients) => Promise<unknown>)[],
  clients: Clients,
): Handler {
  return async () => {
    for (const call of calls) await call(clients);
    return { statusCode: 200 };
  };
}

const Message = new Uint8Array(32);

const getItem = ({ dynamodb }: Clients) =>
  dynamodb.send(
    new GetItemCommand({
      TableName: 'registry',
      Key: { pk: { S: 'client#bare' } },
      ConsistentRead: false,
    }),
  );

const sign = ({ kms }: Clients) =>
  kms.send(
    new SignCommand({
      KeyId: 'kms-a-kid',
      SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
      Message,
      MessageType: 'DIGEST',
    }),
  );

// benchSdkCalls names no other.
const handler = await handlers[process.argv[2] as InstanceName]();

answerParent(async (events: readonly unknown[]) => {
  const start = process.cpuUsage();
  for (const event of events) {
    const { statusCode } = await handler(event);
    if (statusCode !== 200) throw new Error(`${statusCode}`);
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / events.length;
});
