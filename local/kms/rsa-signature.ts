import { constants, createHash, type KeyObject, privateEncrypt, randomBytes } from 'node:crypto';

const hashLength = 32;
const emLength = (key: KeyObject) => (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** DER of DigestInfo up to the digest itself, for SHA-256 (RFC 8017 §9.2, note 1). */
const digestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** RSASSA-PKCS1-v1_5 with SHA-256 over a ready digest (RFC 8017 §8.2.1). */
export function signPkcs1(key: KeyObject, digest: Buffer): Buffer {
  const message = Buffer.concat([digestInfo, digest]);
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, message);
}

/**
 * RSASSA-PSS with SHA-256, MGF1 and a salt of 32 octets over a ready digest (RFC 8017 §8.1.1).
 * node:crypto signs with PSS only what it hashes itself, so the encoding is done here.
 */
export function signPss(key: KeyObject, digest: Buffer): Buffer {
  const encoded = encodePss(digest, emLength(key));
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encoded);
}

/** EMSA-PSS-ENCODE (RFC 8017 §9.1.1) for a modulus of a whole number of octets. */
function encodePss(digest: Buffer, length: number): Buffer {
  const salt = randomBytes(hashLength);
  const hash = sha256(Buffer.alloc(8), digest, salt);
  const padding = Buffer.alloc(length - 2 * hashLength - 2);
  const block = Buffer.concat([padding, Buffer.of(0x01), salt]);
  const masked = xor(block, mgf1(hash, block.length));
  masked[0] = (masked[0] ?? 0) & 0x7f;
  return Buffer.concat([masked, hash, Buffer.of(0xbc)]);
}

/** The mask generation function MGF1 with SHA-256 (RFC 8017 §B.2.1). */
function mgf1(seed: Buffer, length: number): Buffer {
  const counters = Array.from({ length: Math.ceil(length / hashLength) }, (_, counter) => {
    const octets = Buffer.alloc(4);
    octets.writeUInt32BE(counter);
    return octets;
  });
  return Buffer.concat(counters.map((counter) => sha256(seed, counter))).subarray(0, length);
}

const xor = (left: Buffer, right: Buffer) =>
  Buffer.from(left.map((octet, index) => octet ^ (right[index] ?? 0)));
