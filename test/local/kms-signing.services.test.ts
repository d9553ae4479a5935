import { constants, createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import {
  type KeySpec,
  KMS,
  type MessageType,
  type SigningAlgorithmSpec,
  type SignRequest,
} from '@aws-sdk/client-kms';
import { compactVerify } from 'jose';
import { afterAll, describe, expect, test } from 'vitest';
import { signingAlgorithm, signingAlgorithms } from '../../functions/aws/signing-algorithms.ts';
import { startKms } from '../../local/kms/endpoint.ts';
import { accessKeyId, testAccount } from '../support/test-account.ts';

const service = await startKms({ accessKeyId });
const kms = new KMS({ ...testAccount, endpoint: service.endpoint });
afterAll(async () => {
  kms.destroy();
  await service[Symbol.asyncDispose]();
});

const message = Buffer.from('eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UifQ');
const digestOf = (hash: string) => createHash(hash).update(message).digest();

async function createKey(KeySpec: KeySpec): Promise<{ KeyId: string; publicKey: KeyObject }> {
  const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage: 'SIGN_VERIFY' });
  const KeyId = String(KeyMetadata?.KeyId);
  const { PublicKey } = await kms.getPublicKey({ KeyId });
  const der = { key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' } as const;
  return { KeyId, publicKey: createPublicKey(der) };
}

async function sign(request: SignRequest): Promise<Buffer> {
  const { Signature, ...rest } = await kms.sign(request);
  expect(rest).toMatchObject({
    KeyId: `arn:aws:kms:us-east-1:000000000000:key/${request.KeyId}`,
    SigningAlgorithm: request.SigningAlgorithm,
  });
  return Buffer.from(Signature ?? []);
}

