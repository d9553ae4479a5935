import { KMS } from '@aws-sdk/client-kms';
import { afterAll, describe, expect, test } from 'vitest';
import { startKms } from '../../local/kms/endpoint.ts';
import { accessKeyId, testAccount } from '../support/test-account.ts';

const service = await startKms({ accessKeyId });
const kms = new KMS({ ...testAccount, endpoint: service.endpoint });
afterAll(async () => {
  kms.destroy();
  await service[Symbol.asyncDispose]();
});

const account = { AWS: 'arn:aws:iam::000000000000:root' };
const statement = { Effect: 'Allow', Principal: account, Action: 'kms:*', Resource: '*' };
const policyOf = (...Statement: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement });

async function key(Policy?: string): Promise<string> {
  const { KeyMetadata } = await kms.createKey({ Policy });
  return String(KeyMetadata?.KeyId);
}

const policy = async (KeyId: string) => (await kms.getKeyPolicy({ KeyId })).Policy;

describe('the policy of a key', () => {
  test('lets IAM policies of the account allow anything, where none was given', async () => {
    const { Statement } = JSON.parse((await policy(await key())) ?? '');
    const root = { AWS: expect.stringMatching(/^arn:aws:iam::\d{12}:root$/) };
    expect(Statement).toMatchObject([{ Effect: 'Allow', Action: 'kms:*', Principal: root }]);
  });

  test('is the one that it was made with, then the one that was put', async () => {
    const conditioned = {
      ...statement,
      Principal: '*',
      Action: ['kms:PutKeyPolicy'],
      Condition: { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::000000000000:role/a' } },
    };
    const KeyId = await key(policyOf(statement));
    expect(await policy(KeyId)).toBe(policyOf(statement));
    await kms.putKeyPolicy({ KeyId, PolicyName: 'default', Policy: policyOf(conditioned) });
    expect(await kms.getKeyPolicy({ KeyId, PolicyName: 'default' })).toMatchObject({
      Policy: policyOf(conditioned),
      PolicyName: 'default',
    });
  });

  test('can be put while the key is pending deletion, and of a key that exists alone', async () => {
    const KeyId = await key();
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    await kms.putKeyPolicy({ KeyId, Policy: policyOf(statement) });
    expect(await policy(KeyId)).toBe(policyOf(statement));
    const unknown = { KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab', Policy: policyOf(statement) };
    await expect(kms.putKeyPolicy(unknown)).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('has one name', async () => {
    const KeyId = await key();
    const refused = {
      name: 'NotFoundException',
      message: expect.stringContaining('No such policy'),
    };
    await expect(kms.getKeyPolicy({ KeyId, PolicyName: 'other' })).rejects.toMatchObject(refused);
  });

  test.for([
    ['no JSON', '{'],
    ['no statement', policyOf()],
    ['no principal', policyOf({ ...statement, Principal: undefined })],
    ['an unknown effect', policyOf({ ...statement, Effect: 'Maybe' })],
    ['an unknown element', policyOf({ ...statement, Who: 'me' })],
    ['another version', JSON.stringify({ Version: '2025-01-01', Statement: [statement] })],
  ] as const)('is malformed with %s, and nothing is changed', async ([, Policy]) => {
    const malformed = { name: 'MalformedPolicyDocumentException' };
    const count = (await kms.listKeys()).Keys?.length;
    await expect(kms.createKey({ Policy })).rejects.toMatchObject(malformed);
    expect((await kms.listKeys()).Keys).toHaveLength(count ?? 0);
    const KeyId = await key(policyOf(statement));
    await expect(kms.putKeyPolicy({ KeyId, Policy })).rejects.toMatchObject(malformed);
    expect(await policy(KeyId)).toBe(policyOf(statement));
  });

  test('has 32 KiB at most', async () => {
    const rest = policyOf({ ...statement, Sid: '' }).length;
    const longest = policyOf({ ...statement, Sid: 'a'.repeat(32_768 - rest) });
    expect(await policy(await key(longest))).toHaveLength(32_768);
    const longer = policyOf({ ...statement, Sid: 'a'.repeat(32_769 - rest) });
    await expect(key(longer)).rejects.toMatchObject({ name: 'LimitExceededException' });
  });
});
