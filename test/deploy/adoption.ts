import {
  DescribeTableCommand,
  DynamoDBClient,
  RestoreTableToPointInTimeCommand,
} from '@aws-sdk/client-dynamodb';
import { GetKeyPolicyCommand, KMSClient, ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { decodeProtectedHeader } from 'jose';
import { beforeAll, expect, test, vi } from 'vitest';
import type { ShownKey } from '../../functions/key-rotation/reply.ts';
import { cdk } from './cdk.ts';
import { countersign } from './countersign.ts';
import { outputs, product } from './deployed-stack.ts';
import type { Deployment } from './deployment.ts';
import { account } from './emulator.ts';
import { getToken } from './obtained-token.ts';
import { type Registered, registerClient } from './registration.ts';

const dynamodb = new DynamoDBClient(account);
const kms = new KMSClient(account);

/** A registry that is there already: after a deletion, after a restore from a point in time, and from a file. */
export function adoption(deployment: Deployment): void {
  let client: Registered;
  let active: ShownKey | undefined;
  beforeAll(async () => {
    client = await registerClient('read');
    active = await activeKey();
  });
  /** Tokens for the same client with the same secret, signed by the same key. */
  const expectTokensAgain = async () => {
    const { access_token } = await getToken(deployment.issuer, client);
    expect(decodeProtectedHeader(access_token).kid).toBe(active?.kid);
    expect(await activeKey()).toMatchObject({ kid: active?.kid, key_id: active?.key_id });
  };
  const deployOn = ({ settings }: Adopted) =>
    deployment.deploy(
      `registryTableStreamArn=${settings.registryTableStreamArn}`,
      `adoptedKeys=${settings.adoptedKeys.join(' ')}`,
    );

  test('destroyed, adopted, deployed: tokens again with the same clients, secrets and keys', async () => {
    const { RegistryTable = '' } = await outputs(product);
    await cdk('destroy', product, 'Demo/*', '--force');
    const adopted = await adopt(RegistryTable);
    expect(adopted.settings.adoptedKeys).toContain(active?.key_id);
    await deployOn(adopted);
    expect(await outputs(product)).toMatchObject({ RegistryTable });
    await expectTokensAgain();
  });

  test('the policy of the key names the roles of the new deployment', async () => {
    const { Policy = '' } = await kms.send(new GetKeyPolicyCommand({ KeyId: active?.key_id }));
    const { KeyRotationFunction = '' } = await outputs(product);
    expect(KeyRotationFunction).not.toBe('');
    const { Statement } = JSON.parse(Policy);
    const named = (sid: string) =>
      Statement.find(({ Sid }: { Sid: string }) => Sid === sid).Condition.ArnEquals[
        'aws:PrincipalArn'
      ];
    expect([named('Sign')].flat()).toHaveLength(3);
    expect(named('Entrust')).toContain(':role/');
  });

  test('a second deployment on the same table is refused', async () => {
    const { RegistryTable = '' } = await outputs(product);
    await expect(adopt(RegistryTable)).rejects.toThrow('uses the table');
  });

  test('restored from a point in time, adopted in place of the damaged one, deployed: tokens again', async () => {
    const { RegistryTable = '' } = await outputs(product);
    const table = `${RegistryTable}-restored`.slice(-255);
    await restore(RegistryTable, table);
    const adopted = await adopt(table, '--in-place-of', product);
    await deployOn(adopted);
    expect(await outputs(product)).toMatchObject({ RegistryTable: table });
    await expectTokensAgain();
    const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId: active?.key_id }));
    expect(Tags).toContainEqual({ TagKey: 'countersign:registry', TagValue: table });
  });
}

interface Adopted {
  readonly settings: {
    readonly registryTableStreamArn: string;
    readonly adoptedKeys: readonly string[];
  };
}

const adopt = (table: string, ...options: readonly string[]): Promise<Adopted> =>
  countersign('adopt', table, '--yes', ...options);

async function activeKey(): Promise<ShownKey | undefined> {
  const { keys }: { keys: readonly ShownKey[] } = await countersign('key', 'list');
  return keys.find(({ state }) => state === 'active');
}

/** As an operator does it, with a command for which this project needs no code of its own. */
async function restore(source: string, target: string): Promise<void> {
  const command = new RestoreTableToPointInTimeCommand({
    SourceTableName: source,
    TargetTableName: target,
    UseLatestRestorableTime: true,
  });
  await dynamodb.send(command);
  await vi.waitFor(
    async () => {
      const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: target }));
      expect(Table?.TableStatus).toBe('ACTIVE');
    },
    { timeout: 60_000, interval: 500 },
  );
}