describe('a signature', () => {
  const pkcs1 = { padding: constants.RSA_PKCS1_PADDING };
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  const der = { dsaEncoding: 'der' } as const;

  test.for<[SigningAlgorithmSpec, MessageType, KeySpec, string | null, object]>([
    ['RSASSA_PKCS1_V1_5_SHA_256', 'RAW', 'RSA_2048', 'sha256', pkcs1],
    ['RSASSA_PKCS1_V1_5_SHA_256', 'DIGEST', 'RSA_2048', 'sha256', pkcs1],
    ['RSASSA_PSS_SHA_256', 'RAW', 'RSA_2048', 'sha256', pss],
    ['RSASSA_PSS_SHA_256', 'DIGEST', 'RSA_2048', 'sha256', pss],
    ['ECDSA_SHA_256', 'RAW', 'ECC_NIST_P256', 'sha256', der],
    ['ECDSA_SHA_256', 'DIGEST', 'ECC_NIST_P256', 'sha256', der],
    ['ECDSA_SHA_384', 'RAW', 'ECC_NIST_P384', 'sha384', der],
    ['ECDSA_SHA_384', 'DIGEST', 'ECC_NIST_P384', 'sha384', der],
    ['ED25519_SHA_512', 'RAW', 'ECC_NIST_EDWARDS25519', null, {}],
    ['ML_DSA_SHAKE_256', 'RAW', 'ML_DSA_44', null, {}],
    ['ML_DSA_SHAKE_256', 'RAW', 'ML_DSA_65', null, {}],
  ])('of %s over %s with %s verifies with node:crypto', async (row) => {
    const [SigningAlgorithm, MessageType, spec, hash, options] = row;
    const { KeyId, publicKey } = await createKey(spec);
    const Message = MessageType === 'DIGEST' ? digestOf(String(hash)) : message;
    const signature = await sign({ KeyId, Message, MessageType, SigningAlgorithm });
    const key = { key: publicKey, ...options };
    expect(verify(hash, message, key, signature)).toBe(true);
    expect(verify(hash, Buffer.from('another message'), key, signature)).toBe(false);
  });

  test('of ECDSA is not normalised: s is in either half of its range', async () => {
    const { KeyId } = await createKey('ECC_NIST_P256');
    const request = { KeyId, Message: message, SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    const signatures = await Promise.all(Array.from({ length: 64 }, () => sign(request)));
    const halves = signatures.map((signature) => (signature.at(-32) ?? 0) >> 7);
    expect(new Set(halves)).toEqual(new Set([0, 1]));
  });
});

test.for(Object.keys(signingAlgorithms))('a compact JWS with %s verifies', async (alg) => {
  const algorithm = signingAlgorithm(alg);
  if (!algorithm) throw new Error(`no algorithm ${alg}`);
  const { KeySpec, SigningAlgorithm, MessageType } = algorithm;
  const { KeyId, publicKey } = await createKey(KeySpec);
  const header = Buffer.from(JSON.stringify({ alg })).toString('base64url');
  const input = `${header}.${Buffer.from('{"iss":"joe"}').toString('base64url')}`;
  const Message = algorithm.message(Buffer.from(input));
  const signed = await sign({ KeyId, Message, MessageType, SigningAlgorithm });
  const signature = Buffer.from(algorithm.signature(signed)).toString('base64url');
  const { payload } = await compactVerify(`${input}.${signature}`, publicKey);
  expect(Buffer.from(payload).toString()).toBe('{"iss":"joe"}');
});

describe('Sign refuses', () => {
  test.for<[KeySpec, SigningAlgorithmSpec]>([
    ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256'],
    ['ECC_NIST_P256', 'ECDSA_SHA_256'],
    ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512'],
    ['ML_DSA_65', 'ML_DSA_SHAKE_256'],
  ])('with %s a RAW message of more than 4,096 octets', async ([spec, SigningAlgorithm]) => {
    const { KeyId } = await createKey(spec);
    const longest = Buffer.alloc(4096);
    expect(await sign({ KeyId, SigningAlgorithm, Message: longest })).not.toHaveLength(0);
    await expect(
      kms.sign({ KeyId, SigningAlgorithm, Message: Buffer.alloc(4097) }),
    ).rejects.toMatchObject({ name: 'ValidationException', $metadata: { httpStatusCode: 400 } });
  });

  test.for<[KeySpec, SigningAlgorithmSpec, number]>([
    ['RSA_2048', 'RSASSA_PSS_SHA_256', 48],
    ['ECC_NIST_P256', 'ECDSA_SHA_256', 48],
    ['ECC_NIST_P384', 'ECDSA_SHA_384', 32],
  ])('with %s and %s a DIGEST of %i octets', async ([spec, SigningAlgorithm, length]) => {
    const { KeyId } = await createKey(spec);
    const request = { KeyId, SigningAlgorithm, MessageType: 'DIGEST' } as const;
    await expect(kms.sign({ ...request, Message: Buffer.alloc(length) })).rejects.toMatchObject({
      name: 'ValidationException',
      message: `Digest is invalid length for algorithm ${SigningAlgorithm}.`,
    });
  });

  test.for<[KeySpec, SigningAlgorithmSpec]>([
    ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512'],
    ['ML_DSA_44', 'ML_DSA_SHAKE_256'],
    ['ML_DSA_65', 'ML_DSA_SHAKE_256'],
  ])('with %s a DIGEST, of whatever length', async ([spec, SigningAlgorithm]) => {
    const { KeyId } = await createKey(spec);
    const request = { KeyId, SigningAlgorithm, MessageType: 'DIGEST' } as const;
    for (const length of [32, 64]) {
      await expect(kms.sign({ ...request, Message: Buffer.alloc(length) })).rejects.toMatchObject({
        name: 'ValidationException',
        message: `Algorithm ${SigningAlgorithm} requires message type RAW.`,
      });
    }
  });

  test.for(['EXTERNAL_MU', 'HASH'])('the message type %s', async (type) => {
    const { KeyId } = await createKey('ML_DSA_44');
    const MessageType = type as 'EXTERNAL_MU';
    const request = { KeyId, SigningAlgorithm: 'ML_DSA_SHAKE_256', MessageType } as const;
    await expect(kms.sign({ ...request, Message: Buffer.alloc(64) })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  test.for<[KeySpec, SigningAlgorithmSpec]>([
    ['RSA_2048', 'ECDSA_SHA_256'],
    ['ECC_NIST_P256', 'ECDSA_SHA_384'],
    ['ECC_NIST_P384', 'ECDSA_SHA_256'],
    ['ECC_NIST_EDWARDS25519', 'ED25519_PH_SHA_512'],
    ['ML_DSA_44', 'RSASSA_PSS_SHA_256'],
  ])('with %s the algorithm %s, as a wrong use of the key', async ([spec, SigningAlgorithm]) => {
    const { KeyId } = await createKey(spec);
    await expect(kms.sign({ KeyId, SigningAlgorithm, Message: message })).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
      message: `Algorithm ${SigningAlgorithm} is incompatible with key spec ${spec}.`,
    });
  });
});
