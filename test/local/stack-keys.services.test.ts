import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KMS } from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { deploy } from '../../local/deployment/deployment.ts';
import { forgetState, startServices } from '../../local/services.ts';
import type { StackTemplate } from '../../local/template/stack-template.ts';
import { apiTemplate, stackOf } from './api-template.ts';

const EncryptionContext = { purpose: 'test' };

async function stateDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'stack-keys-'));
  onTestFinished(() => rm(path, { recursive: true }));
  await mkdir(join(path, 'asset'));
  const source = 'export const handler = async () => process.env;';
  await writeFile(join(path, 'asset/index.mjs'), source);
  return path;
}

/** A stack with keys of these names, and a function that knows what the first is called. */
function stackWith(directory: string, names: readonly [string, ...string[]]): StackTemplate {
  const [first] = names;
  const key = { Type: 'AWS::KMS::Key', Properties: { Description: 'Wraps', KeyPolicy: {} } };
  const Variables = { KEY: { Ref: first }, KEY_ARN: { 'Fn::GetAtt': [first, 'Arn'] } };
  const { resources } = apiTemplate();
  const F = {
    Type: 'AWS::Lambda::Function',
    Properties: { Runtime: 'nodejs24.x', Handler: 'index.handler', Environment: { Variables } },
    Metadata: { 'aws:asset:path': 'asset' },
  };
  const keys = Object.fromEntries(names.map((name) => [name, key]));
  return { ...stackOf({ ...resources, ...keys, F }), directory };
}

/** Starts the services and deploys; `stop` ends all of it, the test's end too. */
async function deployed(directory: string, ...names: readonly [string, ...string[]]) {
  const held = new AsyncDisposableStack();
  onTestFinished(() => held.disposeAsync());
  const services = await startServices(directory, held);
  const { endpoints } = services;
  const stack = stackWith(directory, names);
  const platform = { ...services, directory, apiEndpoint: () => '', now: () => 0, log: () => {} };
  const { lambdaEndpoint } = held.use(await deploy([stack], platform));
  const { account } = endpoints;
  const kms = new KMS({ ...account, endpoint: endpoints.kms });
  const lambda = new LambdaClient({ ...account, endpoint: lambdaEndpoint });
  held.defer(async () => kms.destroy());
  held.defer(async () => lambda.destroy());
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'Stack-F' }));
  const { KEY, KEY_ARN } = JSON.parse(String(Payload?.transformToString()));
  return { kms, KeyId: String(KEY), arn: String(KEY_ARN), stop: () => held.disposeAsync() };
}

test('a key of a template is made, and its function knows what it is called', async () => {
  const directory = await stateDirectory();
  const { kms, KeyId, arn } = await deployed(directory, 'Key');
  const { KeyMetadata } = await kms.describeKey({ KeyId });
  expect(KeyMetadata).toMatchObject({
    Arn: arn,
    Description: 'Wraps',
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: 'Enabled',
  });
  expect((await stat(join(directory, 'stack-keys.json'))).mode & 0o777).toBe(0o600);
});

test('a key is kept by its name in the template, and forgotten with all other state', async () => {
  const directory = await stateDirectory();
  const first = await deployed(directory, 'Key');
  const { KeyId } = first;
  const request = { KeyId, EncryptionContext, KeyPairSpec: 'ECC_NIST_P256' } as const;
  const pair = await first.kms.generateDataKeyPairWithoutPlaintext(request);
  await first.stop();

  const wrapped = { CiphertextBlob: pair.PrivateKeyCiphertextBlob, EncryptionContext };
  const second = await deployed(directory, 'Other', 'Key');
  expect(second.KeyId).not.toBe(KeyId);
  expect((await second.kms.decrypt({ KeyId, ...wrapped })).Plaintext?.length).toBeGreaterThan(0);
  await second.stop();
  const third = await deployed(directory, 'Key');
  expect(third.KeyId).toBe(KeyId);
  expect((await third.kms.listKeys({})).Keys).toHaveLength(2);
  await third.stop();

  await forgetState(directory);
  const fresh = await deployed(directory, 'Key');
  expect(fresh.KeyId).not.toBe(KeyId);
  await expect(fresh.kms.decrypt({ KeyId, ...wrapped })).rejects.toMatchObject({
    name: 'NotFoundException',
  });
});

test('a key that is gone from KMS is made anew', async () => {
  const directory = await stateDirectory();
  const first = await deployed(directory, 'Key');
  await first.stop();
  await rm(join(directory, 'kms'), { recursive: true });
  const { kms, KeyId } = await deployed(directory, 'Key');
  expect(KeyId).not.toBe(first.KeyId);
  expect((await kms.describeKey({ KeyId })).KeyMetadata?.KeyState).toBe('Enabled');
});

test('a file that lists no keys is named, and no key is made', async () => {
  const directory = await stateDirectory();
  const path = join(directory, 'stack-keys.json');
  await writeFile(path, '{');
  await expect(deployed(directory, 'Key')).rejects.toThrow(`${path} does not list keys`);
  expect(await readFile(path, 'utf8')).toBe('{');
});
