import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Key } from './key-store.ts';
import { KmsError } from './kms-error.ts';

/** Names and values that a ciphertext is bound to. Their order has no effect. */
export type EncryptionContext = Readonly<Record<string, string>>;

const cipher = 'aes-256-gcm';

/** A ciphertext blob: the key's id in ASCII, the IV, the tag, then at least one octet. */
const [idLength, ivLength, tagLength] = [36, 12, 16];
const headLength = idLength + ivLength + tagLength;

/** Encrypts with a symmetric key into a blob that names the key. */
export function seal(key: Key, plaintext: Buffer, context: EncryptionContext): Buffer {
  const iv = randomBytes(ivLength);
  const encryption = createCipheriv(cipher, key.material, iv, { authTagLength: tagLength });
  encryption.setAAD(boundTo(key, context));
  const ciphertext = Buffer.concat([encryption.update(plaintext), encryption.final()]);
  return Buffer.concat([Buffer.from(key.id), iv, encryption.getAuthTag(), ciphertext]);
}

/**
 * Decrypts a blob with the key that it names.
 * @throws KmsError InvalidCiphertextException when the blob or the context was changed
 */
export function unseal(key: Key, blob: Buffer, context: EncryptionContext): Buffer {
  const iv = blob.subarray(idLength, idLength + ivLength);
  const decryption = createDecipheriv(cipher, key.material, iv, { authTagLength: tagLength });
  decryption.setAAD(boundTo(key, context));
  decryption.setAuthTag(blob.subarray(idLength + ivLength, headLength));
  const plaintext = decryption.update(blob.subarray(headLength));
  try {
    return Buffer.concat([plaintext, decryption.final()]);
  } catch {
    throw invalidCiphertext();
  }
}

/**
 * The id of the key that encrypted a blob; the key itself may have been deleted since.
 * @throws KmsError InvalidCiphertextException when it cannot be a blob of ours
 */
export function sealedWith(blob: Buffer): string {
  const id = blob.toString('latin1', 0, idLength);
  if (blob.length > headLength && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id)) return id;
  throw invalidCiphertext();
}

function boundTo({ id }: Key, context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Buffer.from(id + JSON.stringify(pairs));
}

/** KMS sends no message with it. */
const invalidCiphertext = () => new KmsError('InvalidCiphertextException', '');
