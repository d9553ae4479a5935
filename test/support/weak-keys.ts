import {
  constants,
  createHash,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import type { JWK } from 'jose';

/** A public key of somebody else that must verify nothing, and why. */
export type WeakKey = readonly [what: string, fault: string, jwk: JWK];

const rsaPair = (modulusLength: number, publicExponent = 65_537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent });
const publicPart = ({ publicKey }: ReturnType<typeof rsaPair>): JWK =>
  publicKey.export({ format: 'jwk' }) as JWK;

const pair = rsaPair(2048);
const { n = '', d = '' } = pair.privateKey.export({ format: 'jwk' });
const rsa: JWK = { kty: 'RSA', n, e: 'AQAB' };
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
  format: 'jwk',
}) as JWK;
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({
  format: 'jwk',
}) as JWK;
const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey.export({
  format: 'jwk',
}) as JWK;
const ed = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }) as JWK;

const changed = (value: string | undefined, change: (octets: Buffer) => unknown): string => {
  const octets = Buffer.from(value ?? '', 'base64url');
  change(octets);
  return octets.toString('base64url');
};
const ofHex = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');
const hexOf = (text: string): string => Buffer.from(text, 'base64url').toString('hex');
const okp = (hex: string): JWK => ({ kty: 'OKP', crv: 'Ed25519', x: ofHex(hex) });

/** RSA keys by which anybody can sign, or that are slow to verify with. */
export const weakRsaKeys: readonly WeakKey[] = [
  ['RSA with e = 1', 'exponent', { ...rsa, e: 'AQ' }],
  ['RSA with e = 3', 'exponent', publicPart(rsaPair(2048, 3))],
  ['RSA with an e as long as the modulus', 'exponent', { ...rsa, e: d }],
  ['RSA with an e in more octets than it needs', 'exponent', { ...rsa, e: 'AAEAAQ' }],
  ['RSA with a long e of 3,072 bits', 'exponent', { ...publicPart(rsaPair(3072)), e: d }],
  ['RSA of 1,024 bits', 'modulus', publicPart(rsaPair(1024))],
  ['RSA of 2,047 bits', 'modulus', { ...rsa, n: changed(n, (octets) => octets.writeUInt8(0x7f)) }],
  ['RSA of 4,104 bits', 'modulus', { ...rsa, n: randomModulus(513) }],
  // A real one takes minutes to find; one that is none is as slow.
  ['RSA of 16,384 bits', 'modulus', { ...rsa, n: randomModulus(2048) }],
  ['RSA with a zero before its modulus', 'member', { ...rsa, n: ofHex(`00${hexOf(n)}`) }],
  [
    'RSA with an even modulus',
    'member',
    { ...rsa, n: changed(n, (octets) => octets.writeUInt8(0x02, octets.length - 1)) },
  ],
  ['RSA without n', 'member', { kty: 'RSA', e: 'AQAB' }],
  ['RSA without e', 'member', { kty: 'RSA', n }],
];

