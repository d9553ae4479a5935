import { generateKeyPairSync, type JsonWebKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { JWK } from 'jose';
import { type CertificateInit, certificate } from '../support/certificates.ts';
import { contradictoryKeys, weakPoints, weakRsaKeys } from '../support/weak-keys.ts';

/** Key pairs for `--jwks`, and what is wrong with some. */

const publicPart = ({ publicKey }: { readonly publicKey: KeyObject }): JsonWebKey =>
  publicKey.export({ format: 'jwk' });

const ecPair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const ec = publicPart(ecPair);
export const p384 = publicPart(generateKeyPairSync('ec', { namedCurve: 'P-384' }));
export const rsa = publicPart(generateKeyPairSync('rsa', { modulusLength: 2048 }));
export const ed25519 = publicPart(generateKeyPairSync('ed25519'));
export const p521 = publicPart(generateKeyPairSync('ec', { namedCurve: 'P-521' }));
const secp256k1 = publicPart(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }));
const x25519 = publicPart(generateKeyPairSync('x25519'));
const privateKey = ecPair.privateKey.export({ format: 'jwk' });
const privatePem = String(ecPair.privateKey.export({ format: 'pem', type: 'pkcs8' }));
const publicPem = String(ecPair.publicKey.export({ format: 'pem', type: 'spki' }));

/** A JWK with a certificate of its own in it (RFC 7517 §4.7). */
export async function certified(
  init: CertificateInit = {},
): Promise<JWK & { readonly x5c: readonly string[] }> {
  const { cert, jwk } = await certificate(init);
  return { ...jwk, x5c: [new X509Certificate(cert).raw.toString('base64')] };
}

const set = (...keys: readonly object[]) => JSON.stringify({ keys });
const secret = /^--jwks holds a private or shared key, which must never leave the client:/;
const invalid =
  /^key 1 of --jwks has a member that is missing, malformed or not of its full length$/;

/** What foreign-key.ts calls a fault -> the sentence. */
const sentences: Readonly<Record<string, RegExp>> = {
  secret,
  exponent:
    /^key 1 of --jwks has the RSA exponent "[\w-]{1,59}"?; it must be "AQAB", which is 65537$/,
  modulus:
    /^key 1 of --jwks is an RSA key of (1024|2047|4104|16384) bits; it must have 2048 to 4096$/,
  point: /^key 1 of --jwks is no point of its curve$/,
  order: /^key 1 of --jwks is a point of small order$/,
  alg: /^key 1 of --jwks has alg "\w+"; a key like it is for [\w ]+$/,
  use: /^key 1 of --jwks has use "enc": the key that a client signs with is for "sig"$/,
  key_ops: /^key 1 of --jwks has key_ops without "verify"$/,
  kid: /^key 1 of --jwks has a kid that is not 1 to 200 visible ASCII characters$/,
  type: /^key 1 of --jwks has (no kty$|kty .*, which fits none of RS256)/,
};

/** Keys that nobody signs with, as they stand beside those that a client does. */
export const encryptionKeys: readonly (readonly [string, object])[] = [
  ['use enc', { ...rsa, use: 'enc' }],
  ['use enc and its alg', { ...ec, use: 'enc', alg: 'ECDH-ES+A256KW' }],
  ['the alg RSA-OAEP-256 alone', { ...rsa, alg: 'RSA-OAEP-256' }],
  ['the alg ECDH-ES alone', { ...p384, alg: 'ECDH-ES' }],
  ['key_ops to encrypt and to wrap', { ...rsa, key_ops: ['encrypt', 'wrapKey'] }],
  ['the curve X25519', x25519],
  ['use enc, of a curve that nobody here signs with', { ...secp256k1, use: 'enc' }],
  ['use enc, and too short', { ...rsa, n: rsa.n?.slice(0, 171), use: 'enc' }],
];

