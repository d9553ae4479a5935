import type { X509Certificate } from 'node:crypto';
import { subjectOf } from './certificate-name.ts';
import { type CertificateSubject, certificateSubjects, type ExpectedSubject } from './client.ts';
import { parseDistinguishedName } from './distinguished-name.ts';

type Matches = (certificate: X509Certificate, expected: string) => boolean;

/** How each kind of subject is compared. DNS names and the like count in `subjectAltName` alone. */
const matches: Readonly<Record<CertificateSubject, Matches>> = {
  tls_client_auth_subject_dn(certificate, expected) {
    const subject = subjectOf(certificate);
    return subject !== undefined && subject === parseDistinguishedName(expected);
  },
  // RFC 4343: without regard to case. A wildcard stands for nothing but itself.
  tls_client_auth_san_dns: (certificate, expected) =>
    alternativeNames(certificate, 'DNS').some((name) => fold(name) === fold(expected)),
  tls_client_auth_san_uri: (certificate, expected) =>
    alternativeNames(certificate, 'URI').includes(expected),
  // As an address, in whatever notation.
  tls_client_auth_san_ip: (certificate, expected) => certificate.checkIP(expected) !== undefined,
  // RFC 5280 §7.5: the host part without regard to case.
  tls_client_auth_san_email: (certificate, expected) =>
    alternativeNames(certificate, 'email').some((name) => foldHost(name) === foldHost(expected)),
};

/**
 * Whether a certificate has the one subject that a client is registered for (RFC 8705 §2.1.2). More
 * than one, or none, matches nothing.
 */
export function matchesExpectedSubject(
  certificate: X509Certificate,
  expected: ExpectedSubject,
): boolean {
  const given = certificateSubjects.flatMap((name) => {
    const subject = expected[name];
    return subject === undefined ? [] : [matches[name](certificate, subject)];
  });
  return given.length === 1 && given.includes(true);
}

// Node prints `TYPE:value, TYPE:value`. A value with special characters is a JSON string, in which a comma
// is written as \u002c.
const alternativeName = /(?:^|, )([\w ]+):(?:("(?:[^"\\]|\\.)*")|([^",]*))(?=, |$)/g;

/** The names of one type; none if any part of the extension cannot be read. */
function alternativeNames({ subjectAltName }: X509Certificate, type: string): string[] {
  const text = subjectAltName ?? '';
  const found = [...text.matchAll(alternativeName)];
  if (found.map(([whole]) => whole).join('') !== text) return [];
  return found
    .filter(([, of]) => of === type)
    .map(([, , quoted, plain]) => String(quoted === undefined ? plain : JSON.parse(quoted)));
}

/** The URIs of a certificate; none if any part of the extension cannot be read. */
export const certificateUris = (certificate: X509Certificate): readonly string[] =>
  alternativeNames(certificate, 'URI');

const fold = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const foldHost = (address: string): string => address.replace(/@[^@]*$/, fold);
