import { setTimeout as delay } from 'node:timers/promises';
import {
  ContinuousBackupsUnavailableException,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ListTagsOfResourceCommand,
  ResourceNotFoundException,
  type TableDescription,
  type Tag,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { CliError } from '../io/cli-error.ts';
import type { Step } from './step.ts';

/** How a registry table is made: by its one key. */
export const registryKeySchema = [{ AttributeName: 'pk', KeyType: 'HASH' }] as const;

/** What the changes of a registry are recorded by. */
const streamView = 'NEW_AND_OLD_IMAGES';

/**
 * Finds a table that can be a registry.
 * @returns undefined: there is none of this name
 * @throws CliError when it is another kind of table
 */
export async function findTable(
  dynamodb: DynamoDBClient,
  TableName: string,
): Promise<TableDescription | undefined> {
  const table = await describe(dynamodb, TableName);
  if (!table) return undefined;
  const { KeySchema = [], TableStatus = '', StreamSpecification: stream } = table;
  const [key, ...others] = KeySchema;
  if (key?.AttributeName !== 'pk' || others.length > 0) {
    throw new CliError(`the table ${TableName} is no registry: a registry has the one key pk`);
  }
  if (TableStatus !== 'ACTIVE') {
    throw new CliError(`the table ${TableName} is ${TableStatus}: try again when it is ACTIVE`);
  }
  if (stream?.StreamEnabled && stream.StreamViewType !== streamView) {
    const sentence = `the stream of ${TableName} has ${stream.StreamViewType} and not ${streamView}: turn it off, which ends it for those who read it`;
    throw new CliError(sentence);
  }
  return table;
}

async function describe(
  dynamodb: DynamoDBClient,
  TableName: string,
): Promise<TableDescription | undefined> {
  try {
    return (await dynamodb.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** The ARN of the stream of a table that is there; undefined: it has none. */
export async function streamArnOf(
  dynamodb: DynamoDBClient,
  name: string,
): Promise<string | undefined> {
  const table = await describe(dynamodb, name);
  return table?.StreamSpecification?.StreamEnabled ? table.LatestStreamArn : undefined;
}

/** What a table has lost by a restore, or never had: one that is restored has none of it. */
export async function tableSteps(
  dynamodb: DynamoDBClient,
  name: string,
  table: TableDescription = {},
): Promise<readonly Step[]> {
  const update = async (change: Partial<UpdateTableCommandInput>) => {
    await dynamodb.send(new UpdateTableCommand({ TableName: name, ...change }));
    await waitUntilActive(dynamodb, name);
  };
  const tags = await lostTags(dynamodb, table);
  const steps: readonly (readonly [boolean, string, () => Promise<unknown>])[] = [
    [
      table.DeletionProtectionEnabled === true,
      'protect the table from deletion',
      () => update({ DeletionProtectionEnabled: true }),
    ],
    [
      table.StreamSpecification?.StreamEnabled === true,
      'turn on the stream of the table',
      () => update({ StreamSpecification: { StreamEnabled: true, StreamViewType: streamView } }),
    ],
    [
      await hasBackups(dynamodb, table),
      'turn on point-in-time recovery',
      () => turnOnBackups(dynamodb, name),
    ],
    [
      tags.length === 0,
      'give the table the tags of the one that it was restored from',
      () => dynamodb.send(new TagResourceCommand({ ResourceArn: table.TableArn, Tags: [...tags] })),
    ],
  ];
  return steps.filter(([isDone]) => !isDone).map(([, what, take]) => ({ what, take }));
}

/** Waits until a table takes the next change. */
export const waitUntilActive = (client: DynamoDBClient, TableName: string) =>
  waitUntilTableExists({ client, minDelay: 1, maxDelay: 5, maxWaitTime: 300 }, { TableName });

async function hasBackups(
  dynamodb: DynamoDBClient,
  { TableName }: TableDescription,
): Promise<boolean> {
  if (TableName === undefined) return false;
  const command = new DescribeContinuousBackupsCommand({ TableName });
  const { ContinuousBackupsDescription: backups } = await dynamodb.send(command);
  return backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED';
}

const attempts = 20;
const seconds = 3;

/** DynamoDB is not ready to do it for a table that was made a moment ago. */
async function turnOnBackups(dynamodb: DynamoDBClient, TableName: string): Promise<void> {
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  const command = new UpdateContinuousBackupsCommand({
    TableName,
    PointInTimeRecoverySpecification,
  });
  for (let attempt = 1; ; attempt += 1) {
    try {
      await dynamodb.send(command);
      return;
    } catch (error) {
      const isSoon = error instanceof ContinuousBackupsUnavailableException;
      if (!isSoon || attempt === attempts) throw error;
      await delay(seconds * 1000);
    }
  }
}

/** The tags of the table that this one was restored from, if that is still there; AWS sets its own by itself. */
async function lostTags(
  dynamodb: DynamoDBClient,
  { TableArn, RestoreSummary }: TableDescription,
): Promise<readonly Tag[]> {
  const source = RestoreSummary?.SourceTableArn;
  if (source === undefined || TableArn === undefined) return [];
  const own = new Set((await tagsOf(dynamodb, TableArn)).map(({ Key }) => Key));
  const tags = await tagsOf(dynamodb, source);
  return tags.filter(({ Key = '' }) => !own.has(Key) && !Key.startsWith('aws:'));
}

async function tagsOf(dynamodb: DynamoDBClient, ResourceArn: string): Promise<readonly Tag[]> {
  try {
    const { Tags = [] } = await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn }));
    return Tags;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  }
}
