import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { customResourcesFile } from './deployment/custom-resource-state.ts';
import { stackKeysFile } from './deployment/stack-keys.ts';
import { startDynamodb } from './dynamodb/dynamodb.ts';
import { startKms } from './kms/endpoint.ts';
import type { Endpoints } from './lambda/function-environment.ts';

/** Starts DynamoDB and KMS on the data in a state directory. */
export async function startServices(
  directory: string,
  started: AsyncDisposableStack,
): Promise<Endpoints> {
  const dynamodb = started.use(await startDynamodb({ directory: join(directory, 'dynamodb') }));
  const kms = started.use(await startKms({ directory: join(directory, 'kms') }));
  return { dynamodb: dynamodb.endpoint, kms: kms.endpoint };
}

/** Deletes what a state directory holds: tables, keys, certificates, and the demo client. */
export async function forgetState(directory: string): Promise<void> {
  const files = ['demo-client.json', customResourcesFile, stackKeysFile];
  for (const name of ['dynamodb', 'kms', 'tls', ...files]) {
    await rm(join(directory, name), { recursive: true, force: true });
  }
}
