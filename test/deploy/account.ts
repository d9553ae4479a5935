import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { account, emulator } from './emulator.ts';

const dynamodb = new DynamoDBClient(account);
const kms = new KMSClient(account);

/** A Lambda function, as far as it matters here. */
interface FunctionConfiguration {
  readonly FunctionName: string;
  readonly CodeSha256: string;
  readonly RevisionId: string;
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
}

/** Every Lambda function of the account. */
export async function functions(): Promise<readonly FunctionConfiguration[]> {
  const answer = await emulator('lambda', '/2015-03-31/functions/');
  return JSON.parse(answer).Functions;
}

/** Every HTTP API of the account. */
export async function apis(): Promise<
  readonly { readonly apiId: string; readonly apiEndpoint: string }[]
> {
  return JSON.parse(await emulator('apigateway', '/v2/apis')).items;
}

/** Of each kind that the stacks are made of, the names or ids. */
export type Inventory = Readonly<Record<Kind, readonly string[]>>;

type Kind = 'functions' | 'apis' | 'logGroups' | 'roles' | 'tables' | 'keys' | 'schedules';

/** Whatever is in the account of these kinds, but for what was there before. */
export async function inventory(before?: Inventory): Promise<Inventory> {
  const added = (kind: Kind, names: readonly string[] = []) =>
    names.filter((name) => !before?.[kind].includes(name)).sort();
  return {
    functions: added(
      'functions',
      (await functions()).map(({ FunctionName }) => FunctionName),
    ),
    apis: added(
      'apis',
      (await apis()).map(({ apiId }) => apiId),
    ),
    logGroups: added('logGroups', await logGroups()),
    roles: added('roles', await roles()),
    tables: added('tables', (await dynamodb.send(new ListTablesCommand())).TableNames),
    keys: added('keys', await keys()),
    schedules: added('schedules', await schedules()),
  };
}

async function keys(): Promise<string[]> {
  const { Keys = [] } = await kms.send(new ListKeysCommand());
  return Keys.map(({ KeyId = '' }) => KeyId);
}

async function schedules(): Promise<string[]> {
  const { Schedules } = JSON.parse(await emulator('scheduler', '/schedules'));
  return Schedules.map(({ Name }: { readonly Name: string }) => Name);
}

async function logGroups(): Promise<string[]> {
  const answer = await emulator('logs', '/', {
    method: 'POST',
    headers: { 'x-amz-target': 'Logs_20140328.DescribeLogGroups' },
    body: '{}',
  });
  const { logGroups: groups } = JSON.parse(answer);
  return groups.map(({ logGroupName }: { readonly logGroupName: string }) => logGroupName);
}

/** All but the CDK's own, which bootstrapping makes. */
async function roles(): Promise<string[]> {
  const answer = await emulator('iam', '/', {
    method: 'POST',
    body: 'Action=ListRoles&Version=2010-05-08',
  });
  return [...answer.matchAll(/<RoleName>([^<]+)</g)]
    .map(([, name = '']) => name)
    .filter((name) => !name.startsWith('cdk-'));
}