/** What it is, the content of the file, the sentence. */
export const badKeys: readonly (readonly [string, string, RegExp])[] = [
  ['no JSON', 'keys', /^--jwks is not JSON$/],
  ['nothing', '', /^--jwks is not JSON$/],
  ['a public key in PEM', publicPem, /^--jwks holds PEM, not JSON: .*`countersign keypair`/],
  ['a private key in PEM', privatePem, secret],
  ['a private key in an array', JSON.stringify([{ ...ec, d: 'AAAA' }]), secret],
  ['a private key somewhere', JSON.stringify({ keys: { a: { ...ec, d: 'AAAA' } } }), secret],
  ['an array', JSON.stringify([ec]), /^--jwks holds no JWK Set/],
  ['null', 'null', /^--jwks holds no JWK Set/],
  ['keys that are no array', '{"keys":{}}', /^--jwks holds no JWK Set/],
  ['another object', '{"jwks_uri":"https://a.example"}', /^--jwks holds no JWK Set/],
  ['no key', set(), /^--jwks holds no key$/],
  [
    'eleven keys',
    set(...Array(11).fill(ec)),
    /^--jwks holds 11 keys, and a client has 10 at most$/,
  ],
  ['a large file', set({ ...ec, note: 'x'.repeat(16_384) }), /^--jwks holds more than 16 KB$/],
  ['a key that is a string', '{"keys":["a"]}', /^key 1 of --jwks is no JSON object$/],
  ['B09: a private key', set(privateKey), secret],
  ['B09: a private key for encryption', set(ec, { ...privateKey, use: 'enc' }), secret],
  ['keys for encryption alone', set({ ...rsa, use: 'enc' }, x25519), /^key 1 .* has use "enc"/],
  [
    'a key that says both',
    set(ec, { ...p384, use: 'sig', alg: 'ECDH-ES' }),
    /^key 2 of --jwks has alg "ECDH-ES"; /,
  ],
  ['B09: a private key alone', JSON.stringify(privateKey), secret],
  ['B09: a private key behind a broken one', set({ kty: 'x' }, privateKey), secret],
  ['B09: a symmetric key', set({ kty: 'oct', k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMko' }), secret],
  ['B09: an RSA key with a prime', set({ ...rsa, p: 'AQAB' }), secret],
  ['no kty', set({ kid: 'a' }), /^the key a of --jwks has no kty$/],
  [
    'a symmetric key without its value',
    set({ kty: 'oct' }),
    /has kty "oct", which fits none of RS/,
  ],
  ['a curve that fits nothing', set(secp256k1), /kty "EC" and crv "secp256k1", which fits none of/],
  ['a key that cannot sign', set(x25519), /has kty "OKP" and crv "X25519", which fits none of/],
  ['B09: alg none', set({ ...ec, alg: 'none' }), /has alg "none"; a key like it is for ES256$/],
  [
    'B09: alg HS256',
    set({ ...rsa, alg: 'HS256' }),
    /has alg "HS256"; .* for RS256 or RS384 .* or PS512$/,
  ],
  ['the alg of another curve', set({ ...ec, alg: 'ES384' }), /has alg "ES384"; .* for ES256$/],
  ['a key to encrypt with', set({ ...ec, use: 'enc' }), /has use "enc": .* is for "sig"$/],
  ['key_ops without verify', set({ ...ec, key_ops: ['sign'] }), /has key_ops without "verify"$/],
  ['key_ops of another type', set({ ...ec, key_ops: 'verify' }), /has key_ops without "verify"$/],
  ['a kid that is a number', set({ ...ec, kid: 1 }), /has a kid that is not 1 to 200 visible/],
  ['a kid with an escape', set({ ...ec, kid: '\u001b[31m' }), /has a kid that is not 1 to 200/],
  [
    'two keys of one kid',
    set({ ...ec, kid: 'a' }, { ...p384, kid: 'a' }),
    /two .* have the kid or the thumbprint a$/,
  ],
  ['one key twice', set(ec, ec), /^two of the keys have the kid or the thumbprint [\w-]{43}$/],
  ['the RSA exponent 4', set({ ...rsa, e: 'BA' }), /has the RSA exponent "BA"; it must be "AQAB"/],
  ['half a point', set({ ...ec, y: undefined }), invalid],
  ['RSA without a modulus', set({ ...rsa, n: undefined }), invalid],
  ['a member of another type', set({ ...ec, x: 7 }), invalid],
  ['an Ed25519 key cut short', set({ ...ed25519, x: ed25519.x?.slice(2) }), invalid],
  ['an x5c of another type', set({ ...ec, x5c: 'MII' }), /has an x5c that does not begin with a/],
  ['an x5c that is none', set({ ...ec, x5c: ['MIIB'] }), /has an x5c that does not begin with a/],
  ...[...weakRsaKeys, ...weakPoints, ...contradictoryKeys].map(
    ([what, fault, jwk]) => [`B15: ${what}`, set(jwk), sentences[fault] ?? invalid] as const,
  ),
];
