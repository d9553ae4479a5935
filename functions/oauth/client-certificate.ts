import { X509Certificate } from 'node:crypto';

/**
 * Reads the certificate that a client has shown in the TLS handshake.
 * @param now NumericDate
 * @returns a text that says what is wrong: it is malformed, not valid yet, or has expired
 */
export function parseClientCertificate(pem: string, now: number): X509Certificate | string {
  const certificate = readClientCertificate(pem);
  if (!certificate) return 'a malformed certificate';
  return validityProblem(certificate, now) ?? certificate;
}

/**
 * What is wrong with the dates of a certificate; undefined: it is valid now.
 * @param now NumericDate
 */
export function validityProblem(
  { validFromDate, validToDate }: X509Certificate,
  now: number,
): string | undefined {
  const at = new Date(now * 1000);
  if (at < validFromDate)
    return `the certificate is not valid before ${validFromDate.toISOString()}`;
  return at > validToDate ? `the certificate expired at ${validToDate.toISOString()}` : undefined;
}

/** The SHA-256 of a certificate (DER), as `cnf` has it (RFC 8705 §3.1). */
export const certificateThumbprint = ({ fingerprint256 }: X509Certificate): string =>
  Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');

/** Reads a certificate, whatever its dates; undefined: it is malformed. */
export function readClientCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
