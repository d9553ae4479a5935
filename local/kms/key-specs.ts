import { createHash, generateKeyPair, type KeyObject, sign as signPure } from 'node:crypto';
import { promisify } from 'node:util';
import { signP256, signP384 } from './ecdsa-signature.ts';
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

/** Everything about a KMS key spec: how its keys are made and what they sign with. */
export interface KeySpec {
  generate(): Promise<KeyObject>;
  readonly algorithms: Readonly<Record<string, SigningAlgorithm>>;
}

const newKeyPair = promisify(generateKeyPair);

/** The key specs that the local KMS knows; a new one is an entry here. */
export const keySpecs: ReadonlyMap<string, KeySpec> = new Map<string, KeySpec>([
  [
    'RSA_2048',
    {
      generate: async () => (await newKeyPair('rsa', { modulusLength: 2048 })).privateKey,
      algorithms: {
        RSASSA_PKCS1_V1_5_SHA_256: overDigest('sha256', 32, signPkcs1),
        RSASSA_PSS_SHA_256: overDigest('sha256', 32, signPss),
      },
    },
  ],
  [
    'ECC_NIST_P256',
    {
      generate: async () => (await newKeyPair('ec', { namedCurve: 'P-256' })).privateKey,
      algorithms: { ECDSA_SHA_256: overDigest('sha256', 32, signP256) },
    },
  ],
  [
    'ECC_NIST_P384',
    {
      generate: async () => (await newKeyPair('ec', { namedCurve: 'P-384' })).privateKey,
      algorithms: { ECDSA_SHA_384: overDigest('sha384', 48, signP384) },
    },
  ],
  [
    'ECC_NIST_EDWARDS25519',
    {
      generate: async () => (await newKeyPair('ed25519')).privateKey,
      algorithms: { ED25519_SHA_512: overMessage() },
    },
  ],
  [
    'ML_DSA_44',
    {
      generate: async () => (await newKeyPair('ml-dsa-44')).privateKey,
      algorithms: { ML_DSA_SHAKE_256: overMessage() },
    },
  ],
  [
    'ML_DSA_65',
    {
      generate: async () => (await newKeyPair('ml-dsa-65')).privateKey,
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
