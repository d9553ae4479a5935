import {
  generateKeyPairSync,
  type JsonWebKey,
  type KeyExportOptions,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import type { JWK } from 'jose';
import { authorityKey, type CertificateInit, certificate } from '../support/certificates.ts';
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
const pem = (key: KeyObject, type: 'spki' | 'pkcs1' | 'pkcs8' | 'sec1' = 'spki') =>
  String(key.export({ format: 'pem', type } as KeyExportOptions<'pem'>));
const rsaPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsaPem = pem(rsaPair.publicKey);
const ecPem = pem(ecPair.publicKey);

/** A certificate as `openssl req -x509` makes it, which says that it is an authority's. */
const ownCertificate = await certificate({ keys: ecPair, isAuthority: true });
const root = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const byRoot = { issuer: { name: 'O=Root', key: authorityKey(root.privateKey) } };
const chain = {
  root: (await certificate({ keys: root, subject: 'O=Root', isAuthority: true })).cert,
  between: (await certificate({ ...byRoot, subject: 'O=Between', isAuthority: true })).cert,
  client: (await certificate({ ...byRoot, keys: ecPair })).cert,
};
/** A root as of X.509's first version, which cannot say that it is one. */
const oldRoot = (await certificate({ keys: root, subject: 'O=Root' })).cert;
const renewed = (await certificate({ keys: ecPair, isAuthority: true, to: 2 })).cert;
const many = Array.from({ length: 4 }, () => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const leftOut = (name: string) => `Of --jwks, ${name} is an authority's, and is left out.`;
const openssl =
  'Bag Attributes\n    localKeyID: 58 22\nsubject=CN = x\n\nCertificate:\n    Data:\n        Version: 3\n';

/** Files in PEM: what they are, the keys that are registered, and what is said of others. */
export const pemFiles: readonly (readonly [
  what: string,
  content: string,
  keys: readonly JsonWebKey[],
  notes?: readonly string[],
])[] = [
  ['a public key of P-256', ecPem, [ec]],
  ['an RSA key', rsaPem, [publicPart(rsaPair)]],
  ['an RSA key by PKCS #1', pem(rsaPair.publicKey, 'pkcs1'), [publicPart(rsaPair)]],
  ...(['P-384', 'P-521'] as const).map((namedCurve) => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve });
    return [`a key of ${namedCurve}`, pem(publicKey), [publicPart({ publicKey })]] as const;
  }),
  ['a certificate', chain.client, [ec]],
  ['a certificate that is its own authority', ownCertificate.cert, [ec]],
  ['a trusted certificate', ownCertificate.cert.replaceAll(' CERT', ' TRUSTED CERT'), [ec]],
  ['a certificate with text around it', `${openssl}${chain.client}\nmore`, [ec]],
  ['lines that end as on Windows', ecPem.replaceAll('\n', '\r\n'), [ec]],
  ['indented lines', ecPem.replaceAll(/^/gm, '    '), [ec]],
  ['a mark before it', `\uFEFF${ecPem}`, [ec]],
  ['a key and its certificate', `${ecPem}${chain.client}`, [ec]],
  ['a certificate and its key', `${chain.client}${ecPem}${chain.client}`, [ec]],
  ['two keys', `${rsaPem}${ecPem}`, [publicPart(rsaPair), ec]],
  [
    'a chain',
    `${chain.client}${chain.between}${chain.root}`,
    [ec],
    [leftOut('key 2'), leftOut('key 3')],
  ],
  [
    'a chain whose end says nothing else',
    `${chain.root}${ownCertificate.cert}${chain.between}`,
    [ec],
    [leftOut('key 1'), leftOut('key 3')],
  ],
  ['a chain whose root does not say so', `${oldRoot}${chain.client}`, [ec], [leftOut('key 1')]],
  [
    'a certificate that is its own authority, and the next one',
    `${ownCertificate.cert}${renewed}`,
    [ec],
  ],
  [
    'a key for encryption beside one that signs',
    `${pem(generateKeyPairSync('x25519').publicKey)}${ecPem}`,
    [ec],
    ['Of --jwks, key 1 is for encryption, and is left out.'],
  ],
];

const manyKeys = many.map(publicPart);
const set = (...keys: readonly object[]) => JSON.stringify({ keys });

/** Files with more bare keys of an algorithm than are tried for a signature: the keys, and the places of these. */
export const crowdedFiles: readonly (readonly [
  what: string,
  content: string,
  keys: readonly JWK[],
  crowded: readonly number[],
])[] = [
  ['PEM', many.map(({ publicKey }) => pem(publicKey)).join(''), manyKeys, [0, 1, 2, 3]],
  ['a JWK Set', set(...manyKeys), manyKeys, [0, 1, 2, 3]],
  ['a JWK Set with keys of another type', set(rsa, ...manyKeys), [rsa, ...manyKeys], [1, 2, 3, 4]],
  [
    'a JWK Set with a key that has a kid',
    set(...manyKeys, { ...ec, kid: 'a' }),
    [...manyKeys, { ...ec, kid: 'a' }],
    [0, 1, 2, 3],
  ],
  [
    'a JWK Set whose keys say for what they are',
    set(...manyKeys.map((key) => ({ ...key, alg: 'ES256' }))),
    manyKeys.map((key) => ({ ...key, alg: 'ES256' })),
    [0, 1, 2, 3],
  ],
];

const mixed = [rsaPair, ...many.slice(1)];

