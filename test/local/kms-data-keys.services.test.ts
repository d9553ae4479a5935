import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DataKeyPairSpec,
  type DecryptCommandInput,
  type GenerateDataKeyPairWithoutPlaintextCommandInput,
  KMS,
} from '@aws-sdk/client-kms';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { startKms } from '../../local/kms/endpoint.ts';
import { accessKeyId, naming, testAccount } from '../support/test-account.ts';

const clock = { now: 1_700_000_000 };
const service = await startKms({ accessKeyId, now: () => clock.now });
const kms = new KMS({ ...testAccount, endpoint: service.endpoint });
afterAll(async () => {
  kms.destroy();
  await service[Symbol.asyncDispose]();
});

const context = { issuer: 'https://issuer.example', purpose: 'signing' };

async function createKey(client = kms): Promise<{ KeyId: string; arn: string }> {
  const { KeyMetadata } = await client.createKey({});
  return { KeyId: String(KeyMetadata?.KeyId), arn: String(KeyMetadata?.Arn) };
}

async function createSigningKey(): Promise<string> {
  const { KeyMetadata } = await kms.createKey({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
  return String(KeyMetadata?.KeyId);
}

/** A new key pair, wrapped by a key. */
async function wrapped(
  request: Partial<GenerateDataKeyPairWithoutPlaintextCommandInput>,
  client = kms,
) {
  const answer = await client.generateDataKeyPairWithoutPlaintext({
    KeyId: undefined,
    KeyPairSpec: 'ECC_NIST_P256',
    EncryptionContext: context,
    ...request,
  });
  const CiphertextBlob = Buffer.from(answer.PrivateKeyCiphertextBlob ?? []);
  return { ...answer, CiphertextBlob, PublicKey: Buffer.from(answer.PublicKey ?? []) };
}

async function refusal(operation: Promise<unknown>): Promise<string> {
  const [settled] = await Promise.allSettled([operation]);
  return settled.status === 'rejected' ? settled.reason.name : 'done';
}

const decrypt = (request: DecryptCommandInput) =>
  refusal(kms.decrypt({ EncryptionContext: context, ...request }));

describe('a symmetric key', () => {
  test.for([
    {},
    { KeySpec: 'SYMMETRIC_DEFAULT' },
    { KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' },
  ] as const)('is made of %j', async (request) => {
    const { KeyMetadata } = await kms.createKey(request);
    expect(KeyMetadata).toMatchObject({
      KeySpec: 'SYMMETRIC_DEFAULT',
      CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      KeyUsage: 'ENCRYPT_DECRYPT',
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    });
    expect(KeyMetadata).not.toHaveProperty('SigningAlgorithms');
    const described = await kms.describeKey({ KeyId: KeyMetadata?.KeyId });
    expect(described.KeyMetadata).toEqual(KeyMetadata);
  });

  test('is not for signing', async () => {
    const request = { KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'SIGN_VERIFY' } as const;
    expect(await refusal(kms.createKey(request))).toBe('ValidationException');
    const { KeyId, arn } = await createKey();
    const use = { Message: Buffer.from('a'), SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    await expect(kms.sign({ KeyId, ...use })).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
      message: `${arn} key usage is ENCRYPT_DECRYPT which is not valid for Sign.`,
    });
    expect(await refusal(kms.getPublicKey({ KeyId }))).toBe('UnsupportedOperationException');
  });

  test('a signing key says nothing of encryption', async () => {
    const { KeyMetadata } = await kms.describeKey({ KeyId: await createSigningKey() });
    expect(KeyMetadata).not.toHaveProperty('EncryptionAlgorithms');
  });
});

describe('a data key pair', () => {
  test.for<[DataKeyPairSpec, Partial<KeyObject>]>([
    ['RSA_2048', { asymmetricKeyType: 'rsa', asymmetricKeyDetails: { modulusLength: 2048 } }],
    ['RSA_3072', { asymmetricKeyType: 'rsa', asymmetricKeyDetails: { modulusLength: 3072 } }],
    ['RSA_4096', { asymmetricKeyType: 'rsa', asymmetricKeyDetails: { modulusLength: 4096 } }],
    ['ECC_NIST_P256', { asymmetricKeyDetails: { namedCurve: 'prime256v1' } }],
    ['ECC_NIST_P384', { asymmetricKeyDetails: { namedCurve: 'secp384r1' } }],
    ['ECC_NIST_P521', { asymmetricKeyDetails: { namedCurve: 'secp521r1' } }],
    ['ECC_NIST_EDWARDS25519', { asymmetricKeyType: 'ed25519' }],
  ])('of spec %s is a public key, and its private key encrypted', async ([KeyPairSpec, kind]) => {
    const { KeyId, arn } = await createKey();
    const { CiphertextBlob, PublicKey, ...rest } = await wrapped({ KeyId, KeyPairSpec });
    expect(rest).toMatchObject({ KeyId: arn, KeyPairSpec });
    expect(rest).not.toHaveProperty('PrivateKeyPlaintext');
    const answer = await kms.decrypt({ CiphertextBlob, KeyId, EncryptionContext: context });
    expect(answer).toMatchObject({ KeyId: arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    const key = Buffer.from(answer.Plaintext ?? []);
    const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    expect(privateKey).toMatchObject(kind);
    const publicKey = createPublicKey({ key: PublicKey, format: 'der', type: 'spki' });
    expect(createPublicKey(privateKey).equals(publicKey)).toBe(true);
    expect(CiphertextBlob.includes(key.subarray(-16))).toBe(false);
  });

  test('is another one each time', async () => {
    const { KeyId } = await createKey();
    const [one, other] = [await wrapped({ KeyId }), await wrapped({ KeyId })];
    expect(one.PublicKey).not.toEqual(other.PublicKey);
  });

  test.for(['SM2', 'ML_KEM_768', 'ECC_SECG_P256K1'] as const)(
    'of a spec that is not here is refused: %s',
    async (KeyPairSpec) => {
      const { KeyId } = await createKey();
      expect(await refusal(wrapped({ KeyId, KeyPairSpec }))).toBe('UnsupportedOperationException');
    },
  );
});

describe('Decrypt', () => {
  test('finds the key in the ciphertext, and takes whatever names it', async () => {
    const { KeyId, arn } = await createKey();
    await kms.createAlias({ AliasName: 'alias/wrapping', TargetKeyId: KeyId });
    const { CiphertextBlob } = await wrapped({ KeyId: 'alias/wrapping' });
    for (const name of [undefined, KeyId, arn, 'alias/wrapping']) {
      const request = { CiphertextBlob, KeyId: name, EncryptionContext: context };
      expect((await kms.decrypt(request)).KeyId).toBe(arn);
    }
  });

  test('with another key is IncorrectKeyException', async () => {
    const [{ KeyId }, other] = [await createKey(), await createKey()];
    const { CiphertextBlob } = await wrapped({ KeyId });
    expect(await decrypt({ CiphertextBlob, KeyId: other.KeyId })).toBe('IncorrectKeyException');
  });

  test('takes the context in any order, and no context for an empty one', async () => {
    const { KeyId } = await createKey();
    const { CiphertextBlob } = await wrapped({ KeyId });
    const { issuer, purpose } = context;
    expect(await decrypt({ CiphertextBlob, EncryptionContext: { purpose, issuer } })).toBe('done');
    const free = await wrapped({ KeyId, EncryptionContext: undefined });
    const { CiphertextBlob: blob } = free;
    expect(await decrypt({ CiphertextBlob: blob, EncryptionContext: {} })).toBe('done');
    expect(await decrypt({ CiphertextBlob: blob })).toBe('InvalidCiphertextException');
  });

  test.for<[string, Record<string, string> | undefined]>([
    ['no context', undefined],
    ['an empty context', {}],
    ['a part of the context', { issuer: context.issuer }],
    ['more than the context', { ...context, more: '' }],
    ['another value', { ...context, purpose: 'Signing' }],
    ['another name', { issuer: context.issuer, Purpose: 'signing' }],
    ['names for values', { [context.issuer]: 'issuer', signing: 'purpose' }],
    ['one name that looks like two', { issuer: `${context.issuer}","purpose":"signing` }],
  ])('with %s is InvalidCiphertextException', async ([, EncryptionContext]) => {
    const { KeyId } = await createKey();
    const { CiphertextBlob } = await wrapped({ KeyId });
    const request = { CiphertextBlob, KeyId, EncryptionContext };
    expect(await decrypt(request)).toBe('InvalidCiphertextException');
  });

  test('finds out about any octet that is another', async () => {
    const { KeyId } = await createKey();
    const { CiphertextBlob } = await wrapped({ KeyId, KeyPairSpec: 'ECC_NIST_EDWARDS25519' });
    const refusals = new Map<string, number>();
    for (const index of CiphertextBlob.keys()) {
      const tampered = Buffer.from(CiphertextBlob);
      tampered[index] = (tampered[index] ?? 0) ^ 1;
      const name = await decrypt({ CiphertextBlob: tampered, KeyId });
      refusals.set(name, (refusals.get(name) ?? 0) + 1);
    }
    const behindTheKeyId = CiphertextBlob.length - KeyId.length;
    expect([...refusals.keys()].toSorted()).toEqual([
      'IncorrectKeyException',
      'InvalidCiphertextException',
    ]);
    expect(refusals.get('InvalidCiphertextException')).toBeGreaterThanOrEqual(behindTheKeyId);
  });

  test('of what was cut off, or is none, is InvalidCiphertextException', async () => {
    const { KeyId } = await createKey();
    const { CiphertextBlob } = await wrapped({ KeyId });
    const cut = [1, 36, 64, CiphertextBlob.length - 1].map((to) => CiphertextBlob.subarray(0, to));
    for (const blob of [...cut, Buffer.alloc(6144)]) {
      for (const name of [KeyId, undefined]) {
        const request = { CiphertextBlob: blob, KeyId: name };
        expect(await decrypt(request)).toBe('InvalidCiphertextException');
      }
    }
  });

  test('of what another key encrypted, under the name of this one, is refused', async () => {
    const [{ KeyId }, other] = [await createKey(), await createKey()];
    const { CiphertextBlob } = await wrapped({ KeyId: other.KeyId });
    CiphertextBlob.write(KeyId, 'latin1');
    expect(await decrypt({ CiphertextBlob, KeyId })).toBe('InvalidCiphertextException');
  });

  test('takes 6,144 octets, and not one more', async () => {
    const { KeyId } = await createKey();
    const request = { CiphertextBlob: Buffer.alloc(6145), KeyId };
    expect(await decrypt(request)).toBe('ValidationException');
  });
});

describe('a key that cannot be used', () => {
  const operations = async () => {
    const { KeyId, arn } = await createKey();
    const { CiphertextBlob } = await wrapped({ KeyId });
    const refusals = () =>
      Promise.all([
        refusal(wrapped({ KeyId })),
        refusal(kms.encrypt({ KeyId, Plaintext: Buffer.from('a') })),
        decrypt({ CiphertextBlob, KeyId }),
        decrypt({ CiphertextBlob }),
      ]);
    return { KeyId, arn, refusals };
  };

  test('is DisabledException, until it is enabled again', async () => {
    const { KeyId, refusals } = await operations();
    await kms.disableKey({ KeyId });
    expect(new Set(await refusals())).toEqual(new Set(['DisabledException']));
    await kms.enableKey({ KeyId });
    expect(new Set(await refusals())).toEqual(new Set(['done']));
  });

  test('is KMSInvalidStateException before its deletion, and then not there', async () => {
    const { KeyId, refusals } = await operations();
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    expect(new Set(await refusals())).toEqual(new Set(['KMSInvalidStateException']));
    clock.now += 7 * 86_400;
    const gone = 'NotFoundException';
    expect(await refusals()).toEqual([gone, gone, gone, 'AccessDeniedException']);
  });

  test('because it signs is InvalidKeyUsageException', async () => {
    const { CiphertextBlob } = await wrapped(await createKey());
    const KeyId = await createSigningKey();
    const { KeyMetadata } = await kms.describeKey({ KeyId });
    await expect(wrapped({ KeyId })).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
      message: `${KeyMetadata?.Arn} key usage is SIGN_VERIFY which is not valid for GenerateDataKeyPairWithoutPlaintext.`,
    });
    const encrypt = kms.encrypt({ KeyId, Plaintext: Buffer.from('a') });
    expect(await refusal(encrypt)).toBe('InvalidKeyUsageException');
    expect(await decrypt({ CiphertextBlob, KeyId })).toBe('InvalidKeyUsageException');
  });

  test('because it is not there is NotFoundException', async () => {
    const { CiphertextBlob } = await wrapped(await createKey());
    const KeyId = randomUUID();
    expect(await refusal(wrapped({ KeyId }))).toBe('NotFoundException');
    expect(await decrypt({ CiphertextBlob, KeyId })).toBe('NotFoundException');
  });
});

describe('Encrypt', () => {
  test('is undone by Decrypt, for 4,096 octets and no more', async () => {
    const { KeyId, arn } = await createKey();
    const Plaintext = Buffer.alloc(4096, 'a');
    const { CiphertextBlob, ...rest } = await kms.encrypt({
      KeyId,
      Plaintext,
      EncryptionContext: context,
    });
    expect(rest).toMatchObject({ KeyId: arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    const decrypted = await kms.decrypt({ CiphertextBlob, EncryptionContext: context });
    expect(Buffer.from(decrypted.Plaintext ?? [])).toEqual(Plaintext);
    const more = kms.encrypt({ KeyId, Plaintext: Buffer.alloc(4097) });
    expect(await refusal(more)).toBe('ValidationException');
  });

  test('has no algorithm of another kind of key, and neither has Decrypt', async () => {
    const { KeyId } = await createKey();
    const { CiphertextBlob } = await wrapped({ KeyId });
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';
    const encrypt = kms.encrypt({ KeyId, Plaintext: Buffer.from('a'), EncryptionAlgorithm });
    expect(await refusal(encrypt)).toBe('InvalidKeyUsageException');
    const request = { CiphertextBlob, EncryptionAlgorithm } as const;
    expect(await decrypt(request)).toBe('InvalidKeyUsageException');
  });
});

test.for(['issuer', [], ['issuer'], { issuer: 1 }, { issuer: null }, { issuer: {} }])(
  'the encryption context is a map of strings: not %j',
  async (EncryptionContext) => {
    const { KeyId } = await createKey();
    const response = await fetch(service.endpoint, {
      method: 'POST',
      headers: {
        ...naming(accessKeyId),
        'x-amz-target': 'TrentService.GenerateDataKeyPairWithoutPlaintext',
      },
      body: JSON.stringify({ KeyId, KeyPairSpec: 'ECC_NIST_P256', EncryptionContext }),
    });
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        __type: 'SerializationException',
        message: 'EncryptionContext is not a map of strings',
      },
    ]);
  },
);

describe('on disk', () => {
  /** The KMS of a directory; `stop` ends it, and the test's end too. */
  async function kmsOf(directory: string) {
    const { endpoint, [Symbol.asyncDispose]: close } = await startKms({ accessKeyId, directory });
    const client = new KMS({ ...testAccount, endpoint });
    const stop = async () => {
      client.destroy();
      await close();
    };
    return { client, stop };
  }

  async function keyDirectory(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'kms-'));
    onTestFinished(() => rm(path, { recursive: true }));
    return path;
  }

  test('a symmetric key survives a restart, in a file that only its owner reads', async () => {
    const directory = await keyDirectory();
    const before = await kmsOf(directory);
    const { KeyId } = await createKey(before.client);
    const { CiphertextBlob } = await wrapped({ KeyId }, before.client);
    await before.stop();
    expect((await stat(join(directory, `${KeyId}.json`))).mode & 0o777).toBe(0o600);
    const after = await kmsOf(directory);
    onTestFinished(after.stop);
    const request = { CiphertextBlob, KeyId, EncryptionContext: context };
    expect((await after.client.decrypt(request)).Plaintext?.length).toBeGreaterThan(0);
    const { KeyMetadata } = await after.client.describeKey({ KeyId });
    expect(KeyMetadata?.EncryptionAlgorithms).toEqual(['SYMMETRIC_DEFAULT']);
  });

  test('a file of a signing key is what it always was', async () => {
    const directory = await keyDirectory();
    const { client, stop } = await kmsOf(directory);
    onTestFinished(stop);
    const request = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } as const;
    const KeyId = String((await client.createKey(request)).KeyMetadata?.KeyId);
    const file = JSON.parse(await readFile(join(directory, `${KeyId}.json`), 'utf8'));
    expect(file).toEqual({
      id: KeyId,
      spec: 'ECC_NIST_P256',
      usage: 'SIGN_VERIFY',
      description: '',
      state: 'Enabled',
      createdAt: expect.any(Number),
      tags: {},
      aliases: [],
      privateKey: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----\n/),
    });
  });
});
