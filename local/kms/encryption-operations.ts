import { type EncryptionContext, seal, sealedWith, unseal } from './encryption.ts';
import type { Kms } from './key-operations.ts';
import { findKeyFor, keyArn } from './key-reference.ts';
import type { Key, KeyStore } from './key-store.ts';
import { KmsError } from './kms-error.ts';
import { type KmsRequest, octets, oneOf, optionalText, text, texts } from './request.ts';

const algorithm = 'SYMMETRIC_DEFAULT';
const asymmetric = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'SM2PKE'];

/** The most octets of a CiphertextBlob. */
const longestBlob = 6144;

/** Encrypt, of at most 4,096 octets, with a symmetric key. */
export function encrypt({ keys }: Kms, request: KmsRequest): object {
  const reference = text(request, 'KeyId');
  const plaintext = octets(request, 'Plaintext');
  const context = encryptionContext(request);
  const name = oneOf(request, 'EncryptionAlgorithm', [algorithm, ...asymmetric]);
  const key = findKeyFor(keys, reference, { operation: 'Encrypt', usage: 'ENCRYPT_DECRYPT' });
  checkAlgorithm(name);
  return {
    KeyId: keyArn(key.id),
    CiphertextBlob: seal(key, plaintext, context).toString('base64'),
    EncryptionAlgorithm: name,
  };
}

/** Decrypt, with a symmetric key. DryRun and Recipient are not known here. */
export function decrypt({ keys }: Kms, request: KmsRequest): object {
  const blob = octets(request, 'CiphertextBlob', longestBlob);
  const context = encryptionContext(request);
  const name = oneOf(request, 'EncryptionAlgorithm', [algorithm, ...asymmetric]);
  const key = decryptionKey(keys, blob, optionalText(request, 'KeyId'));
  checkAlgorithm(name);
  return {
    KeyId: keyArn(key.id),
    Plaintext: unseal(key, blob, context).toString('base64'),
    EncryptionAlgorithm: name,
  };
}

/** The context of a request; it may be missing. KMS has no documented limit for it. */
export const encryptionContext = (request: KmsRequest): EncryptionContext =>
  texts(request, 'EncryptionContext');

const use = { operation: 'Decrypt', usage: 'ENCRYPT_DECRYPT' } as const;

/** The key that the blob names. A key in the request must be the same one. */
function decryptionKey(keys: KeyStore, blob: Buffer, reference: string | undefined): Key {
  if (reference) {
    const key = findKeyFor(keys, reference, use);
    if (key.id === sealedWith(blob)) return key;
    const message =
      'The key ID in the request does not identify a CMK that can perform this operation.';
    throw new KmsError('IncorrectKeyException', message);
  }
  const id = sealedWith(blob);
  if (keys.all().some((key) => key.id === id)) return findKeyFor(keys, id, use);
  throw new KmsError(
    'AccessDeniedException',
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
  );
}

function checkAlgorithm(name: string): void {
  if (name === algorithm) return;
  const message = `Algorithm ${name} is incompatible with key spec SYMMETRIC_DEFAULT.`;
  throw new KmsError('InvalidKeyUsageException', message);
}
