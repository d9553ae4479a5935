import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { matchesClientSecret } from '../../functions/oauth/client-secret.ts';
import { changeClient, findClient } from '../../registry/clients.ts';
import { createResourceServer } from '../../registry/resource-servers.ts';
import { startSecretsManager } from '../support/secrets-manager/endpoint.ts';
import { stubAwsEnvironment } from './aws-environment.ts';
import { cloudFormation, describedStack } from './cloudformation.ts';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';
import { securityTokenService } from './sts.ts';

/** Secrets that apply makes, and puts into Secrets Manager alone. */

const { file, directory, registry } = await localDeployment();
const { endpoint, state } = await cloudFormation();
const sts = await securityTokenService();
const keeper = await startSecretsManager();
afterAll(() => keeper[Symbol.asyncDispose]());
const api = 'https://api.example.com';
await createResourceServer(registry, { resource: api, scope: new Set(['read']) });

beforeEach(() => {
  const { dynamodbEndpoint: dynamodb, lambdaEndpoint: lambda, registryTable, issuer } = file;
  stubAwsEnvironment({ cloudformation: endpoint, dynamodb, lambda, sts: sts.endpoint });
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', keeper.endpoint);
  state.answer = () =>
    describedStack('S', {
      Issuer: issuer,
      RegistryTable: registryTable,
      RevocationsTable: file.revocationsTable,
    });
  keeper.trouble = () => undefined;
});

const declared = (client_id: string, name = `${client_id}/secret`) => ({
  client_id,
  grants: { [api]: 'read' },
  secret: { secrets_manager: name },
});

async function apply(clients: readonly object[], ...options: readonly string[]) {
  const path = join(directory, 'clients.json');
  await writeFile(path, JSON.stringify({ clients }));
  return inProcess(['apply', path, '--yes', '--stack', 'S', ...options]);
}

/** The current value of a secret. */
function currentValue(name: string) {
  const versions = [...(keeper.secrets.get(name)?.versions.values() ?? [])];
  const current = versions.find(({ stages }) => stages.has('AWSCURRENT'));
  const { SecretString } = Object(current?.value);
  return JSON.parse(SecretString);
}

async function isRegistered(client_id: string, name = `${client_id}/secret`): Promise<boolean> {
  const { secrets } = await findClient(registry, client_id);
  const { client_secret } = currentValue(name);
  return (
    secrets.length === 1 && secrets.every(({ hash }) => matchesClientSecret(client_secret, hash))
  );
}

test('a new client gets its secret there, and nobody is told it', async () => {
  const outcome = await apply([declared('new')]);
  expect(outcome).toMatchObject({ exitCode: 0 });
  expect(currentValue('new/secret')).toEqual({
    client_id: 'new',
    client_secret: expect.stringMatching(/^countersign_[\w-]{49}$/),
    token_endpoint: `${file.issuer}/token`,
    scope: 'read',
    resource: api,
  });
  expect(await isRegistered('new')).toBe(true);
  expect(`${outcome.stdout}${outcome.stderr}`).not.toContain('countersign_');
  const calls = keeper.calls.length;
  expect(await apply([declared('new')], '--dry-run')).toMatchObject({ exitCode: 0 });
  expect(keeper.calls).toHaveLength(calls);
});

test('a dry run makes none', async () => {
  expect(await apply([declared('dry')], '--dry-run')).toMatchObject({
    exitCode: 2,
    stdout: expect.stringContaining('secret: a new one, in Secrets Manager'),
  });
  expect(keeper.secrets.has('dry/secret')).toBe(false);
});

test('who breaks off behind the value registers it the next time', async () => {
  keeper.trouble = (operation) =>
    operation === 'CreateSecret' ? { error: 'InternalServiceError', after: true } : undefined;
  const broken = await apply([declared('broken')], '--json');
  expect(broken).toMatchObject({ exitCode: 1 });
  expect(JSON.parse(broken.stdout)).toMatchObject({ done: [], failed: [{ id: 'broken' }] });
  const { client_secret } = currentValue('broken/secret');
  keeper.trouble = () => undefined;
  expect(await apply([declared('broken')])).toMatchObject({ exitCode: 0 });
  expect(currentValue('broken/secret')).toMatchObject({ client_secret });
  expect(await isRegistered('broken')).toBe(true);
});

