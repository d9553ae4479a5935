import type { X509Certificate } from 'node:crypto';
import type { AssertionKeys } from '../../oauth/assertion-keys.ts';
import { isKeyOf } from '../../oauth/certificate-key.ts';
import { matchesExpectedSubject } from '../../oauth/certificate-subject.ts';
import { certificateThumbprint, parseClientCertificate } from '../../oauth/client-certificate.ts';
import { invalidClient } from '../../oauth/oauth-error.ts';
import type { Authenticate, Authentication, CredentialsBy } from './method.ts';
import { keysOf } from './private-key-jwt.ts';

type AuthenticateByCertificate = Authenticate<CredentialsBy<'client_certificate'>>;

/**
 * `tls_client_auth` (RFC 8705 §2.1): a certificate of an authority that the truststore has, with the
 * one subject that is registered.
 */
export const authenticateBySubject: AuthenticateByCertificate = async (
  credentials,
  client,
  { now },
) => {
  const certificate = parseCertificate(credentials.client_certificate, now());
  // The truststore also contains the certificates of `self_signed_tls_client_auth` clients, and whoever
  // signs his own certificate chooses its subject. Not `checkIssued`, which says no where the key usage
  // lacks certificate signing.
  if (certificate.verify(certificate.publicKey)) {
    throw invalidClient('the certificate is self-signed');
  }
  if (!isForClients(certificate)) throw invalidClient('the certificate is not for TLS clients');
  if (!matchesExpectedSubject(certificate, client)) {
    throw invalidClient('the certificate has another subject');
  }
  return authenticationBy(certificate);
};

/** `self_signed_tls_client_auth` (RFC 8705 §2.2): a certificate for one of the client's keys. */
export const authenticateByCertifiedKey: AuthenticateByCertificate = async (
  credentials,
  client,
  { now, publishedKeys },
) => {
  const certificate = parseCertificate(credentials.client_certificate, now());
  const isAmong = ({ keys }: AssertionKeys) => keys.some((jwk) => isKeyOf(certificate, jwk));
  // Again with a kid that no set contains: it makes published keys be fetched anew.
  for (const kid of [undefined, certificate.fingerprint256]) {
    if (isAmong(await keysOf(client, kid, publishedKeys))) return authenticationBy(certificate);
  }
  throw invalidClient('the key of the certificate is none of the client');
};

const clientAuth = '1.3.6.1.5.5.7.3.2';

/** RFC 5280 §4.2.1.9, §4.2.1.12: not an authority's certificate, and not one for servers alone. */
function isForClients({ ca, keyUsage }: X509Certificate): boolean {
  // Node's `keyUsage` is the extended key usage.
  const purposes: readonly string[] | undefined = keyUsage;
  return !ca && (purposes === undefined || purposes.includes(clientAuth));
}

function parseCertificate(pem: string, now: number): X509Certificate {
  const certificate = parseClientCertificate(pem, now);
  if (typeof certificate === 'string') throw invalidClient(certificate);
  return certificate;
}

const authenticationBy = (certificate: X509Certificate): Authentication => ({
  entry: { 'x5t#S256': certificateThumbprint(certificate) },
});
