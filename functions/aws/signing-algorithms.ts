import { constants, createHash, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { fixedLengthSignature } from './ecdsa-signature.ts';

/** Everything about one algorithm that access tokens may be signed with. */
export interface SigningAlgorithm {
  /** The family: keys of one family are told apart by `alg` and `kid` alone (RFC 7517 §4.1). */
  readonly kty: 'RSA' | 'EC' | 'OKP' | 'AKP';
  /** What KMS calls the keys. */
  readonly KeySpec: 'RSA_2048' | 'ECC_NIST_P256' | 'ECC_NIST_P384' | EdwardsSpec | MlDsaSpec;
  /** What KMS calls the algorithm. */
  readonly SigningAlgorithm:
    | 'RSASSA_PKCS1_V1_5_SHA_256'
    | 'RSASSA_PSS_SHA_256'
    | 'ECDSA_SHA_256'
    | 'ECDSA_SHA_384'
    | 'ED25519_SHA_512'
    | 'ML_DSA_SHAKE_256';
  /** A digest has no size limit; a raw message may have 4,096 bytes. */
  readonly MessageType: 'DIGEST' | 'RAW';
  /** Turns the JWS signing input into the message that KMS gets. */
  readonly message: (input: Uint8Array) => Uint8Array;
  /** Turns a signature of KMS into one of a JWS (RFC 7518 §3). */
  readonly signature: (signed: Uint8Array) => Uint8Array;
  /** How a key pair signs whose private half KMS has wrapped; absent: KMS makes no such pairs. */
  readonly wrapped?: Wrapped;
  /** Few verifiers know it: a deployment must allow it expressly. */
  readonly experimental?: true;
}

/** How we sign with an unwrapped key as KMS would. */
interface Wrapped {
  /** What KMS calls the key pairs. */
  readonly KeyPairSpec: 'RSA_2048' | 'ECC_NIST_P256' | 'ECC_NIST_P384' | EdwardsSpec;
  /** Signs the JWS signing input; gives what KMS would. */
  readonly sign: (input: Uint8Array, key: KeyObject) => Uint8Array;
  /** The same on a thread of Node's pool; absent: it takes less than the way there and back. */
  readonly signOnPool?: (input: Uint8Array, key: KeyObject) => Promise<Uint8Array>;
}

type EdwardsSpec = 'ECC_NIST_EDWARDS25519';
type MlDsaSpec = 'ML_DSA_44' | 'ML_DSA_65';

type Hash = 'sha256' | 'sha384' | null;

/** Without options, which cost half an ECDSA signature, and as much again where they ask for r and s in place of DER. */
const bare = (key: KeyObject) => key;
// RFC 7518 §3.5: the salt is as long as the hash.
const pss = (key: KeyObject) => ({
  key,
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: 32,
});

/** Signatures of some tens of microseconds. */
const quick = (KeyPairSpec: Wrapped['KeyPairSpec'], hash: Hash): Wrapped => ({
  KeyPairSpec,
  sign: (input, key) => sign(hash, input, key),
});

const signOnPool = promisify(sign);

/** Signatures of some hundreds. */
const slow = (
  KeyPairSpec: Wrapped['KeyPairSpec'],
  hash: Hash,
  prepare: typeof bare | typeof pss = bare,
): Wrapped => ({
  KeyPairSpec,
  sign: (input, key) => sign(hash, input, prepare(key)),
  signOnPool: (input, key) => signOnPool(hash, input, prepare(key)),
});

const asItIs = (bytes: Uint8Array): Uint8Array => bytes;
const raw = { MessageType: 'RAW', message: asItIs, signature: asItIs } as const;
const digest = (hash: 'sha256' | 'sha384') => ({
  MessageType: 'DIGEST' as const,
  message: (input: Uint8Array) => createHash(hash).update(input).digest(),
});

const edwards = {
  kty: 'OKP',
  KeySpec: 'ECC_NIST_EDWARDS25519',
  SigningAlgorithm: 'ED25519_SHA_512',
  ...raw,
  wrapped: quick('ECC_NIST_EDWARDS25519', null),
} as const;

const mlDsa = (KeySpec: MlDsaSpec) =>
  ({
    kty: 'AKP',
    KeySpec,
    SigningAlgorithm: 'ML_DSA_SHAKE_256',
    ...raw,
    experimental: true,
  }) as const;

/** JOSE algorithm name -> all about it. A further algorithm is an entry here. */
export const signingAlgorithms = {
  // RFC 7518 §3.3
  RS256: {
    kty: 'RSA',
    KeySpec: 'RSA_2048',
    SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
    ...digest('sha256'),
    signature: asItIs,
    wrapped: slow('RSA_2048', 'sha256'),
  },
  // RFC 7518 §3.5
  PS256: {
    kty: 'RSA',
    KeySpec: 'RSA_2048',
    SigningAlgorithm: 'RSASSA_PSS_SHA_256',
    ...digest('sha256'),
    signature: asItIs,
    wrapped: slow('RSA_2048', 'sha256', pss),
  },
  // RFC 7518 §3.4
  ES256: {
    kty: 'EC',
    KeySpec: 'ECC_NIST_P256',
    SigningAlgorithm: 'ECDSA_SHA_256',
    ...digest('sha256'),
    signature: (der) => fixedLengthSignature(der, 32),
    wrapped: quick('ECC_NIST_P256', 'sha256'),
  },
  ES384: {
    kty: 'EC',
    KeySpec: 'ECC_NIST_P384',
    SigningAlgorithm: 'ECDSA_SHA_384',
    ...digest('sha384'),
    signature: (der) => fixedLengthSignature(der, 48),
    wrapped: slow('ECC_NIST_P384', 'sha384'),
  },
  // RFC 9864 §2.2, and RFC 8037 §3.1 for verifiers that know no other name for it.
  Ed25519: edwards,
  EdDSA: edwards,
  // RFC 9964
  'ML-DSA-44': mlDsa('ML_DSA_44'),
  'ML-DSA-65': mlDsa('ML_DSA_65'),
} as const satisfies Readonly<Record<string, SigningAlgorithm>>;

export type SigningAlgorithmName = keyof typeof signingAlgorithms;

/** Finds an algorithm by its JOSE name; undefined: we do not sign with it. */
export function signingAlgorithm(alg: string): SigningAlgorithm | undefined {
  return isSigningAlgorithm(alg) ? signingAlgorithms[alg] : undefined;
}

/** Whether a name is that of an algorithm that we sign with. */
export const isSigningAlgorithm = (alg: string): alg is SigningAlgorithmName =>
  Object.hasOwn(signingAlgorithms, alg);

/** Whether two algorithms take keys of one family (RFC 7517 §4.1, `kty`). */
export const sameFamily = (one: string, other: string): boolean =>
  signingAlgorithm(one)?.kty === signingAlgorithm(other)?.kty;
