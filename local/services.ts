import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { localAccount } from './account/local-account.ts';
import { customResourcesFile } from './deployment/custom-resource-state.ts';
import { stackKeysFile } from './deployment/stack-keys.ts';
import { type LocalDynamodb, startDynamodb } from './dynamodb/dynamodb.ts';
import { startKms } from './kms/endpoint.ts';
import type { Endpoints } from './lambda/function-environment.ts';
import { accessKeyFile, ensureAccessKeyId } from './state/access-key.ts';

/** The services that a deployment stands on. */
export interface Services {
  readonly endpoints: Endpoints;
  readonly dynamodb: LocalDynamodb;
}

/** Starts DynamoDB and KMS on the data in a state directory, for whoever has its access key. */
export async function startServices(
  directory: string,
  started: AsyncDisposableStack,
): Promise<Services> {
  const accessKeyId = await ensureAccessKeyId(directory);
  const of = (name: string) => ({ accessKeyId, directory: join(directory, name) });
  const dynamodb = started.use(await startDynamodb(of('dynamodb')));
  const kms = started.use(await startKms(of('kms')));
  const account = localAccount(accessKeyId);
  const endpoints = { dynamodb: dynamodb.endpoint, kms: kms.endpoint, account };
  return { endpoints, dynamodb };
}

/** Deletes what a state directory holds: tables, keys, certificates, the demo client, and so on. */
export async function forgetState(directory: string): Promise<void> {
  const files = ['demo-client.json', accessKeyFile, customResourcesFile, stackKeysFile];
  for (const name of ['dynamodb', 'kms', 'tls', ...files]) {
    await rm(join(directory, name), { recursive: true, force: true });
  }
}
