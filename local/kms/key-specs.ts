import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { signPkcs1, signPss } from './rsa-signature.ts';

/** One signing algorithm of KMS. */
export interface SigningAlgorithm {
  /** Hashes a RAW message into what is signed. */
  digest(message: Buffer): Buffer;
  /** Octets that a DIGEST message must have. */
  readonly digestLength: number;
  /** Signs a digest; the signature is as KMS gives it. */
  sign(key: KeyObject, digest: Buffer): Buffer;
}

/** Everything about a KMS key spec: how its keys are made and what they sign with. */
export interface KeySpec {
  generate(): Promise<KeyObject>;
  readonly algorithms: Readonly<Record<string, SigningAlgorithm>>;
}

const sha256 = {
  digest: (message: Buffer) => createHash('sha256').update(message).digest(),
  digestLength: 32,
};

const rsaAlgorithms = {
  RSASSA_PKCS1_V1_5_SHA_256: { ...sha256, sign: signPkcs1 },
  RSASSA_PSS_SHA_256: { ...sha256, sign: signPss },
};

/** The key specs that the local KMS knows; a new one is an entry here. */
export const keySpecs: ReadonlyMap<string, KeySpec> = new Map([
  ['RSA_2048', { generate: () => generateRsa(2048), algorithms: rsaAlgorithms }],
]);

async function generateRsa(modulusLength: number): Promise<KeyObject> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength });
  return privateKey;
}
