import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import type { ShownKey } from '../../functions/key-rotation/reply.ts';
import { type Inventory, inventory } from './account.ts';
import { cdk } from './cdk.ts';
import { countersign } from './countersign.ts';
import { outputs, product, stackNames } from './deployed-stack.ts';
import type { Deployment } from './deployment.ts';
import { account } from './emulator.ts';
import { getToken } from './obtained-token.ts';
import { registerClient, registerResource } from './registration.ts';

interface Keys {
  readonly keys: readonly ShownKey[];
}

/**
 * The end of a deployment, and a new one after it.
 * @param found what the account had before the first deployment
 */
export function removal(deployment: Deployment, found: Inventory): void {
  test('cdk destroy leaves the registry, its history and the signing keys, and nothing else', async () => {
    const { RegistryTable, HistoryLogGroup } = await outputs(product);
    const items = await registryItems(RegistryTable);
    expect(items).not.toEqual([]);
    const { keys: before }: Keys = await countersign('key', 'list');
    const active = before.find(({ state }) => state === 'active');
    await cdk('destroy', product, 'Demo/*', '--force');
    expect(await stackNames()).toEqual(['CDKToolkit']);
    expect(await inventory(found)).toEqual({
      functions: [],
      apis: [],
      logGroups: [HistoryLogGroup],
      roles: [],
      tables: [RegistryTable],
      keys: before.map(({ key_id }) => key_id).sort(),
      schedules: [],
    });
    expect(await registryItems(RegistryTable)).toEqual(items);
    expect(await keyState(active?.key_id)).toBe('Enabled');
  });

  test('after it, a deployment starts with an empty registry and an active key', async () => {
    await deployment.deploy();
    const { RegistryTable } = await outputs(product);
    // The emulator gives it the name of the old one, and empties that; AWS makes up a new name.
    // So here the keys of the old one, which carry that name, are taken in.
    expect(await registryItems(RegistryTable)).toMatchObject([{ pk: { S: 'signing-keys' } }]);
    const { keys }: Keys = await countersign('key', 'list');
    expect(keys.filter(({ state }) => state === 'active')).toHaveLength(1);
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
