import type { X509Certificate } from 'node:crypto';
import type { JWK } from 'jose';
import { readForeignKey } from './foreign-key.ts';

/** What makes a public key (RFC 7518 §6.2.1, §6.3.1, RFC 8037 §2). There is one way to write each. */
const members = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const;

/**
 * Whether a certificate is for the key of a JWK (RFC 8705 §2.2). If the JWK contains a certificate
 * (`x5c`), it must be this one (RFC 7517 §4.7).
 */
export function isKeyOf({ publicKey, raw }: X509Certificate, jwk: JWK): boolean {
  try {
    const key = publicKey.export({ format: 'jwk' });
    if (members.some((member) => key[member] !== jwk[member])) return false;
    return typeof readForeignKey(jwk) !== 'string' && isCertified(jwk, raw);
  } catch {
    // Node cannot read the certificate's key or the JWK's certificate.
    return false;
  }
}

const isCertified = ({ x5c }: JWK, certificate: Buffer): boolean =>
  x5c === undefined || certificate.equals(Buffer.from(x5c[0] ?? '', 'base64'));