test('a client that was registered without a secret gets one', async () => {
  const { secret: _, ...plain } = declared('late');
  expect(await apply([plain])).toMatchObject({ exitCode: 0 });
  expect(await apply([declared('late')])).toMatchObject({ exitCode: 0 });
  expect(await isRegistered('late')).toBe(true);
});

test('a secret that was revoked does not come back: a new one takes its place', async () => {
  await apply([declared('leaky')]);
  const { client_secret: leaked } = currentValue('leaky/secret');
  const revoke = () => changeClient(registry, 'leaky', (client) => ({ ...client, secrets: [] }));
  await revoke();
  keeper.trouble = (operation) =>
    operation === 'PutSecretValue' ? { error: 'InternalServiceError', after: true } : undefined;
  expect(await apply([declared('leaky')])).toMatchObject({ exitCode: 1 });
  keeper.trouble = () => undefined;
  const { client_secret } = currentValue('leaky/secret');
  expect(client_secret).not.toBe(leaked);
  expect(await apply([declared('leaky')])).toMatchObject({ exitCode: 0 });
  // Of an attempt that broke off it takes what is there.
  expect(currentValue('leaky/secret')).toMatchObject({ client_secret });
  expect(await isRegistered('leaky')).toBe(true);
  await revoke();
  const both = await Promise.all([apply([declared('leaky')]), apply([declared('leaky')])]);
  expect(both.map(({ exitCode }) => exitCode)).toContain(0);
  expect(currentValue('leaky/secret').client_secret).not.toBe(client_secret);
  expect(await isRegistered('leaky')).toBe(true);
});

test('of two operators at once both register one value', async () => {
  const both = await Promise.all([apply([declared('twin')]), apply([declared('twin')])]);
  expect(both.map(({ exitCode }) => exitCode)).toContain(0);
  expect(await apply([declared('twin')])).toMatchObject({ exitCode: 0 });
  expect(await isRegistered('twin')).toBe(true);
});

test('a secret with something else in it is left alone, and the others go on', async () => {
  await apply([declared('owner', 'shared')]);
  const before = currentValue('shared');
  const outcome = await apply([declared('thief', 'shared'), declared('honest')], '--json');
  expect(outcome).toMatchObject({ exitCode: 1 });
  expect(JSON.parse(outcome.stdout)).toMatchObject({
    done: [{ kind: 'client', id: 'honest' }],
    failed: [
      { id: 'thief', error: 'refused', message: expect.stringContaining('something else in it') },
    ],
    left: [],
  });
  expect(currentValue('shared')).toEqual(before);
  expect(outcome.stdout).not.toContain(before.client_secret);
});

test('an ARN of nothing is refused, and registers nothing', async () => {
  const arn = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:gone-AbCdEf';
  const outcome = await apply([declared('gone', arn)]);
  expect(outcome).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('is not in Secrets Manager'),
  });
  await expect(findClient(registry, 'gone')).rejects.toThrow('there is no client gone');
});

test('without the right to make secrets nothing more is begun', async () => {
  keeper.trouble = (operation) =>
    operation === 'GetSecretValue' ? { error: 'AccessDeniedException' } : undefined;
  const clients = Array.from({ length: 40 }, (_, index) => declared(`denied-${index}`));
  const outcome = await apply(clients, '--json');
  expect(outcome).toMatchObject({ exitCode: 1 });
  const { done, failed, left } = JSON.parse(outcome.stdout);
  expect(done).toEqual([]);
  expect(failed).toContainEqual(expect.objectContaining({ error: 'access_denied' }));
  expect(left.length + failed.length).toBe(40);
  expect(left.length).toBeGreaterThan(0);
});