/** Keys of curves that are no points, or points with which anybody's signature may verify. */
export const weakPoints: readonly WeakKey[] = [
  [
    'P-256 off its curve',
    'point',
    { ...ec, y: changed(ec.y, (octets) => octets.writeUInt8((octets[31] ?? 0) ^ 1, 31)) },
  ],
  ['P-256 at (0, 0)', 'point', { ...ec, x: 'A'.repeat(43), y: 'A'.repeat(43) }],
  ['P-256 with the numbers of another', 'point', { ...ec, x: ec.y, y: ec.x } as JWK],
  [
    'P-384 off its curve',
    'point',
    { ...p384, x: changed(p384.x, (octets) => octets.writeUInt8((octets[9] ?? 0) ^ 1, 9)) },
  ],
  [
    'P-521 off its curve',
    'point',
    { ...p521, x: changed(p521.x, (octets) => octets.writeUInt8((octets[9] ?? 0) ^ 1, 9)) },
  ],
  ['P-521 cut short', 'member', { ...p521, y: String(p521.y).slice(0, -2) }],
  ['P-521 that is P-384', 'member', { ...p384, crv: 'P-521' }],
  ['P-256 that is P-384', 'member', { ...p384, crv: 'P-256' }],
  ['P-256 without y', 'member', { kty: 'EC', crv: 'P-256', x: String(ec.x) }],
  ['P-256 with padding', 'member', { ...ec, x: `${ec.x}=` }],
  ['P-256 with bits behind its x', 'member', { ...ec, x: `${ec.x?.slice(0, -1)}B` }],
  ['P-256 with an x in a list', 'member', { ...ec, x: [ec.x] as never }],
  // The order of each: 1, 2, 4, 4, 8, 8, and 8 with the other sign.
  ['Ed25519: the neutral point', 'order', okp(`01${'00'.repeat(31)}`)],
  ['Ed25519: the point of order 2', 'order', okp(`ec${'ff'.repeat(30)}7f`)],
  ['Ed25519: a point of order 4', 'order', okp('00'.repeat(32))],
  ['Ed25519: the other point of order 4', 'order', okp(`${'00'.repeat(31)}80`)],
  [
    'Ed25519: a point of order 8',
    'order',
    okp('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
  ],
  [
    'Ed25519: another point of order 8',
    'order',
    okp('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
  ],
  [
    'Ed25519: a third point of order 8',
    'order',
    okp('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'),
  ],
  ['Ed25519: 1 written as p + 1', 'member', okp(`ee${'ff'.repeat(30)}7f`)],
  ['Ed25519: 0 written as p', 'member', okp(`ed${'ff'.repeat(30)}7f`)],
  ['Ed25519: no point', 'point', okp(`02${'00'.repeat(31)}`)],
  ['Ed25519 cut short', 'member', { ...ed, x: ofHex('aa'.repeat(31)) }],
  ['Ed25519 with an octet more', 'member', { ...ed, x: ofHex('aa'.repeat(33)) }],
];

/** Keys that say that they are for something else, or that are not public. */
export const contradictoryKeys: readonly WeakKey[] = [
  ['an alg for another type', 'alg', { ...ec, alg: 'RS256' }],
  ['an alg for another curve', 'alg', { ...ec, alg: 'ES384' }],
  ['an alg of shared keys', 'alg', { ...rsa, alg: 'HS256' }],
  ['use enc', 'use', { ...ec, use: 'enc' }],
  ['use sig, and key_ops that say otherwise', 'key_ops', { ...ec, use: 'sig', key_ops: ['sign'] }],
  ['key_ops that are no list', 'key_ops', { ...ec, key_ops: 'verify' as never }],
  ['a private member', 'secret', { ...rsa, d }],
  ['a prime', 'secret', { ...rsa, p: 'AQAB' }],
  ['a private member without a value', 'secret', { ...ec, d: '' }],
  ['a shared key', 'secret', { kty: 'oct', k: 'AAAA' }],
  ['a kid that is a number', 'kid', { ...ec, kid: 1 as never }],
  ['no type', 'type', { n, e: 'AQAB' } as JWK],
  ['a type in a list', 'type', { ...rsa, kty: ['RSA'] as never }],
  ['another curve', 'type', { ...ec, crv: 'secp256k1' }],
  ['a key to agree on others with', 'type', { ...ed, crv: 'X25519' }],
  ['ML-DSA, which clients do not sign with', 'type', { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA' }],
];

/** The JWK of an RSA key whose exponent is as long as its modulus, and how to sign for it. */
export const longExponent = {
  jwk: { ...rsa, e: d },
  sign: (input: string) => power(padded(input)),
};

/** The JWK of an RSA key with the exponent 1, for which everybody can sign. */
export const exponentOne = { jwk: { ...rsa, e: 'AQ' }, sign: (input: string) => padded(input) };

/** The neutral point of Ed25519: by some verifiers R = A and S = 0 is its signature of everything. */
export const neutralPoint = {
  jwk: okp(`01${'00'.repeat(31)}`),
  sign: () => Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]),
};

/** To the power of 65537, which is the private exponent where d is the public one. */
const power = (message: Buffer): Buffer =>
  publicEncrypt({ key: pair.publicKey, padding: constants.RSA_NO_PADDING }, message);

/** EMSA-PKCS1-v1_5 with SHA-256, for 2,048 bits (RFC 8017 §9.2). */
function padded(input: string): Buffer {
  const digestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');
  const digest = createHash('sha256').update(input).digest();
  const end = Buffer.concat([Buffer.from([0]), digestInfo, digest]);
  const start = Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(254 - end.length, 0xff)]);
  return Buffer.concat([start, end]);
}

function randomModulus(octets: number): string {
  const random = randomBytes(octets);
  random.writeUInt8((random[0] ?? 0) | 0x80);
  random.writeUInt8((random[octets - 1] ?? 0) | 1, octets - 1);
  return random.toString('base64url');
}