/** Files of which each key without a kid is tried. */
export const roomyFiles: readonly (readonly [
  what: string,
  content: string,
  keys: readonly JWK[],
])[] = [
  ['three keys of a type', set(...manyKeys.slice(1)), manyKeys.slice(1)],
  ['four types', set(ec, p384, rsa, ed25519), [ec, p384, rsa, ed25519]],
  [
    'two types in PEM',
    mixed.map(({ publicKey }) => pem(publicKey)).join(''),
    mixed.map(publicPart),
  ],
  [
    'one of four with a kid',
    set(...manyKeys.map((key, index) => (index > 0 ? key : { ...key, kid: 'a' }))),
    manyKeys.map((key, index) => (index > 0 ? key : { ...key, kid: 'a' })),
  ],
];

const secretPem = /^--jwks holds a private key in PEM \([A-Z0-9 ]+\), which must never .* -pubout /;
const noKey = (label: string) => `-----BEGIN ${label}-----\nMIIB\n-----END ${label}-----\n`;
const pairsOf = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });

/** What it is, the content of the file, the sentence. */
const badPem: readonly (readonly [string, string, RegExp])[] = [
  ['a private key', pem(ecPair.privateKey, 'pkcs8'), secretPem],
  ['a private key of its type', pem(ecPair.privateKey, 'sec1'), /\(EC PRIVATE KEY\)/],
  ['a private RSA key', pem(rsaPair.privateKey, 'pkcs1'), /\(RSA PRIVATE KEY\)/],
  [
    'a private RSA key that is called public',
    pem(rsaPair.privateKey, 'pkcs1').replaceAll('PRIVATE', 'PUBLIC'),
    /^--jwks holds a private key in PEM \(RSA PUBLIC KEY\), which must never /,
  ],
  ['an encrypted private key', noKey('ENCRYPTED PRIVATE KEY'), secretPem],
  ['a private key of OpenSSH', noKey('OPENSSH PRIVATE KEY'), secretPem],
  ['a private key of SSH', '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nAA', secretPem],
  ['a private key beside a certificate', `${chain.client}${noKey('PRIVATE KEY')}`, secretPem],
  ['a private key in a JSON file', JSON.stringify({ a: noKey('PRIVATE KEY') }), secretPem],
  [
    'an RSA key for PSS alone',
    pem(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey),
    /^key 1 of --jwks is an RSA key that is limited to PSS .*: make a plain RSA key/,
  ],
  [
    'a DSA key',
    pem(generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).publicKey),
    /^key 1 of --jwks is a key of type dsa, which fits none of RS256, /,
  ],
  [
    'secp256k1',
    pem(pairsOf('secp256k1').publicKey),
    /has kty "EC" and crv "secp256k1", which fits/,
  ],
  [
    'a curve that has no JWK',
    `${ecPem}${pem(pairsOf('brainpoolP256r1').publicKey)}`,
    /^key 2 of --jwks is a key of type ec brainpoolP256r1, which fits none of RS256, /,
  ],
  [
    'an RSA key of 1,024 bits',
    pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey),
    /^key 1 of --jwks is an RSA key of 1024 bits/,
  ],
  ['a key to agree on others with', pem(generateKeyPairSync('x25519').publicKey), /crv "X25519"/],
  ['certificates of a chain alone', `${chain.between}${chain.root}`, /of authorities alone$/],
  [
    'a certificate request',
    noKey('CERTIFICATE REQUEST'),
    /holds PEM of the type CERTIFICATE REQUEST: give/,
  ],
  ['parameters', noKey('EC PARAMETERS'), /of the type EC PARAMETERS: give public keys or/],
  [
    'a certificate that is none',
    noKey('CERTIFICATE'),
    /^key 1 of --jwks holds no CERTIFICATE that can/,
  ],
  [
    'a key that is none',
    noKey('PUBLIC KEY'),
    /^key 1 of --jwks holds no PUBLIC KEY that can be read$/,
  ],
  ['PEM that is cut off', ecPem.slice(0, -20), /^--jwks holds PEM that is cut off or malformed$/],
  ['a large file of PEM', `${ecPem}${'x'.repeat(65_536)}`, /^--jwks holds more than 64 KB$/],
  ['a key of OpenSSH', 'ssh-rsa AAAAB3NzaC1yc2E me@example.com', /of OpenSSH: give it in PEM, as /],
  ['another of OpenSSH', 'ecdsa-sha2-nistp256 AAAA', /of OpenSSH: give it in PEM/],
  ['a key of SSH', '---- BEGIN SSH2 PUBLIC KEY ----\nAA', /of OpenSSH: give it in PEM/],
  ['DER', '0\u0082\uFFFD\u0003', /^--jwks holds binary data: give PEM, as openssl x509 /],
];

/** A JWK with a certificate of its own in it (RFC 7517 §4.7). */
export async function certified(
  init: CertificateInit = {},
): Promise<JWK & { readonly x5c: readonly string[] }> {
  const { cert, jwk } = await certificate(init);
  return { ...jwk, x5c: [new X509Certificate(cert).raw.toString('base64')] };
}

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
  ...badPem,
  ['no JSON', 'keys', /^--jwks is neither JSON nor PEM$/],
  ['nothing', '', /^--jwks is neither JSON nor PEM$/],
  ['JSON that does not end', '{"keys":', /^--jwks is not JSON$/],
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
  ...[...weakRsaKeys, ...weakPoints, ...contradictoryKeys].map(
    ([what, fault, jwk]) => [`B15: ${what}`, set(jwk), sentences[fault] ?? invalid] as const,
  ),
];
