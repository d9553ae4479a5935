import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { JWK } from 'jose';

/** The private half of a key, and the public one as an issuer publishes it. */
export interface Pair {
  readonly privateKey: KeyObject;
  readonly jwk: JWK & { readonly kid: string };
}

/** Type of node:crypto -> a pair of it. */
type Made = { readonly privateKey: KeyObject; readonly publicKey: KeyObject };

const made = {
  RSA: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  Ed25519: () => generateKeyPairSync('ed25519'),
  'ML-DSA-44': () => generateKeyPairSync('ml-dsa-44'),
  'ML-DSA-65': () => generateKeyPairSync('ml-dsa-65'),
  'ML-DSA-87': () => generateKeyPairSync('ml-dsa-87'),
} as const satisfies Readonly<Record<string, () => Made>>;

export type PairType = keyof typeof made;

/** Makes a key pair, whose JWK does not say for which of its algorithms it is; ML-DSA has to say so. */
export function pair(type: PairType, kid: string): Pair {
  const { privateKey, publicKey }: Made = made[type]();
  return { privateKey, jwk: { ...(publicKey.export({ format: 'jwk' }) as JWK), kid } };
}

const pss = constants.RSA_PKCS1_PSS_PADDING;
const rs = (hash: string) => (input: Buffer, key: KeyObject) => sign(hash, input, key);
const ps =
  (hash: string, saltLength: number) =>
  (input: Buffer, key: KeyObject): Buffer =>
    sign(hash, input, { key, padding: pss, saltLength });
const es =
  (hash: string) =>
  (input: Buffer, key: KeyObject): Buffer =>
    sign(hash, input, { key, dsaEncoding: 'ieee-p1363' });
const whole = (input: Buffer, key: KeyObject) => sign(null, input, key);

/** JOSE algorithm -> the type of its keys, and how they sign. */
export const signing = {
  RS256: ['RSA', rs('sha256')],
  RS384: ['RSA', rs('sha384')],
  RS512: ['RSA', rs('sha512')],
  PS256: ['RSA', ps('sha256', 32)],
  PS384: ['RSA', ps('sha384', 48)],
  PS512: ['RSA', ps('sha512', 64)],
  ES256: ['P-256', es('sha256')],
  ES384: ['P-384', es('sha384')],
  ES512: ['P-521', es('sha512')],
  Ed25519: ['Ed25519', whole],
  EdDSA: ['Ed25519', whole],
  'ML-DSA-44': ['ML-DSA-44', whole],
  'ML-DSA-65': ['ML-DSA-65', whole],
  'ML-DSA-87': ['ML-DSA-87', whole],
} as const satisfies Readonly<
  Record<string, readonly [PairType, (input: Buffer, key: KeyObject) => Buffer]>
>;

export type Alg = keyof typeof signing;
export const algs = Object.keys(signing) as readonly Alg[];

export const encoded = (octets: string | Buffer): string =>
  Buffer.from(octets).toString('base64url');

/** A token of this header and these claims, as they are written here, and signed in this way. */
export function tokenOf(
  header: string | Buffer,
  claims: string | Buffer,
  signature: (input: Buffer) => Buffer,
): string {
  const input = `${encoded(header)}.${encoded(claims)}`;
  return `${input}.${encoded(signature(Buffer.from(input)))}`;
}
