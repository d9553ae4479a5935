import { randomUUID } from 'node:crypto';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Keepers } from '../../functions/administration/keeper.ts';
import { secretsManagerKeepers } from '../../functions/administration/secrets-manager.ts';
import { memoryKeepers } from '../support/memory/memory-keepers.ts';
import {
  type SecretsManagerDouble,
  startSecretsManager,
} from '../support/secrets-manager/endpoint.ts';
import { testAccount } from '../support/test-account.ts';

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

type Kept = readonly [keepers: Keepers, arn: string];

const kinds: readonly (readonly [string, () => Promise<Kept>])[] = [
  [
    'Secrets Manager',
    async () => {
      const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: randomUUID() }));
      return [secretsManagerKeepers(client), ARN];
    },
  ],
  [
    'its twin in memory',
    async () => {
      const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:one-AbCdEf';
      return [memoryKeepers(arn).keepers, arn];
    },
  ],
];

describe.for(kinds)('%s', ([, start]) => {
  test('a version has no value, then one, and never another', async () => {
    const [keepers, arn] = await start();
    const version = randomUUID();
    expect(await keepers.value(arn, version)).toBeUndefined();
    const put = (value: string) => keepers.put(arn, { version, value, stage: 'AWSCURRENT' });
    expect([await put('one'), await put('one'), await put('two')]).toEqual([true, true, false]);
    expect(await keepers.value(arn, version)).toBe('one');
  });

  test('a pending version becomes current, once', async () => {
    const [keepers, arn] = await start();
    const [from, to] = [randomUUID(), randomUUID()];
    await keepers.put(arn, { version: from, value: 'one', stage: 'AWSCURRENT' });
    await keepers.put(arn, { version: to, value: 'two', stage: 'AWSPENDING' });
    await keepers.makeCurrent(arn, { from, to });
    const { versions, arn: found } = await keepers.find(arn);
    expect(found).toBe(arn);
    expect(versions).toEqual(
      new Map([
        [from, ['AWSPREVIOUS']],
        [to, ['AWSPENDING', 'AWSCURRENT']],
      ]),
    );
    await expect(keepers.makeCurrent(arn, { from, to })).rejects.toThrow();
  });
});

test.for(['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'])(
  'an error of the service to %s is told as it is',
  async (operation) => {
    const keepers = secretsManagerKeepers(client);
    double.trouble = (called) =>
      called === operation ? { error: 'AccessDeniedException' } : undefined;
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      DescribeSecret: () => keepers.find('any'),
      GetSecretValue: () => keepers.value('any', randomUUID()),
      PutSecretValue: () =>
        keepers.put('any', { version: randomUUID(), value: 'so-secret', stage: 'AWSPENDING' }),
      UpdateSecretVersionStage: () =>
        keepers.makeCurrent('any', { from: randomUUID(), to: randomUUID() }),
    };
    await expect(calls[operation]?.()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    double.trouble = () => undefined;
  },
);

test('an error that may quote what was read says its name alone', async () => {
  const quoting = { send: () => Promise.reject(new SyntaxError('Unexpected so-secret')) };
  const keepers = secretsManagerKeepers(quoting as never);
  await expect(keepers.find('any')).rejects.toThrow(
    /^Secrets Manager does not answer: SyntaxError$/,
  );
});
