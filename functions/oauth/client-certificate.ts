import { X509Certificate } from 'node:crypto';

/**
 * Reads the certificate that a client has shown in the TLS handshake.
 * @param now NumericDate
 * @returns a text that says what is wrong: it is malformed, not valid yet, or has expired
 */
export function parseClientCertificate(pem: string, now: number): X509Certificate | string {
  const certificate = parse(pem);
  if (!certificate) return 'a malformed certificate';
  const at = new Date(now * 1000);
  if (at < certificate.validFromDate) return 'the certificate is not valid yet';
  return at > certificate.validToDate ? 'the certificate has expired' : certificate;
}

/** The SHA-256 of a certificate (DER), as `cnf` has it (RFC 8705 §3.1). */
export const certificateThumbprint = ({ fingerprint256 }: X509Certificate): string =>
  Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
