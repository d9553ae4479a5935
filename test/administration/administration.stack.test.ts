import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect, onTestFinished, test } from 'vitest';
import { newSecret } from '../../registry/client-secrets.ts';
import { aSecret } from '../support/a-client.ts';
import { basic } from '../support/http-api-event.ts';
import { startSecretsManager } from '../support/secrets-manager/endpoint.ts';
import { rotationEvents } from '../support/secrets-manager/rotation-operations.ts';
import { sharedStack } from '../support/shared-stack.ts';
import { stackRegistry } from '../support/stack-registry.ts';
import { naming } from '../support/test-account.ts';
import { deployedAdministration, startedAdministration } from './deployed-administration.ts';

/** The administration function as it is deployed: its bundle, its variables, and what invokes it. */

const stack = await sharedStack();
const registry = stackRegistry(stack);
const deployed = await deployedAdministration(stack);
const day = 86_400;

test('its schedule counts the clients that will be without a secret, for CloudWatch to read', async () => {
  const client_id = 'of-the-administration-ending';
  const expires_at = Math.floor(Date.now() / 1000) + 10 * day;
  await registry.client({ client_id, secrets: [aSecret('any', { expires_at })] });
  const [schedule, ...others] = deployed.schedules;
  expect(others).toEqual([]);
  expect(schedule).toMatchObject({ functionArn: deployed.definition.arn, every: day / 2 });
  const { lambdaEndpoint } = stack;
  const path = `/2015-03-31/functions/${encodeURIComponent(String(schedule?.functionArn))}/invocations`;
  const invoked = await fetch(`${lambdaEndpoint}${path}`, {
    method: 'POST',
    headers: naming(stack.account.credentials.accessKeyId),
    body: JSON.stringify(schedule?.event),
  });
  expect([invoked.status, invoked.headers.get('x-amz-function-error')]).toEqual([200, null]);
  const written = async () =>
    (await readFile(stack.logFile, 'utf8'))
      .split('\n')
      .filter((line) => line.includes(deployed.definition.name));
  await expect.poll(written).toContainEqual(expect.stringContaining('"ClientsLosingSecrets"'));
  const lines = await written();
  const line = lines.find((one) => one.includes('"ClientsLosingSecrets"')) ?? '';
  const metric = JSON.parse(line.slice(line.indexOf('{')));
  expect(metric).toMatchObject({
    _aws: { CloudWatchMetrics: [{ Namespace: 'Countersign' }] },
    service: 'administration',
    deployment: deployed.definition.variables.DEPLOYMENT,
    ClientsLosingSecrets: expect.any(Number),
  });
  expect(metric.ClientsLosingSecrets).toBeGreaterThanOrEqual(1);
  const told = lines.find((one) => one.includes(client_id));
  expect(told).toContain(`"last_secret_expires_at":${expires_at}`);
});

test('it takes the four steps of a rotation, behind which the new secret and the old one work', async () => {
  const client_id = 'of-the-administration-rotating';
  const { client_secret, ...secret } = newSecret(Math.floor(Date.now() / 1000));
  await registry.client({ client_id, secrets: [secret] });
  const { accessKeyId } = stack.account.credentials;
  const double = await startSecretsManager(undefined, accessKeyId);
  const client = new SecretsManagerClient({ ...stack.account, endpoint: double.endpoint });
  const lambda = startedAdministration(stack, deployed, double.endpoint);
  onTestFinished(async () => {
    client.destroy();
    await lambda[Symbol.asyncDispose]();
    await double[Symbol.asyncDispose]();
  });
  const SecretString = JSON.stringify({ client_id, client_secret });
  const { ARN: SecretId = '' } = await client.send(
    new CreateSecretCommand({ Name: client_id, SecretString }),
  );
  const ClientRequestToken = randomUUID();
  const RotationLambdaARN = deployed.definition.arn;
  await client.send(new RotateSecretCommand({ SecretId, ClientRequestToken, RotationLambdaARN }));
  for (const event of rotationEvents(SecretId, ClientRequestToken)) {
    expect(await lambda.invoke(event)).not.toHaveProperty('errorType');
  }
  const { SecretString: now = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
  const rotated = JSON.parse(now).client_secret;
  expect(rotated).not.toBe(client_secret);
  for (const works of [client_secret, rotated]) {
    const answer = await fetch(`${stack.issuer}/token`, {
      method: 'POST',
      headers: { authorization: basic(client_id, works) },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    expect(answer.status).toBe(200);
  }
  const written = () => lambda.lines.join('\n');
  await expect.poll(written).toContain('"command":"finishSecret"');
  const log = written();
  expect(log).not.toContain(client_secret);
  expect(log).not.toContain(rotated);
});
