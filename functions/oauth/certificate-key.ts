import { createPublicKey, type X509Certificate } from 'node:crypto';
import type { JWK } from 'jose';

/**
 * Whether a certificate is for the key of a JWK (RFC 8705 §2.2). Where the JWK has a certificate in
 * it, that must be this one (RFC 7517 §4.7).
 */
export function isKeyOf(certificate: X509Certificate, jwk: JWK): boolean {
  try {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    return key.equals(certificate.publicKey) && isCertified(jwk, certificate);
  } catch {
    // No key that the platform can read: then it is not this one.
    return false;
  }
}

function isCertified({ x5c }: JWK, { raw }: X509Certificate): boolean {
  return x5c === undefined || raw.equals(Buffer.from(x5c[0] ?? '', 'base64'));
}
