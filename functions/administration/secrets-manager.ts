import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
  SecretsManagerServiceException,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Keepers } from './keeper.ts';

/** Secrets Manager itself. */
export function secretsManagerKeepers(client: SecretsManagerClient): Keepers {
  return {
    find: async (SecretId) => {
      const found = await told(client.send(new DescribeSecretCommand({ SecretId })));
      const { ARN = SecretId, VersionIdsToStages = {}, Tags = [] } = found;
      return {
        arn: ARN,
        versions: new Map(Object.entries(VersionIdsToStages)),
        tags: new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
      };
    },
    value: async (SecretId, VersionId) => {
      const sent = client.send(new GetSecretValueCommand({ SecretId, VersionId }));
      const found = await unless(ResourceNotFoundException, told(sent));
      return found?.SecretString;
    },
    put: async (SecretId, { version: ClientRequestToken, value: SecretString, stage }) => {
      const put = { SecretId, ClientRequestToken, SecretString, VersionStages: [stage] };
      const sent = client.send(new PutSecretValueCommand(put));
      return (await unless(ResourceExistsException, told(sent))) !== undefined;
    },
    makeCurrent: async (SecretId, { from: RemoveFromVersionId, to: MoveToVersionId }) => {
      const move = { SecretId, RemoveFromVersionId, MoveToVersionId };
      const command = new UpdateSecretVersionStageCommand({ ...move, VersionStage: 'AWSCURRENT' });
      await told(client.send(command));
    },
  };
}

/** An error that quotes what was sent or read must not come into a log: the service's own do not. */
async function told<Answer>(sent: Promise<Answer>): Promise<Answer> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof SecretsManagerServiceException) throw error;
    const name = error instanceof Error ? error.name : 'Error';
    throw new Error(`Secrets Manager does not answer: ${name}`);
  }
}

/** Undefined in place of an error that tells how things are. */
async function unless<Answer>(
  telling: new (...given: never[]) => Error,
  answer: Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof telling) return undefined;
    throw error;
  }
}
