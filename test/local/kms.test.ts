import { constants, createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KMS, type SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKms } from '../../local/kms.ts';
import { localAccount } from '../../local/local-account.ts';

const service = await startKms();
const kms = new KMS({ ...localAccount, endpoint: service.endpoint });
afterAll(async () => {
  kms.destroy();
  await service.close();
});

const createKey = async (client = kms) => {
  const { KeyMetadata } = await client.createKey({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
  return { id: String(KeyMetadata?.KeyId), arn: String(KeyMetadata?.Arn) };
};
const message = Buffer.from('eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UifQ');
const digest = createHash('sha256').update(message).digest();

async function signatureIsGood(KeyId: string, request: object, padding: object): Promise<boolean> {
  const { PublicKey } = await kms.getPublicKey({ KeyId });
  const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
  const input = { KeyId, Message: message, SigningAlgorithm: undefined, ...request };
  const { Signature } = await kms.sign(input);
  return verify('sha256', message, { key, ...padding }, Buffer.from(Signature ?? []));
}

describe('Sign', () => {
  const pkcs1 = { padding: constants.RSA_PKCS1_PADDING };
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

  test.for<[SigningAlgorithmSpec, string, object]>([
    ['RSASSA_PKCS1_V1_5_SHA_256', 'RAW', pkcs1],
    ['RSASSA_PKCS1_V1_5_SHA_256', 'DIGEST', pkcs1],
    ['RSASSA_PSS_SHA_256', 'RAW', pss],
    ['RSASSA_PSS_SHA_256', 'DIGEST', pss],
  ])('%s over %s verifies with node:crypto', async ([SigningAlgorithm, MessageType, padding]) => {
    const { id } = await createKey();
    const Message = MessageType === 'RAW' ? message : digest;
    const request = { Message, MessageType, SigningAlgorithm };
    expect(await signatureIsGood(id, request, padding)).toBe(true);
  });

  test('a RAW message may have 4,096 octets and not one more', async () => {
    const { id: KeyId } = await createKey();
    const SigningAlgorithm = 'RSASSA_PKCS1_V1_5_SHA_256';
    const { Signature } = await kms.sign({ KeyId, SigningAlgorithm, Message: Buffer.alloc(4096) });
    expect(Signature).toHaveLength(256);
    await expect(
      kms.sign({ KeyId, SigningAlgorithm, Message: Buffer.alloc(4097) }),
    ).rejects.toMatchObject({ name: 'ValidationException', $metadata: { httpStatusCode: 400 } });
  });

  test('a DIGEST must have the length of the algorithm', async () => {
    const { id: KeyId } = await createKey();
    const request = {
      KeyId,
      SigningAlgorithm: 'RSASSA_PSS_SHA_256',
      MessageType: 'DIGEST',
    } as const;
    await expect(kms.sign({ ...request, Message: Buffer.alloc(48) })).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Digest is invalid length for algorithm RSASSA_PSS_SHA_256.',
    });
  });

  test('an algorithm of another key spec is a wrong use of the key', async () => {
    const { id: KeyId } = await createKey();
    await expect(
      kms.sign({ KeyId, SigningAlgorithm: 'ECDSA_SHA_256', Message: message }),
    ).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
      message: 'Algorithm ECDSA_SHA_256 is incompatible with key spec RSA_2048.',
    });
  });

  test('a message type that KMS does not have is refused', async () => {
    const { id: KeyId } = await createKey();
    const request = { KeyId, SigningAlgorithm: 'RSASSA_PSS_SHA_256', Message: message } as const;
    const wrong = { ...request, MessageType: 'HASH' as 'RAW' };
    await expect(kms.sign(wrong)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('a key', () => {
  test('is found by id, ARN, alias and alias ARN', async () => {
    const { id, arn } = await createKey();
    await kms.createAlias({ AliasName: 'alias/found', TargetKeyId: id });
    const { Aliases } = await kms.listAliases({ KeyId: id });
    expect(Aliases).toMatchObject([{ AliasName: 'alias/found', TargetKeyId: id }]);
    for (const KeyId of [id, arn, 'alias/found', String(Aliases?.[0]?.AliasArn)]) {
      const { KeyMetadata } = await kms.describeKey({ KeyId });
      expect(KeyMetadata).toMatchObject({
        KeyId: id,
        Arn: arn,
        KeySpec: 'RSA_2048',
        Enabled: true,
      });
    }
  });

  test.for([
    'alias/nobody',
    '1234abcd-12ab-34cd-56ef-1234567890ab',
    'arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  ])('that is not there is NotFoundException: %s', async (KeyId) => {
    const operations = [
      kms.describeKey({ KeyId }),
      kms.getPublicKey({ KeyId }),
      kms.sign({ KeyId, Message: message, SigningAlgorithm: 'RSASSA_PSS_SHA_256' }),
      kms.disableKey({ KeyId }),
      kms.scheduleKeyDeletion({ KeyId }),
    ];
    for (const operation of operations) {
      await expect(operation).rejects.toMatchObject({ name: 'NotFoundException' });
    }
  });

  test('cannot be used while it is disabled, and can again afterwards', async () => {
    const { id: KeyId, arn } = await createKey();
    const use = { KeyId, Message: message, SigningAlgorithm: 'RSASSA_PSS_SHA_256' } as const;
    await kms.disableKey({ KeyId });
    const refusal = { name: 'DisabledException', message: `${arn} is disabled.` };
    await expect(kms.sign(use)).rejects.toMatchObject(refusal);
    await expect(kms.getPublicKey({ KeyId })).rejects.toMatchObject(refusal);
    await kms.enableKey({ KeyId });
    expect((await kms.sign(use)).Signature).toHaveLength(256);
  });

  test('that is pending deletion can only be looked at', async () => {
    const { id: KeyId, arn } = await createKey();
    const scheduled = await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    expect(scheduled).toMatchObject({ KeyState: 'PendingDeletion', PendingWindowInDays: 7 });
    expect(scheduled.DeletionDate?.getTime()).toBeGreaterThan(Date.now() + 6 * 86_400_000);
    const refusal = { name: 'KMSInvalidStateException', message: `${arn} is pending deletion.` };
    await expect(kms.getPublicKey({ KeyId })).rejects.toMatchObject(refusal);
    await expect(kms.enableKey({ KeyId })).rejects.toMatchObject(refusal);
    await expect(kms.scheduleKeyDeletion({ KeyId })).rejects.toMatchObject(refusal);
    const { KeyMetadata } = await kms.describeKey({ KeyId });
    expect(KeyMetadata).toMatchObject({ KeyState: 'PendingDeletion', Enabled: false });
  });

  test('must be given 7 to 30 days', async () => {
    const { id: KeyId } = await createKey();
    for (const PendingWindowInDays of [6, 31]) {
      await expect(kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays })).rejects.toMatchObject({
        name: 'ValidationException',
      });
    }
  });

  test('keeps the tags that it was made with and those that are added', async () => {
    const { KeyMetadata } = await kms.createKey({
      KeySpec: 'RSA_2048',
      KeyUsage: 'SIGN_VERIFY',
      Tags: [{ TagKey: 'state', TagValue: 'pending' }],
    });
    const KeyId = KeyMetadata?.KeyId;
    await kms.tagResource({ KeyId, Tags: [{ TagKey: 'state', TagValue: 'active' }] });
    const { Tags } = await kms.listResourceTags({ KeyId });
    expect(Tags).toEqual([{ TagKey: 'state', TagValue: 'active' }]);
  });

  test('is listed', async () => {
    const { id, arn } = await createKey();
    const { Keys } = await kms.listKeys({});
    expect(Keys).toContainEqual({ KeyId: id, KeyArn: arn });
  });
});

describe('an alias', () => {
  test('is taken once', async () => {
    const { id: TargetKeyId } = await createKey();
    await kms.createAlias({ AliasName: 'alias/once', TargetKeyId });
    await expect(kms.createAlias({ AliasName: 'alias/once', TargetKeyId })).rejects.toMatchObject({
      name: 'AlreadyExistsException',
    });
  });

  test('moves to another key', async () => {
    const [before, after] = [await createKey(), await createKey()];
    await kms.createAlias({ AliasName: 'alias/moves', TargetKeyId: before.id });
    await kms.updateAlias({ AliasName: 'alias/moves', TargetKeyId: after.arn });
    const { KeyMetadata } = await kms.describeKey({ KeyId: 'alias/moves' });
    expect(KeyMetadata?.KeyId).toBe(after.id);
    expect((await kms.listAliases({ KeyId: before.id })).Aliases).toEqual([]);
  });

  test.for(['once', 'alias/aws/mine', 'alias/a b'])('has a name of KMS: not %s', async (name) => {
    const { id: TargetKeyId } = await createKey();
    await expect(kms.createAlias({ AliasName: name, TargetKeyId })).rejects.toMatchObject({
      name: 'InvalidAliasNameException',
    });
  });
});

describe('the protocol', () => {
  const post = async (target: string, body: string) => {
    const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' };
    const response = await fetch(service.endpoint, { method: 'POST', headers, body });
    return [response.status, await response.json()];
  };

  test('an operation that is not here is refused', async () => {
    const refusal = { __type: 'UnknownOperationException', message: 'no such operation here' };
    expect(await post('TrentService.Encrypt', '{}')).toEqual([400, refusal]);
  });

  test.for(['', '{', '[]', 'null', '"text"'])('the body %j is refused', async (body) => {
    const refusal = { __type: 'SerializationException', message: 'the body is not a JSON object' };
    expect(await post('TrentService.Sign', body)).toEqual([400, refusal]);
  });

  test('a member that is missing is named', async () => {
    const [status, body] = await post('TrentService.DescribeKey', '{}');
    expect(status).toBe(400);
    expect(body).toEqual({
      __type: 'ValidationException',
      message:
        "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null",
    });
  });

  test('a key spec that is not here is refused', async () => {
    await expect(kms.createKey({ KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' })).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
  });
});

describe('on disk', () => {
  let directory: string;
  beforeAll(async () => {
    directory = join(await mkdtemp(join(tmpdir(), 'kms-')), 'keys');
    return () => rm(directory, { recursive: true });
  });

  test('keys survive a restart, in files that only their owner reads', async () => {
    const first = await startKms({ directory });
    const before = new KMS({ ...localAccount, endpoint: first.endpoint });
    const { id: KeyId } = await createKey(before);
    await before.createAlias({ AliasName: 'alias/kept', TargetKeyId: KeyId });
    const { PublicKey } = await before.getPublicKey({ KeyId });
    before.destroy();
    await first.close();

    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect(await readdir(directory)).toEqual([`${KeyId}.json`]);
    expect((await stat(join(directory, `${KeyId}.json`))).mode & 0o777).toBe(0o600);

    const second = await startKms({ directory });
    const after = new KMS({ ...localAccount, endpoint: second.endpoint });
    expect((await after.getPublicKey({ KeyId: 'alias/kept' })).PublicKey).toEqual(PublicKey);
    after.destroy();
    await second.close();
  });

  test('a file that is no key is named', async () => {
    const path = join(directory, 'broken.json');
    await writeFile(path, '{}');
    await expect(startKms({ directory })).rejects.toThrow(`${path} is not a key`);
    expect(await readFile(path, 'utf8')).toBe('{}');
  });
});
