import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  RestoreTableToPointInTimeCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { GetKeyPolicyCommand, KMSClient, ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { decodeProtectedHeader } from 'jose';
import { beforeAll, expect, test, vi } from 'vitest';
import type { ShownKey } from '../../functions/key-rotation/reply.ts';
import { cdk } from './cdk.ts';
import { countersign } from './countersign.ts';
import { outputs, physicalIds, product } from './deployed-stack.ts';
import type { Deployment } from './deployment.ts';
import { account, emulator } from './emulator.ts';
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
    const named = (sid: string) =>
      JSON.parse(Policy).Statement.find(({ Sid }: { Sid: string }) => Sid === sid).Condition
        .ArnEquals['aws:PrincipalArn'];
    const roleOf = async (logicalId: string) => {
      const [name] = await physicalIds(product, 'AWS::Lambda::Function', logicalId);
      const answer = await emulator('lambda', `/2015-03-31/functions/${name}`);
      return JSON.parse(answer).Configuration.Role;
    };
    expect(named('Sign')).toContain(await roleOf('AuthorizationServerTokenFunction'));
    expect(named('Entrust')).toBe(await roleOf('AuthorizationServerKeyRotationFunction'));
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

  test('exported, deleted with its table, restored from the file, deployed: tokens again', async () => {
    const { RegistryTable = '' } = await outputs(product);
    const file = join(mkdtempSync(join(tmpdir(), 'backup-')), 'backup.jsonl');
    await countersign('export', '--all', '--out', file);
    await cdk('destroy', product, 'Demo/*', '--force');
    await deleteTable(RegistryTable);
    const adopted = await adopt('registry-from-file', '--from', file);
    await deployOn(adopted);
    expect(await outputs(product)).toMatchObject({ RegistryTable: 'registry-from-file' });
    await expectTokensAgain();
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

async function deleteTable(TableName: string): Promise<void> {
  await dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  await dynamodb.send(new DeleteTableCommand({ TableName }));
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
