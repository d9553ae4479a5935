import { generateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

const newKeyPair = promisify(generateKeyPair);
const newKey = promisify(generateKey);

/** Makes a private key, or a secret key for SYMMETRIC_DEFAULT, of each key spec that is known here. */
export const newKeyMaterial = {
  SYMMETRIC_DEFAULT: () => newKey('aes', { length: 256 }),
  RSA_2048: () => rsa(2048),
  RSA_3072: () => rsa(3072),
  RSA_4096: () => rsa(4096),
  ECC_NIST_P256: () => ec('P-256'),
  ECC_NIST_P384: () => ec('P-384'),
  ECC_NIST_P521: () => ec('P-521'),
  ECC_NIST_EDWARDS25519: async () => (await newKeyPair('ed25519')).privateKey,
  ML_DSA_44: async () => (await newKeyPair('ml-dsa-44')).privateKey,
  ML_DSA_65: async () => (await newKeyPair('ml-dsa-65')).privateKey,
} satisfies Readonly<Record<string, () => Promise<KeyObject>>>;

const rsa = async (modulusLength: number) =>
  (await newKeyPair('rsa', { modulusLength })).privateKey;

const ec = async (namedCurve: string) => (await newKeyPair('ec', { namedCurve })).privateKey;
