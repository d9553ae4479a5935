import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/** Tells whether a signature is the key's, over this input. */
export type Verify = (input: Uint8Array, signature: Uint8Array) => boolean;

/** Everything about one algorithm by which the public key of a pair verifies. */
export interface SignatureAlgorithm {
  /** The keys that it is for (RFC 7517 §4.1). */
  readonly kty: 'RSA' | 'EC' | 'OKP' | 'AKP';
  /** Their curve, of those that have one (RFC 7518 §6.2.1.1, RFC 8037 §2). */
  readonly crv?: string;
  /** Makes a key that fits ready to verify; whether it is sound is for `readPublicKey` to find out. */
  readonly verifier: (key: KeyObject) => Verify;
}

type Hash = 'sha256' | 'sha384' | 'sha512';

/**
 * Verifies by the bare key: options beside it cost as much as half the signature of an RSA key. The length comes
 * first, since one signature must not have several forms: with zeros before its parts, or without.
 */
const verifying =
  (hash: Hash | null, key: KeyObject, size: number): Verify =>
  (input, signature) =>
    signature.length === size && verify(hash, input, key, signature);

const modulusSize = ({ asymmetricKeyDetails }: KeyObject): number =>
  Math.ceil(Number(asymmetricKeyDetails?.modulusLength) / 8);

const pkcs1 = (hash: Hash): SignatureAlgorithm => ({
  kty: 'RSA',
  verifier: (key) => verifying(hash, key, modulusSize(key)),
});

const pss = (hash: Hash): SignatureAlgorithm => ({
  kty: 'RSA',
  verifier: (key) => verifying(hash, pssKey(key, hash), modulusSize(key)),
});

/** @param size octets of r and of s */
const ecdsa = (crv: string, hash: Hash, size: number): SignatureAlgorithm => ({
  kty: 'EC',
  crv,
  verifier: (key) => (input, signature) =>
    signature.length === 2 * size && verify(hash, input, key, derSignature(signature)),
});

const edwards: SignatureAlgorithm = {
  kty: 'OKP',
  crv: 'Ed25519',
  verifier: (key) => verifying(null, key, 64),
};

const mlDsa = (size: number): SignatureAlgorithm => ({
  kty: 'AKP',
  verifier: (key) => verifying(null, key, size),
});

/**
 * JOSE algorithm name -> all about it. Asymmetric ones alone: with a shared key, whoever verifies could sign, too.
 * ML-DSA needs a Node that reads its keys.
 */
export const signatureAlgorithms = {
  // RFC 7518 §3.3
  RS256: pkcs1('sha256'),
  RS384: pkcs1('sha384'),
  RS512: pkcs1('sha512'),
  // RFC 7518 §3.5
  PS256: pss('sha256'),
  PS384: pss('sha384'),
  PS512: pss('sha512'),
  // RFC 7518 §3.4
  ES256: ecdsa('P-256', 'sha256', 32),
  ES384: ecdsa('P-384', 'sha384', 48),
  ES512: ecdsa('P-521', 'sha512', 66),
  // RFC 9864 §2.2, RFC 8037 §3.1
  Ed25519: edwards,
  EdDSA: edwards,
  // RFC 9964
  'ML-DSA-44': mlDsa(2420),
  'ML-DSA-65': mlDsa(3309),
  'ML-DSA-87': mlDsa(4627),
} as const satisfies Readonly<Record<string, SignatureAlgorithm>>;

/** How RFC 4055 names each hash, and how many octets it has, in hexadecimal: the salt is as long (RFC 7518 §3.5). */
const pssParameters = {
  sha256: ['01', '20'],
  sha384: ['02', '30'],
  sha512: ['03', '40'],
} as const satisfies Readonly<Record<Hash, readonly string[]>>;

/** The same RSA key for PSS alone, by one hash and with a salt of its length (RFC 4055 §1.2, §3.1). */
function pssKey(key: KeyObject, hash: Hash): KeyObject {
  const [name, salt] = pssParameters[hash];
  const digest = `300d06096086480165030402${name}0500`;
  const parameters = `a00f${digest}a11c301a06092a864886f70d010108${digest}a2030201${salt}`;
  const algorithm = Buffer.from(`304106092a864886f70d01010a3034${parameters}`, 'hex');
  const bits = derValue(0x03, Buffer.from([0]), key.export({ type: 'pkcs1', format: 'der' }));
  return createPublicKey({ key: derValue(0x30, algorithm, bits), format: 'der', type: 'spki' });
}

/** r and s, side by side in a JWS (RFC 7518 §3.4), as OpenSSL reads them (RFC 3279 §2.2.3). */
function derSignature(signature: Uint8Array): Buffer {
  const half = signature.length / 2;
  return derValue(
    0x30,
    derInteger(signature.subarray(0, half)),
    derInteger(signature.subarray(half)),
  );
}

/** A positive INTEGER: without leading zeros, but one where it would else be negative (X.690 §8.3). */
function derInteger(octets: Uint8Array): Buffer {
  // Of nothing but zeros the last one is left.
  const digits = octets.subarray(octets.findIndex((octet) => octet !== 0));
  return derValue(0x02, ...(Number(digits[0]) < 0x80 ? [digits] : [Buffer.from([0]), digits]));
}

/** A value of up to 65,535 octets in distinguished encoding (X.690 §10.1). */
function derValue(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const size = contents.reduce((sum, { length }) => sum + length, 0);
  const long = size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(size < 0x80 ? [size] : long)]), ...contents]);
}
