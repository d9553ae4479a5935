import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import tls from 'node:tls';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaClientConfig } from '@aws-sdk/client-lambda';
import type { SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import { readUses } from '../../functions/aws/dynamodb-last-use.ts';
import { dynamodbRegistryStore } from '../../functions/aws/dynamodb-registry-store.ts';
import {
  dynamodbRevocationLog,
  dynamodbRevocationStore,
} from '../../functions/aws/dynamodb-revocations.ts';
import { localAccount } from '../../local/account/local-account.ts';
import { readAccessKeyId } from '../../local/state/access-key.ts';
import { stateDirectory } from '../../local/state/directory.ts';
import { type LocalStackFile, readLocalStackFile } from '../../local/state/local-stack-file.ts';
import type { Registry } from '../../registry/registry.ts';
import { CliError } from '../io/cli-error.ts';
import { callerOf } from './caller.ts';
import { withStacks } from './stacks/described-stacks.ts';
import { findServer } from './stacks/find-server.ts';

/** Which deployment a command is about. */
export interface DeploymentChoice {
  readonly local?: boolean;
  /** The name of a stack, or `STACK/PATH`; absent: the only authorization server that there is. */
  readonly stack?: string;
  readonly region?: string;
  readonly profile?: string;
}

/** A deployment, as its administrator reaches it. */
export interface Deployment {
  readonly issuer: string;
  readonly registryTable: string;
  /** Absent: the deployment is older than revocation. */
  readonly revocationsTable?: string | undefined;
  /** Absent: the deployment is of a version that has no such output. */
  readonly ephemeraTable?: string | undefined;
  readonly dynamodb: DynamoDBClient;
  /** Tells who the operator is: an ARN, or `local`. */
  readonly caller: () => Promise<string>;
  /** How the AWS SDK reaches its Secrets Manager; a local stack has none. */
  readonly secretsManager?: SecretsManagerClientConfig | undefined;
  /** The name of its stack; a local stack has none. */
  readonly stack?: string | undefined;
  /** The URL that API Gateway gave the authorization server; a local stack has none. */
  readonly apiEndpoint?: string | undefined;
  /** Where a client shows its certificate; absent: the deployment has no mutual TLS (RFC 8705 §5). */
  readonly mtlsTokenEndpoint?: string | undefined;
  /** Absent: the deployment is older than key rotation. */
  readonly keyRotation?: KeyRotationFunction | undefined;
  /** Absent: the deployment is older than the history. */
  readonly history?: HistoryLog | undefined;
  /** What only a local stack has. */
  readonly local?: Pick<LocalStackFile, 'api' | 'cloudAssembly' | 'tlsAuthority'>;
}

/** Where the changes of the registry are recorded: a log group of CloudWatch, or the log file of a local stack. */
export type HistoryLog =
  | { readonly logGroup: string; readonly account: KeyRotationFunction['account'] }
  | { readonly file: string };

/** The function that keeps the signing keys, as its administrator invokes it. */
export interface KeyRotationFunction {
  readonly functionName: string;
  /** How the AWS SDK reaches its Lambda. */
  readonly account: Pick<LambdaClientConfig, 'region' | 'profile' | 'credentials' | 'endpoint'>;
}

// A person waits for the answer, so give up early. Milliseconds.
const patience = {
  maxAttempts: 2,
  requestHandler: {
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    throwOnRequestTimeout: true,
  },
};

/**
 * Finds the running local stack, or an authorization server by the outputs of its stack with the operator's
 * own credentials.
 * @throws CliError when there is none; Error of the AWS SDK when AWS cannot tell
 */
export function findDeployment(choice: DeploymentChoice): Promise<Deployment> {
  return choice.local ? findLocal() : findInStack(choice);
}

async function findLocal(): Promise<Deployment> {
  const directory = stateDirectory();
  const stack = await readLocalStackFile(directory);
  if (!stack) throw new CliError(notRunning, 1, { code: 'local_stack_not_running' });
  const accessKeyId = await readAccessKeyId(directory);
  if (!accessKeyId) throw new CliError(withoutAccessKey, 1, { code: 'local_stack_not_running' });
  const { issuer, registryTable, revocationsTable, ephemeraTable, mtlsTokenEndpoint } = stack;
  const { dynamodbEndpoint: endpoint } = stack;
  if (issuer.startsWith('https:')) await trust(stack.tlsAuthority);
  const account = localAccount(accessKeyId);
  const dynamodb = new DynamoDBClient({ ...patience, ...account, endpoint });
  const lambda = { ...account, endpoint: stack.lambdaEndpoint };
  const keyRotation = rotationFunction(stack.keyRotationFunction, lambda);
  const tables = { registryTable, revocationsTable, ephemeraTable };
  const caller = async () => 'local';
  const history = { file: join(directory, 'local.log') };
  const found = { issuer, ...tables, mtlsTokenEndpoint, dynamodb, caller, keyRotation, history };
  return { ...found, local: stack };
}

/**
 * Trusts the local stack's authority beside the public ones, until this command ends. The older ones of Node 22 have
 * no such function, but no local stack either, so that it is looked up here and not imported.
 */
async function trust(path: string): Promise<void> {
  const authority = await readFile(path, 'utf8');
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority]);
}

