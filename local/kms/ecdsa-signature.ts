import type { KeyObject } from 'node:crypto';
import { p256, p384 } from '@noble/curves/nist.js';

/** ECDSA on P-256 over a ready digest, as DER (RFC 3279 §2.2.3). */
export const signP256 = signOn(p256);

/** ECDSA on P-384 over a ready digest, as DER. */
export const signP384 = signOn(p384);

/**
 * node:crypto signs with ECDSA only what it hashes itself, so @noble/curves signs digests. As in KMS,
 * no two signatures are the same, and s may be in the upper half of its range.
 */
function signOn(curve: typeof p256) {
  const options = { prehash: false, lowS: false, format: 'der', extraEntropy: true } as const;
  return (key: KeyObject, digest: Buffer): Buffer => {
    const { d } = key.export({ format: 'jwk' });
    return Buffer.from(curve.sign(digest, Buffer.from(String(d), 'base64url'), options));
  };
}
