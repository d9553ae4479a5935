import { X509Certificate } from 'node:crypto';
import type { JWK } from 'jose';
import { algorithmsFor, assertionAlgorithms } from '../functions/oauth/assertion-algorithms.ts';
import { certifiedKey, isKeyOf } from '../functions/oauth/certificate-key.ts';
import { type KeyFault, keyFaults, readForeignKey } from '../functions/oauth/foreign-key.ts';

/** What is wrong with a JWK that is private (RFC 7517 §4) or symmetric. */
export const keySecretProblem =
  '--jwks holds a private or shared key, which must never leave the client: replace that key by a new one, and give only its public part';

/** The same of one in PEM, by its label. */
export const pemSecretProblem = (label: string): string =>
  `--jwks holds a private key in PEM (${label}), which must never leave the client: replace that key by a new one, and give only its public part, as openssl pkey -in FILE -pubout writes it`;

/** Whether a JSON object has the one member that every JWK has (RFC 7517 §4.1). */
export const isUsableKey = (key: object): key is JWK & { readonly kty: string } =>
  'kty' in key && typeof key.kty === 'string';

type Key = Readonly<Record<string, unknown>>;

/** Algorithms of RFC 7518 §4.1, and of HPKE. */
const encryption = /^(RSA1_5$|RSA-OAEP|ECDH-ES|A\d+(GCM)?KW$|dir$|PBES2|HPKE)/;
/** RFC 7517 §4.3 */
const signing = ['sign', 'verify'];

/** Whether a key is for encryption alone, by what it says or by its curve (RFC 7517 §4.2 to §4.4, RFC 8037 §3.2). */
export function isForEncryption({ use, alg, key_ops, crv }: Key): boolean {
  if (use !== undefined) return use === 'enc';
  if (alg !== undefined) return encryption.test(String(alg));
  if (Array.isArray(key_ops)) return !key_ops.some((operation) => signing.includes(operation));
  return crv === 'X25519' || crv === 'X448';
}

const fitting = ({ kty, crv }: Key) => algorithmsFor({ kty: text(kty), crv: text(crv) });

// The value comes out of a file: it may be long, and of any type.
const shown = (value: unknown): string => String(JSON.stringify(value)).slice(0, 60);

const kidProblem = 'has a kid that is not 1 to 200 visible ASCII characters';

/** What the sentence about a fault says beyond what foreign-key.ts does: what the key has, and what to do. */
const sentences: { readonly [Fault in KeyFault]?: (key: Key) => string } = {
  type({ kty, crv }) {
    if (text(kty) === undefined) return 'has no kty';
    const curve = crv === undefined ? '' : ` and crv ${shown(crv)}`;
    return `has kty ${shown(kty)}${curve}, which fits none of ${assertionAlgorithms.join(', ')}`;
  },
  alg: (key) => `has alg ${shown(key.alg)}; a key like it is for ${fitting(key).join(' or ')}`,
  use: ({ use }) => `has use ${shown(use)}: the key that a client signs with is for "sig"`,
  key_ops: () => 'has key_ops without "verify"',
  kid: () => kidProblem,
  modulus: ({ n }) => `is an RSA key of ${bitsOf(text(n))} bits; it must have 2048 to 4096`,
  exponent: ({ e }) => `has the RSA exponent ${shown(e)}; it must be "AQAB", which is 65537`,
};

function bitsOf(modulus = ''): number {
  const octets = Buffer.from(modulus, 'base64url');
  // clz32 counts in 32 bits, and an octet has 8.
  return octets.length * 8 - Math.clz32(octets[0] ?? 0) + 24;
}

/**
 * What is wrong with a public key that a client is to be registered with, as the end of a sentence;
 * undefined: nothing. Whether it is a private key is for the caller to look at.
 */
export function keyProblem(key: Key): string | undefined {
  const read = readForeignKey(key);
  if (typeof read === 'string') return sentences[read]?.(key) ?? keyFaults[read];
  const isNamed = key.kid === undefined || /^[\x21-\x7E]{1,200}$/.test(text(key.kid) ?? '');
  return isNamed ? certificateProblem(key) : kidProblem;
}

/** RFC 7517 §4.7: the first certificate is for this key. */
function certificateProblem(key: Key): string | undefined {
  if (key.x5c === undefined) return undefined;
  const problem = 'has an x5c that does not begin with a certificate for this key, in base64';
  const first: unknown = Array.isArray(key.x5c) ? key.x5c[0] : undefined;
  if (typeof first !== 'string') return problem;
  try {
    const certificate = new X509Certificate(Buffer.from(first, 'base64'));
    if (certificate.ca) return 'has a certificate (x5c) of an authority: make it with CA:FALSE';
    return isUsableKey(key) && isKeyOf(certifiedKey(certificate), key) ? undefined : problem;
  } catch {
    return problem;
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
