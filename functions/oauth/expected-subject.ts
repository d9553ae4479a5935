import { isIP } from 'node:net';
import type { CertificateSubject } from './client.ts';

type Check = (value: string) => boolean;

/** The kinds of subjects but for a distinguished name, which is read rather than checked. */
export type CheckedSubject = Exclude<CertificateSubject, 'tls_client_auth_subject_dn'>;

const label = '(?!-)[A-Za-z0-9_-]{1,63}(?<!-)';
const dnsName = new RegExp(`^(?=.{1,253}$)${label}(\\.${label})*$`);

/** What each kind of subject has to look like when it is registered. */
const rules: Readonly<Record<CheckedSubject, readonly [Check, string]>> = {
  tls_client_auth_san_dns: [
    (value) => dnsName.test(value) && isIP(value) === 0,
    'must be a DNS name without a wildcard, such as billing.example.com',
  ],
  tls_client_auth_san_uri: [
    (value) => /^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7E]+$/.test(value) && URL.canParse(value),
    'must be an absolute URI, such as spiffe://example.com/billing',
  ],
  tls_client_auth_san_ip: [
    // A zone (`fe80::1%eth0`) has a meaning on one computer only, and is in no certificate.
    (value) => isIP(value) !== 0 && !value.includes('%'),
    'must be an IP address, such as 203.0.113.7 or 2001:db8::7',
  ],
  tls_client_auth_san_email: [
    (value) => /^[\x21-\x3F\x41-\x7E]+@[A-Za-z0-9.-]+$/.test(value),
    'must be an e-mail address, such as billing@example.com',
  ],
};

const maxLength = 1000;

/** What is wrong with a subject that is to be registered (RFC 8705 §2.1.2), or undefined. */
export function expectedSubjectProblem(name: CheckedSubject, value: string): string | undefined {
  if (value.length > maxLength) return `must not be longer than ${maxLength} characters`;
  const [isRight, sentence] = rules[name];
  return isRight(value) ? undefined : sentence;
}
