import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from '@aws-sdk/client-secrets-manager';
import { RegistryError } from '../../registry/registry-error.ts';

/** Where the secrets of clients are kept, by name. */
export interface SecretKeeper {
  /** The current value of a secret; undefined: there is no secret, or no value. */
  value(name: string): Promise<KeptText | undefined>;
  /** Gives a secret a value; says whether it did: somebody else may have been quicker. */
  put(name: string, made: MadeValue): Promise<boolean>;
}

/** What is kept in a secret, and the version that it has there. */
interface KeptText {
  readonly value: string;
  /** The same for whoever makes a value for this client as it is now: of two values one is taken. 32 to 64 characters. */
  readonly version: string;
}

/** A value that was made for a secret. */
interface MadeValue extends KeptText {
  /** Of a secret that is not there yet. */
  readonly description: string;
}

/** The secrets of an AWS account in Secrets Manager. */
export function secretsManager(account: SecretsManagerClientConfig): SecretKeeper {
  const client = new SecretsManagerClient(account);
  return {
    value: async (SecretId) => {
      try {
        const found = await client.send(new GetSecretValueCommand({ SecretId }));
        return { value: found.SecretString ?? '', version: found.VersionId ?? '' };
      } catch (error) {
        if (isNamed(error, 'ResourceNotFoundException')) return undefined;
        throw refusal(error, SecretId);
      }
    },
    put: async (name, made) => {
      try {
        return (await created(client, name, made)) || (await isPut(client, name, made));
      } catch (error) {
        throw refusal(error, name);
      }
    },
  };
}

const isNamed = (error: unknown, name: string): boolean =>
  error instanceof Error && error.name === name;

/** One that an ARN names is there, or will not be. */
async function created(
  client: SecretsManagerClient,
  Name: string,
  { value: SecretString, version: ClientRequestToken, description: Description }: MadeValue,
): Promise<boolean> {
  if (Name.startsWith('arn:')) return false;
  const command = new CreateSecretCommand({ Name, SecretString, ClientRequestToken, Description });
  return unlessThere(client.send(command));
}

const isPut = (
  client: SecretsManagerClient,
  SecretId: string,
  { value: SecretString, version: ClientRequestToken }: MadeValue,
): Promise<boolean> =>
  unlessThere(
    client.send(new PutSecretValueCommand({ SecretId, SecretString, ClientRequestToken })),
  );

async function unlessThere(sent: Promise<unknown>): Promise<boolean> {
  try {
    await sent;
    return true;
  } catch (error) {
    if (isNamed(error, 'ResourceExistsException')) return false;
    throw error;
  }
}

/** What is wrong with one secret does not hold up other clients; no more than that is told of it. */
function refusal(error: unknown, name: string): unknown {
  const sentence = sentences.find(([type]) => isNamed(error, type))?.[1];
  return sentence ? new RegistryError('contents', `the secret ${name} ${sentence}`) : error;
}

const sentences = [
  ['ResourceNotFoundException', 'is not in Secrets Manager'],
  [
    'InvalidRequestException',
    'cannot be used: it is about to be deleted, or another service has it',
  ],
  ['InvalidParameterException', 'has a name that Secrets Manager does not take'],
  ['ValidationException', 'has a name that Secrets Manager does not take'],
] as const;
