import { createPublicKey } from 'node:crypto';
import { seal } from './encryption.ts';
import { encryptionContext } from './encryption-operations.ts';
import { newKeyMaterial } from './key-material.ts';
import type { Kms } from './key-operations.ts';
import { findKeyFor, keyArn } from './key-reference.ts';
import { KmsError } from './kms-error.ts';
import { type KmsRequest, text } from './request.ts';

const keyPairSpecs = [
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
  'ECC_NIST_EDWARDS25519',
] as const;

const use = {
  operation: 'GenerateDataKeyPairWithoutPlaintext',
  usage: 'ENCRYPT_DECRYPT',
} as const;

/**
 * GenerateDataKeyPairWithoutPlaintext: a new key pair, its public key as DER SubjectPublicKeyInfo,
 * its private key as PKCS #8, encrypted with a symmetric key.
 */
export async function generateDataKeyPairWithoutPlaintext(
  { keys }: Kms,
  request: KmsRequest,
): Promise<object> {
  const reference = text(request, 'KeyId');
  const KeyPairSpec = keyPairSpec(text(request, 'KeyPairSpec'));
  const context = encryptionContext(request);
  const key = findKeyFor(keys, reference, use);
  const pair = await newKeyMaterial[KeyPairSpec]();
  const privateKey = pair.export({ type: 'pkcs8', format: 'der' });
  const publicKey = createPublicKey(pair).export({ type: 'spki', format: 'der' });
  return {
    KeyId: keyArn(key.id),
    KeyPairSpec,
    PrivateKeyCiphertextBlob: seal(key, privateKey, context).toString('base64'),
    PublicKey: publicKey.toString('base64'),
  };
}

function keyPairSpec(name: string) {
  const spec = keyPairSpecs.find((known) => known === name);
  if (spec) return spec;
  throw new KmsError('UnsupportedOperationException', `no key pair spec ${name} here`);
}
