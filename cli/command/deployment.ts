import { readFile } from 'node:fs/promises';
import tls from 'node:tls';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaClientConfig } from '@aws-sdk/client-lambda';
import { dynamodbRegistryStore } from '../../functions/aws/dynamodb-registry-store.ts';
import { localAccount } from '../../local/account/local-account.ts';
import { readAccessKeyId } from '../../local/state/access-key.ts';
import { stateDirectory } from '../../local/state/directory.ts';
import { type LocalStackFile, readLocalStackFile } from '../../local/state/local-stack-file.ts';
import type { Registry } from '../../registry/registry.ts';
import { CliError } from '../io/cli-error.ts';

/** Which deployment a command is about. */
export interface DeploymentChoice {
  readonly local?: boolean;
  readonly stack: string;
  readonly region?: string;
  readonly profile?: string;
}

/** A deployment, as its administrator reaches it. */
export interface Deployment {
  readonly issuer: string;
  readonly registryTable: string;
  readonly dynamodb: DynamoDBClient;
  /** The URL that API Gateway gave the authorization server; a local stack has none. */
  readonly apiEndpoint?: string | undefined;
  /** Where a client shows its certificate; absent: the deployment has no mutual TLS (RFC 8705 §5). */
  readonly mtlsTokenEndpoint?: string | undefined;
  /** Absent: the deployment is older than key rotation. */
  readonly keyRotation?: KeyRotationFunction | undefined;
  /** What only a local stack has. */
  readonly local?: Pick<LocalStackFile, 'api' | 'cloudAssembly' | 'tlsAuthority'>;
}

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
 * Finds the running local stack, or a stack by its outputs with the operator's own credentials.
 * @throws CliError when there is none; Error of the AWS SDK when AWS cannot tell
 */
export function findDeployment(choice: DeploymentChoice): Promise<Deployment> {
  return choice.local ? findLocal() : findStack(choice);
}

async function findLocal(): Promise<Deployment> {
  const directory = stateDirectory();
  const stack = await readLocalStackFile(directory);
  if (!stack) throw new CliError('the local stack is not running; start it with npm start');
  const accessKeyId = await readAccessKeyId(directory);
  if (!accessKeyId) throw new CliError(withoutAccessKey);
  const { issuer, registryTable, mtlsTokenEndpoint, dynamodbEndpoint: endpoint } = stack;
  if (issuer.startsWith('https:')) await trust(stack.tlsAuthority);
  const account = localAccount(accessKeyId);
  const dynamodb = new DynamoDBClient({ ...patience, ...account, endpoint });
  const lambda = { ...account, endpoint: stack.lambdaEndpoint };
  const keyRotation = rotationFunction(stack.keyRotationFunction, lambda);
  return { issuer, registryTable, mtlsTokenEndpoint, dynamodb, keyRotation, local: stack };
}

/**
 * Trusts the local stack's authority beside the public ones, until this command ends. The older ones of Node 22 have
 * no such function, but no local stack either, so that it is looked up here and not imported.
 */
async function trust(path: string): Promise<void> {
  const authority = await readFile(path, 'utf8');
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority]);
}

const withoutAccessKey = 'the local stack has no access key yet: start it again with npm start';

/**
 * The registry of a deployment.
 * @param now NumericDate
 */
export const registryOf = (
  { dynamodb, registryTable }: Pick<Deployment, 'dynamodb' | 'registryTable'>,
  now: () => number,
): Registry => ({ store: dynamodbRegistryStore(dynamodb, registryTable), now });

/** How the SDK reaches the operator's account: in the region, with the profile's credentials. */
export function accountSettings({ region, profile }: Pick<DeploymentChoice, 'region' | 'profile'>) {
  return { ...patience, ...(region && { region }), ...(profile && { profile }) };
}

async function findStack({ stack: name, ...choice }: DeploymentChoice): Promise<Deployment> {
  const account = accountSettings(choice);
  const stack = await describeStack(new CloudFormationClient(account), name);
  const [issuer, registryTable] = [output(stack, 'Issuer'), output(stack, 'RegistryTable')];
  if (issuer && registryTable) {
    return {
      issuer,
      registryTable,
      apiEndpoint: output(stack, 'ApiEndpoint'),
      mtlsTokenEndpoint: output(stack, 'MtlsTokenEndpoint'),
      dynamodb: new DynamoDBClient(account),
      keyRotation: rotationFunction(output(stack, 'KeyRotationFunction'), account),
    };
  }
  throw new CliError(
    `the stack ${name} (${stack?.StackStatus}) is no finished deployment of Countersign: it has no outputs Issuer and RegistryTable`,
  );
}

async function describeStack(
  client: CloudFormationClient,
  name: string,
): Promise<Stack | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0];
  } catch (error) {
    if (!(error instanceof Error) || !/ does not exist$/.test(error.message)) throw error;
    const where = await client.config.region();
    throw new CliError(
      `there is no stack ${name} in ${where}; deploy it with npx cdk deploy, or choose another with --stack and --region`,
    );
  } finally {
    client.destroy();
  }
}

function output(stack: Stack | undefined, key: string): string | undefined {
  return stack?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
}

function rotationFunction(
  functionName: string | undefined,
  account: KeyRotationFunction['account'],
): KeyRotationFunction | undefined {
  return functionName === undefined ? undefined : { functionName, account };
}
