import type { JsonWebKey, X509Certificate } from 'node:crypto';
import type { JWK } from 'jose';
import { hasSecretMember, isSameKey } from './public-jwk.ts';

/** The key of a certificate. */
export interface CertifiedKey {
  /** Empty: no JWK can be of its type. */
  readonly key: JsonWebKey;
  /** DER. */
  readonly certificate: Buffer;
}

/** Reads the key of a certificate, which takes longer than all comparisons: once for a request. */
export function certifiedKey(certificate: X509Certificate): CertifiedKey {
  try {
    return {
      key: certificate.publicKey.export({ format: 'jwk' }),
      certificate: certificate.raw,
    };
  } catch {
    return { key: {}, certificate: certificate.raw };
  }
}

/**
 * Whether a certificate is for the key of a JWK (RFC 8705 §2.2). If the JWK contains a certificate
 * (`x5c`), it must be this one (RFC 7517 §4.7). What the JWK says of its use is for signatures of JWTs: here
 * the key signs a TLS handshake.
 */
export const isKeyOf = ({ key, certificate }: CertifiedKey, jwk: JWK): boolean =>
  key.kty !== undefined &&
  isSameKey(key, jwk) &&
  !hasSecretMember(jwk) &&
  isCertified(jwk, certificate);

function isCertified({ x5c }: JWK, certificate: Buffer): boolean {
  if (x5c === undefined) return true;
  const [first]: readonly unknown[] = Array.isArray(x5c) ? x5c : [];
  return typeof first === 'string' && certificate.equals(Buffer.from(first, 'base64'));
}
