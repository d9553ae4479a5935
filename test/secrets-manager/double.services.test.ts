import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type SecretsManagerDouble,
  startSecretsManager,
} from '../support/secrets-manager/endpoint.ts';
import { rotationEvents } from '../support/secrets-manager/rotation-operations.ts';
import { testAccount } from '../support/test-account.ts';

// What docs.aws.amazon.com/secretsmanager says of each operation: other tests stand on this double.

let double: SecretsManagerDouble;
let client: SecretsManagerClient;

beforeAll(async () => {
  double = await startSecretsManager();
  client = new SecretsManagerClient({ ...testAccount, endpoint: double.endpoint, maxAttempts: 1 });
});

afterAll(async () => {
  client.destroy();
  await double[Symbol.asyncDispose]();
});

const newSecret = async (): Promise<string> => {
  const { ARN } = await client.send(new CreateSecretCommand({ Name: randomUUID() }));
  return String(ARN);
};

const put = (SecretId: string, SecretString: string, more: object = {}) =>
  client.send(new PutSecretValueCommand({ SecretId, SecretString, ...more }));

const stagesOf = async (SecretId: string) =>
  (await client.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages;

test('a secret without a value has no version, and its value is not found', async () => {
  const SecretId = await newSecret();
  expect(await stagesOf(SecretId)).toBeUndefined();
  await expect(client.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
  });
});

test('a value under the same token again changes nothing, and another one is refused', async () => {
  const SecretId = await newSecret();
  const ClientRequestToken = randomUUID();
  const first = await put(SecretId, 'one', { ClientRequestToken });
  expect(await put(SecretId, 'one', { ClientRequestToken })).toMatchObject({
    VersionId: first.VersionId,
  });
  await expect(put(SecretId, 'two', { ClientRequestToken })).rejects.toMatchObject({
    name: 'ResourceExistsException',
  });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
  expect(SecretString).toBe('one');
});

test('a new current version makes the old one the previous one', async () => {
  const SecretId = await newSecret();
  const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()];
  await put(SecretId, 'one', { ClientRequestToken: one });
  await put(SecretId, 'two', { ClientRequestToken: two });
  expect(await stagesOf(SecretId)).toEqual({ [one]: ['AWSPREVIOUS'], [two]: ['AWSCURRENT'] });
  await put(SecretId, 'three', { ClientRequestToken: three });
  expect(await stagesOf(SecretId)).toEqual({ [two]: ['AWSPREVIOUS'], [three]: ['AWSCURRENT'] });
  const byId = new GetSecretValueCommand({ SecretId, VersionId: one });
  expect(await client.send(byId)).toMatchObject({ SecretString: 'one' });
});

test('a stage is moved by whoever names the version that has it', async () => {
  const SecretId = await newSecret();
  const [one, two] = [randomUUID(), randomUUID()];
  await put(SecretId, 'one', { ClientRequestToken: one });
  await put(SecretId, 'two', { ClientRequestToken: two, VersionStages: ['AWSPENDING'] });
  const move = { SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: two };
  await expect(client.send(new UpdateSecretVersionStageCommand(move))).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  await client.send(new UpdateSecretVersionStageCommand({ ...move, RemoveFromVersionId: one }));
  expect(await stagesOf(SecretId)).toEqual({
    [one]: ['AWSPREVIOUS'],
    [two]: ['AWSPENDING', 'AWSCURRENT'],
  });
  const end = { SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId: two };
  await client.send(new UpdateSecretVersionStageCommand(end));
  expect(await stagesOf(SecretId)).toEqual({ [one]: ['AWSPREVIOUS'], [two]: ['AWSCURRENT'] });
});

test('a rotation begins with a version that has no value, and another one waits for its end', async () => {
  const SecretId = await newSecret();
  await put(SecretId, 'one');
  const RotationLambdaARN = 'arn:aws:lambda:us-east-1:000000000000:function:rotate';
  const ClientRequestToken = randomUUID();
  const begin = { SecretId, RotationLambdaARN, ClientRequestToken };
  await client.send(new RotateSecretCommand(begin));
  expect(await stagesOf(SecretId)).toMatchObject({ [ClientRequestToken]: ['AWSPENDING'] });
  const pending = { SecretId, VersionId: ClientRequestToken, VersionStage: 'AWSPENDING' };
  await expect(client.send(new GetSecretValueCommand(pending))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(
    client.send(new RotateSecretCommand({ SecretId, ClientRequestToken: randomUUID() })),
  ).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await put(SecretId, 'two', { ClientRequestToken, VersionStages: ['AWSPENDING'] });
  expect(await client.send(new GetSecretValueCommand(pending))).toMatchObject({
    SecretString: 'two',
  });
  expect(rotationEvents(SecretId, ClientRequestToken)).toMatchObject([
    { Step: 'createSecret', SecretId, ClientRequestToken },
    { Step: 'setSecret' },
    { Step: 'testSecret' },
    { Step: 'finishSecret' },
  ]);
});

test('a deleted secret keeps its name, can be described, and nothing else', async () => {
  const SecretId = await newSecret();
  await put(SecretId, 'one');
  await client.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
  expect(await client.send(new DescribeSecretCommand({ SecretId }))).toHaveProperty('DeletedDate');
  await expect(put(SecretId, 'two')).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  await expect(put(SecretId, 'two')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('an operation in trouble fails before it is done, or after', async () => {
  const SecretId = await newSecret();
  double.trouble = () => ({ error: 'ThrottlingException' });
  await expect(put(SecretId, 'one')).rejects.toMatchObject({ name: 'ThrottlingException' });
  double.trouble = () => ({ error: 'InternalServiceError', after: true });
  await expect(put(SecretId, 'one')).rejects.toMatchObject({ name: 'InternalServiceError' });
  double.trouble = () => undefined;
  expect(await client.send(new GetSecretValueCommand({ SecretId }))).toMatchObject({
    SecretString: 'one',
  });
});
