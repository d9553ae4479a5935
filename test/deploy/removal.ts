import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { inventory } from './account.ts';
import { cdk } from './cdk.ts';
import { outputs, product, stackNames } from './deployed-stack.ts';
import type { Deployment } from './deployment.ts';
import { account } from './emulator.ts';
import { registerClient, registerResource } from './registration.ts';
import { getToken } from './token-journey.ts';

/** The end of a deployment, and a new one after it. */
export function removal(deployment: Deployment): void {
  test('cdk destroy leaves the registry and the signing key, and nothing else', async () => {
    const { RegistryTable, SigningKeyId } = await outputs(product);
    const items = await registryItems(RegistryTable);
    expect(items).not.toEqual([]);
    await cdk('destroy', product, 'Demo/*', '--force');
    expect(await stackNames()).toEqual(['CDKToolkit']);
    expect(await inventory()).toEqual({
      functions: [],
      apis: [],
      logGroups: [],
      roles: [],
      tables: [RegistryTable],
      keys: [SigningKeyId],
      aliases: [],
    });
    expect(await registryItems(RegistryTable)).toEqual(items);
    expect(await keyState(SigningKeyId)).toBe('Enabled');
  });

  test('after it, a deployment starts with an empty registry and a new key', async () => {
    const { keys } = await inventory();
    await deployment.deploy();
    const { RegistryTable, SigningKeyId } = await outputs(product);
    expect(keys).not.toContain(SigningKeyId);
    // The emulator gives it the name of the old one, and empties that; AWS makes up a new name.
    expect(await registryItems(RegistryTable)).toEqual([]);
    await registerResource(deployment.api, 'read');
    const client = await registerClient('read');
    expect(await getToken(deployment.issuer, client)).toMatchObject({ scope: 'read' });
  });
}

async function registryItems(table: string | undefined) {
  const { Items } = await new DynamoDBClient(account).send(new ScanCommand({ TableName: table }));
  return Items;
}

async function keyState(id: string | undefined) {
  const { KeyMetadata } = await new KMSClient(account).send(new DescribeKeyCommand({ KeyId: id }));
  return KeyMetadata?.KeyState;
}