const notRunning =
  'the local stack is not running; start it with npm start in a checkout of Countersign';
const withoutAccessKey = 'the local stack has no access key yet: start it again with npm start';

/**
 * The registry of a deployment.
 * @param now NumericDate
 * @param tool the command that changes it, as it is typed, without values
 */
export const registryOf = (
  { dynamodb, registryTable, revocationsTable, ephemeraTable, caller }: RegistryAccess,
  now: () => number,
  tool: string,
): Registry => ({
  store: dynamodbRegistryStore(dynamodb, registryTable, async () => ({
    identity: await caller(),
    tool,
  })),
  revocations:
    revocationsTable === undefined ? undefined : revocationsIn(dynamodb, revocationsTable),
  uses:
    ephemeraTable === undefined
      ? undefined
      : (client_ids) => readUses(dynamodb, ephemeraTable, client_ids),
  now,
});

type RegistryAccess = Pick<
  Deployment,
  'dynamodb' | 'registryTable' | 'revocationsTable' | 'ephemeraTable' | 'caller'
>;

const revocationsIn = (dynamodb: DynamoDBClient, table: string) => ({
  ...dynamodbRevocationStore(dynamodb, table),
  // What has expired is judged by the store's clock: that of this computer may be wrong.
  ...dynamodbRevocationLog(dynamodb, table, () => 0),
});

/** How the SDK reaches the operator's account: in the region, with the profile's credentials. */
export function accountSettings({ region, profile }: Pick<DeploymentChoice, 'region' | 'profile'>) {
  return { ...patience, ...(region && { region }), ...(profile && { profile }) };
}

async function findInStack({ stack: choice, ...place }: DeploymentChoice): Promise<Deployment> {
  const account = accountSettings(place);
  const server = await withStacks(account, (stacks) => findServer(stacks, choice)).catch((error) =>
    withoutCredentials(error, place.profile),
  );
  const { keyRotationFunction, historyLogGroup: logGroup, ...found } = server;
  return {
    ...found,
    history: logGroup === undefined ? undefined : { logGroup, account },
    dynamodb: new DynamoDBClient(account),
    caller: callerOf(account),
    secretsManager: account,
    keyRotation: rotationFunction(keyRotationFunction, account),
  };
}

/** The SDK does not say of which profile it has found no credentials. */
function withoutCredentials(error: Error, profile: string | undefined): never {
  if (error.name !== 'CredentialsProviderError' || !profile) throw error;
  const sentence = `no AWS credentials were found for the profile ${profile}: sign in with it, or name another with --profile that exists and has some`;
  throw new CliError(sentence, 1, { code: 'no_credentials', cause: error });
}

function rotationFunction(
  functionName: string | undefined,
  account: KeyRotationFunction['account'],
): KeyRotationFunction | undefined {
  return functionName === undefined ? undefined : { functionName, account };
}
