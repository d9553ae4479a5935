import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KMS } from '@aws-sdk/client-kms';
import { expect, onTestFinished, test } from 'vitest';
import { startKms } from '../../local/kms/endpoint.ts';
import { accessKeyId, testAccount } from '../support/test-account.ts';

const day = 86_400;
const start = 1_700_000_000;

/** A KMS whose clock moves when the test says so, with one key that has an alias. */
async function kmsWithKey({ directory }: { directory?: string } = {}) {
  const clock = { now: start };
  const service = await startKms({ accessKeyId, directory, now: () => clock.now });
  const kms = new KMS({ ...testAccount, endpoint: service.endpoint });
  onTestFinished(async () => {
    kms.destroy();
    await service[Symbol.asyncDispose]();
  });
  const request = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } as const;
  const { KeyMetadata } = await kms.createKey(request);
  const KeyId = String(KeyMetadata?.KeyId);
  await kms.createAlias({ AliasName: 'alias/signing', TargetKeyId: KeyId });
  return { kms, clock, KeyId, arn: String(KeyMetadata?.Arn) };
}

const use = { Message: Buffer.from('message'), SigningAlgorithm: 'ECDSA_SHA_256' } as const;

test('a key that is pending deletion can only be looked at', async () => {
  const { kms, KeyId, arn } = await kmsWithKey();
  const scheduled = await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
  expect(scheduled).toMatchObject({ KeyState: 'PendingDeletion', PendingWindowInDays: 7 });
  expect(scheduled.DeletionDate).toEqual(new Date((start + 7 * day) * 1000));
  const refused = [
    kms.sign({ KeyId, ...use }),
    kms.getPublicKey({ KeyId }),
    kms.enableKey({ KeyId }),
    kms.disableKey({ KeyId }),
    kms.scheduleKeyDeletion({ KeyId }),
  ];
  for (const refusal of await Promise.allSettled(refused)) {
    expect(refusal).toMatchObject({
      status: 'rejected',
      reason: { name: 'KMSInvalidStateException', message: `${arn} is pending deletion.` },
    });
  }
  const { KeyMetadata } = await kms.describeKey({ KeyId });
  expect(KeyMetadata).toMatchObject({ KeyState: 'PendingDeletion', Enabled: false });
});

test('a key must be given 7 to 30 days', async () => {
  const { kms, KeyId } = await kmsWithKey();
  for (const PendingWindowInDays of [6, 31]) {
    await expect(kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  }
});

test('a key is there until its deletion date, and gone from then on', async () => {
  const { kms, clock, KeyId, arn } = await kmsWithKey();
  await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
  clock.now = start + 7 * day - 1;
  expect((await kms.listKeys({})).Keys).toEqual([{ KeyId, KeyArn: arn }]);
  clock.now = start + 7 * day;
  const notFound = [
    kms.describeKey({ KeyId }),
    kms.describeKey({ KeyId: 'alias/signing' }),
    kms.getPublicKey({ KeyId: arn }),
    kms.sign({ KeyId, ...use }),
    kms.enableKey({ KeyId }),
    kms.disableKey({ KeyId }),
    kms.scheduleKeyDeletion({ KeyId }),
    kms.cancelKeyDeletion({ KeyId }),
    kms.tagResource({ KeyId, Tags: [] }),
    kms.listResourceTags({ KeyId }),
    kms.createAlias({ AliasName: 'alias/other', TargetKeyId: KeyId }),
  ];
  for (const refusal of await Promise.allSettled(notFound)) {
    expect(refusal).toMatchObject({ status: 'rejected', reason: { name: 'NotFoundException' } });
  }
  expect((await kms.listKeys({})).Keys).toEqual([]);
  expect((await kms.listAliases({})).Aliases).toEqual([]);
});

test('a deleted key leaves the disk, and no clock brings it back', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kms-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const { kms, clock, KeyId } = await kmsWithKey({ directory });
  await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 30 });
  expect(await readdir(directory)).toEqual([`${KeyId}.json`]);
  clock.now = start + 30 * day;
  expect((await kms.listKeys({})).Keys).toEqual([]);
  expect(await readdir(directory)).toEqual([]);
  clock.now = start;
  await expect(kms.describeKey({ KeyId })).rejects.toMatchObject({ name: 'NotFoundException' });
});

test('a key whose deletion is cancelled is disabled, and lives', async () => {
  const { kms, clock, KeyId, arn } = await kmsWithKey();
  await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
  expect(await kms.cancelKeyDeletion({ KeyId })).toMatchObject({ KeyId: arn });
  clock.now = start + 8 * day;
  const { KeyMetadata } = await kms.describeKey({ KeyId });
  expect(KeyMetadata).toMatchObject({ KeyState: 'Disabled', Enabled: false });
  expect(KeyMetadata?.DeletionDate).toBeUndefined();
  await kms.enableKey({ KeyId });
  expect((await kms.sign({ KeyId, ...use })).KeyId).toBe(arn);
});

test('only a deletion that was scheduled is cancelled', async () => {
  const { kms, KeyId, arn } = await kmsWithKey();
  await expect(kms.cancelKeyDeletion({ KeyId })).rejects.toMatchObject({
    name: 'KMSInvalidStateException',
    message: `${arn} is not pending deletion.`,
  });
});
