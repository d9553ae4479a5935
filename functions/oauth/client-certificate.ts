import { hash, X509Certificate } from 'node:crypto';
import QuickLRU from 'quick-lru';

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

/**
 * PEM -> certificate. To read one takes longer than all that is asked of it. Whoever shows one has its key, and API Gateway
 * asks for one of the truststore's. Digests, as a PEM may be long. QuickLRU holds up to twice as many: some megabytes
 * at most.
 */
const certificates = new QuickLRU<string, X509Certificate>({ maxSize: 500 });

/** Reads a certificate, whatever its dates; undefined: it is malformed. */
export function readClientCertificate(pem: string): X509Certificate | undefined {
  const said = hash('sha256', pem, 'base64url');
  const cached = certificates.get(said);
  if (cached) return cached;
  try {
    const certificate = new X509Certificate(pem);
    certificates.set(said, certificate);
    return certificate;
  } catch {
    return undefined;
  }
}
