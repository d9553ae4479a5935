import { createHash, type KeyObject, sign as signPure } from 'node:crypto';
import { signP256, signP384 } from './ecdsa-signature.ts';
import { newKeyMaterial } from './key-material.ts';
import { signPkcs1, signPss } from './rsa-signature.ts';

/** Signs a message or a digest of it; the signature is as KMS gives it. */
type Sign = (key: KeyObject, octets: Buffer) => Buffer;

/** One signing algorithm of KMS. */
export interface SigningAlgorithm {
  /** Signs a RAW message. */
  readonly sign: Sign;
  /** Signs a DIGEST, of so many octets; missing where the message must be RAW. */
  readonly digest?: { readonly length: number; readonly sign: Sign };
}

/** The two usages of keys that are known here. */
export type KeyUsage = 'ENCRYPT_DECRYPT' | 'SIGN_VERIFY';

/** Everything about a KMS key spec: what its keys are for, how they are made and sign. */
export interface KeySpec {
  readonly usage: KeyUsage;
  generate(): Promise<KeyObject>;
  /** Empty where keys do not sign. */
  readonly algorithms: Readonly<Record<string, SigningAlgorithm>>;
}

/** The key specs that the local KMS knows; a new one is an entry here. */
export const keySpecs: ReadonlyMap<string, KeySpec> = new Map<string, KeySpec>([
  [
    'SYMMETRIC_DEFAULT',
    { usage: 'ENCRYPT_DECRYPT', generate: newKeyMaterial.SYMMETRIC_DEFAULT, algorithms: {} },
  ],
  [
    'RSA_2048',
    {
      usage: 'SIGN_VERIFY',
      generate: newKeyMaterial.RSA_2048,
      algorithms: {
        RSASSA_PKCS1_V1_5_SHA_256: overDigest('sha256', 32, signPkcs1),
        RSASSA_PSS_SHA_256: overDigest('sha256', 32, signPss),
      },
    },
  ],
  [
    'ECC_NIST_P256',
    {
      usage: 'SIGN_VERIFY',
      generate: newKeyMaterial.ECC_NIST_P256,
      algorithms: { ECDSA_SHA_256: overDigest('sha256', 32, signP256) },
    },
  ],
  [
    'ECC_NIST_P384',
    {
      usage: 'SIGN_VERIFY',
      generate: newKeyMaterial.ECC_NIST_P384,
      algorithms: { ECDSA_SHA_384: overDigest('sha384', 48, signP384) },
    },
  ],
  [
    'ECC_NIST_EDWARDS25519',
    {
      usage: 'SIGN_VERIFY',
      generate: newKeyMaterial.ECC_NIST_EDWARDS25519,
      algorithms: { ED25519_SHA_512: overMessage() },
    },
  ],
  [
    'ML_DSA_44',
    {
      usage: 'SIGN_VERIFY',
      generate: newKeyMaterial.ML_DSA_44,
      algorithms: { ML_DSA_SHAKE_256: overMessage() },
    },
  ],
  [
    'ML_DSA_65',
    {
      usage: 'SIGN_VERIFY',
      generate: newKeyMaterial.ML_DSA_65,
      algorithms: { ML_DSA_SHAKE_256: overMessage() },
    },
  ],
]);

function overDigest(hash: string, length: number, sign: Sign): SigningAlgorithm {
  const digest = (message: Buffer) => createHash(hash).update(message).digest();
  return { sign: (key, message) => sign(key, digest(message)), digest: { length, sign } };
}

function overMessage(): SigningAlgorithm {
  return { sign: (key, message) => signPure(null, message, key) };
}
