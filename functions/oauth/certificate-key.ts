import { createPublicKey, type X509Certificate } from 'node:crypto';
import type { JWK } from 'jose';

/**
 * Whether a certificate is for the key of a JWK (RFC 8705 §2.2). If the JWK contains a certificate
 * (`x5c`), it must be this one (RFC 7517 §4.7).
 */
export function isKeyOf(certificate: X509Certificate, jwk: JWK): boolean {
  try {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    return key.equals(certificate.publicKey) && isCertified(jwk, certificate);
  } catch {
    // Node cannot read the JWK, so it is not the key of this certificate.
    return false;
  }
}

function isCertified({ x5c }: JWK, { raw }: X509Certificate): boolean {
  return x5c === undefined || raw.equals(Buffer.from(x5c[0] ?? '', 'base64'));
}
