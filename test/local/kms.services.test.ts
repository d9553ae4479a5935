import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KeySpec, KMS } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKms } from '../../local/kms/endpoint.ts';
import { accessKeyId, naming, testAccount } from '../support/test-account.ts';

const service = await startKms({ accessKeyId });
const kms = new KMS({ ...testAccount, endpoint: service.endpoint });
afterAll(async () => {
  kms.destroy();
  await service[Symbol.asyncDispose]();
});

const createKey = async (KeySpec: KeySpec = 'RSA_2048', client = kms) => {
  const { KeyMetadata } = await client.createKey({ KeySpec, KeyUsage: 'SIGN_VERIFY' });
  return { id: String(KeyMetadata?.KeyId), arn: String(KeyMetadata?.Arn) };
};
const message = Buffer.from('eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UifQ');

describe('a key', () => {
  test.for<[KeySpec, readonly string[], Partial<KeyObject>]>([
    [
      'RSA_2048',
      ['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PSS_SHA_256'],
      {
        asymmetricKeyType: 'rsa',
        asymmetricKeyDetails: { modulusLength: 2048, publicExponent: 65_537n },
      },
    ],
    [
      'ECC_NIST_P256',
      ['ECDSA_SHA_256'],
      { asymmetricKeyType: 'ec', asymmetricKeyDetails: { namedCurve: 'prime256v1' } },
    ],
    [
      'ECC_NIST_P384',
      ['ECDSA_SHA_384'],
      { asymmetricKeyType: 'ec', asymmetricKeyDetails: { namedCurve: 'secp384r1' } },
    ],
    ['ECC_NIST_EDWARDS25519', ['ED25519_SHA_512'], { asymmetricKeyType: 'ed25519' }],
    ['ML_DSA_44', ['ML_DSA_SHAKE_256'], { asymmetricKeyType: 'ml-dsa-44' }],
    ['ML_DSA_65', ['ML_DSA_SHAKE_256'], { asymmetricKeyType: 'ml-dsa-65' }],
  ])('of spec %s is for %j', async ([KeySpec, SigningAlgorithms, publicKey]) => {
    const { id: KeyId } = await createKey(KeySpec);
    const usage = { KeySpec, KeyUsage: 'SIGN_VERIFY', SigningAlgorithms };
    expect((await kms.describeKey({ KeyId })).KeyMetadata).toMatchObject(usage);
    const { PublicKey, ...rest } = await kms.getPublicKey({ KeyId });
    expect(rest).toMatchObject(usage);
    const key = Buffer.from(PublicKey ?? []);
    expect(createPublicKey({ key, format: 'der', type: 'spki' })).toMatchObject(publicKey);
  });

  test.for<KeySpec>(['RSA_2048', 'ECC_NIST_P256', 'ML_DSA_44'])(
    'of spec %s must be made to sign and verify',
    async (KeySpec) => {
      for (const KeyUsage of ['ENCRYPT_DECRYPT', 'KEY_AGREEMENT', undefined] as const) {
        await expect(kms.createKey({ KeySpec, KeyUsage })).rejects.toMatchObject({
          name: 'ValidationException',
        });
      }
    },
  );

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
    for (const refusal of await Promise.allSettled(operations)) {
      expect(refusal).toMatchObject({ status: 'rejected', reason: { name: 'NotFoundException' } });
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
    const type = { 'content-type': 'application/x-amz-json-1.1' };
    const headers = { ...naming(accessKeyId), ...type, 'x-amz-target': target };
    const response = await fetch(service.endpoint, { method: 'POST', headers, body });
    return [response.status, await response.json()];
  };

  test('an operation that is not here is refused', async () => {
    const refusal = { __type: 'UnknownOperationException', message: 'no such operation here' };
    expect(await post('TrentService.ReEncrypt', '{}')).toEqual([400, refusal]);
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

  test.for<KeySpec>([
    'RSA_2048',
    'ECC_NIST_P256',
    'ECC_NIST_P384',
    'ECC_NIST_EDWARDS25519',
    'ML_DSA_44',
    'ML_DSA_65',
  ])('a key of spec %s survives a restart, in a file that only its owner reads', async (spec) => {
    const first = await startKms({ accessKeyId, directory });
    const before = new KMS({ ...testAccount, endpoint: first.endpoint });
    const { id: KeyId } = await createKey(spec, before);
    await before.createAlias({ AliasName: `alias/${spec}`, TargetKeyId: KeyId });
    const { PublicKey } = await before.getPublicKey({ KeyId });
    before.destroy();
    await first[Symbol.asyncDispose]();

    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect(await readdir(directory)).toContain(`${KeyId}.json`);
    expect((await stat(join(directory, `${KeyId}.json`))).mode & 0o777).toBe(0o600);

    const second = await startKms({ accessKeyId, directory });
    const after = new KMS({ ...testAccount, endpoint: second.endpoint });
    expect((await after.getPublicKey({ KeyId: `alias/${spec}` })).PublicKey).toEqual(PublicKey);
    const [SigningAlgorithm] = (await after.getPublicKey({ KeyId })).SigningAlgorithms ?? [];
    const { Signature } = await after.sign({ KeyId, SigningAlgorithm, Message: message });
    expect(Signature?.length).toBeGreaterThan(0);
    after.destroy();
    await second[Symbol.asyncDispose]();
  });

  test('a file that is no key is named', async () => {
    const path = join(directory, 'broken.json');
    await writeFile(path, '{}');
    await expect(startKms({ accessKeyId, directory })).rejects.toThrow(`${path} is not a key`);
    expect(await readFile(path, 'utf8')).toBe('{}');
  });
});
