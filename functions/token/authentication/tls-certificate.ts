import type { X509Certificate } from 'node:crypto';
import type { AssertionKeys } from '../../oauth/assertion-keys.ts';
import { isKeyOf } from '../../oauth/certificate-key.ts';
import { matchesExpectedSubject } from '../../oauth/certificate-subject.ts';
import { certificateThumbprint, parseClientCertificate } from '../../oauth/client-certificate.ts';
import { invalidClient } from '../../oauth/oauth-error.ts';
import type { CredentialsBy, Proof, Prove } from './method.ts';
import { keysOf } from './private-key-jwt.ts';

type ProveByCertificate = Prove<CredentialsBy<'client_certificate'>>;

/**
 * `tls_client_auth` (RFC 8705 §2.1): a certificate of an authority that the truststore has, with the
 * one subject that is registered.
 */
export const proveBySubject: ProveByCertificate = async (credentials, client, { now }) => {
  const certificate = parseCertificate(credentials.client_certificate, now());
  // The truststore vouches for certificates of `self_signed_tls_client_auth` too, and whoever signs
  // his own may call himself as he likes. By the signature: checkIssued also asks what a key is for.
  if (certificate.verify(certificate.publicKey)) {
    throw invalidClient('the certificate is self-signed');
  }
  if (!isForClients(certificate)) throw invalidClient('the certificate is not for TLS clients');
  if (!matchesExpectedSubject(certificate, client)) {
    throw invalidClient('the certificate has another subject');
  }
  return proofOf(certificate);
};

/** `self_signed_tls_client_auth` (RFC 8705 §2.2): a certificate for one of the client's keys. */
export const proveByCertifiedKey: ProveByCertificate = async (
  credentials,
  client,
  { now, publishedKeys },
) => {
  const certificate = parseCertificate(credentials.client_certificate, now());
  const isAmong = ({ keys }: AssertionKeys) => keys.some((jwk) => isKeyOf(certificate, jwk));
  // The second time for a name that no set has, so that published keys may be fetched again.
  for (const kid of [undefined, certificate.fingerprint256]) {
    if (isAmong(await keysOf(client, kid, publishedKeys))) return proofOf(certificate);
  }
  throw invalidClient('the key of the certificate is none of the client');
};

const clientAuth = '1.3.6.1.5.5.7.3.2';

/** RFC 5280 §4.2.1.9, §4.2.1.12: no authority's, and not one of a server alone. */
function isForClients({ ca, keyUsage }: X509Certificate): boolean {
  // What Node calls the key usage is the extended one.
  const purposes: readonly string[] | undefined = keyUsage;
  return !ca && (purposes === undefined || purposes.includes(clientAuth));
}

function parseCertificate(pem: string, now: number): X509Certificate {
  const certificate = parseClientCertificate(pem, now);
  if (typeof certificate === 'string') throw invalidClient(certificate);
  return certificate;
}

const proofOf = (certificate: X509Certificate): Proof => ({
  'x5t#S256': certificateThumbprint(certificate),
});
