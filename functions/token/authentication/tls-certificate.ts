import type { X509Certificate } from 'node:crypto';
import type { AssertionKeys } from '../../oauth/assertion-keys.ts';
import { type CertifiedKey, certifiedKey, isKeyOf } from '../../oauth/certificate-key.ts';
import { matchesExpectedSubject } from '../../oauth/certificate-subject.ts';
import { certificateThumbprint, parseClientCertificate } from '../../oauth/client-certificate.ts';
import { keyFaults, readPublicKey } from '../../oauth/foreign-key.ts';
import { invalidClient, noKeyFits } from '../../oauth/oauth-error.ts';
import type { Authenticate, Authentication, CredentialsBy } from './method.ts';
import { keysOf } from './private-key-jwt.ts';

/** A certificate that may authenticate a client. */
export interface ShownCertificate {
  readonly certificate: X509Certificate;
  readonly certified: CertifiedKey;
  readonly isSelfSigned: boolean;
}

type AuthenticateByCertificate = Authenticate<CredentialsBy<'client_certificate'>>;

/**
 * `tls_client_auth` (RFC 8705 §2.1): a certificate of an authority that the truststore has, with the
 * one subject that is registered.
 */
export const authenticateBySubject: AuthenticateByCertificate = async (
  { certificate: shown },
  client,
) => {
  checkForClients(shown);
  const { certificate } = shown;
  if (!matchesExpectedSubject(certificate, client)) {
    throw invalidClient('the certificate has another subject');
  }
  return authenticationBy(certificate);
};

/** `self_signed_tls_client_auth` (RFC 8705 §2.2): a certificate for one of the client's keys. */
export const authenticateByCertifiedKey: AuthenticateByCertificate = async (
  { certificate: { certificate, certified } },
  client,
  { publishedKeys },
) => {
  const find = keysOf(client, publishedKeys);
  const isAmong = ({ keys }: AssertionKeys) => keys.some((jwk) => isKeyOf(certified, jwk));
  const cached = await find();
  const newest = isAmong(cached) ? cached : await find(cached);
  if (isAmong(newest)) return authenticationBy(certificate);
  throw noKeyFits(newest.reason ?? 'the key of the certificate is none of the client');
};

/**
 * Reads the certificate of a connection: its dates, its key, and who has signed it.
 * @param now NumericDate
 * @throws OAuthError `invalid_client`
 */
export function readCertificate(pem: string, now: number): ShownCertificate {
  const certificate = parseClientCertificate(pem, now);
  if (typeof certificate === 'string') throw invalidClient(certificate);
  const certified = certifiedKey(certificate);
  // By a weak key anybody could have shown that the certificate is his.
  const read = readPublicKey({ ...certified.key });
  if (typeof read === 'string')
    throw invalidClient(`the key of the certificate ${keyFaults[read]}`);
  // Not `checkIssued`, which says no where the key usage lacks certificate signing.
  return { certificate, certified, isSelfSigned: certificate.verify(certificate.publicKey) };
}

/**
 * Checks that an authority has made a certificate, and for a client.
 * @throws OAuthError `invalid_client`
 */
export function checkForClients({ certificate, isSelfSigned }: ShownCertificate): void {
  // The truststore also contains the certificates of `self_signed_tls_client_auth` clients, and whoever
  // signs his own certificate chooses its subject.
  if (isSelfSigned) throw invalidClient('the certificate is self-signed');
  if (!isForClients(certificate)) throw invalidClient('the certificate is not for TLS clients');
}

const clientAuth = '1.3.6.1.5.5.7.3.2';

/** RFC 5280 §4.2.1.9, §4.2.1.12: not an authority's certificate, and not one for servers alone. */
function isForClients({ ca, keyUsage }: X509Certificate): boolean {
  // Node's `keyUsage` is the extended key usage.
  const purposes: readonly string[] | undefined = keyUsage;
  return !ca && (purposes === undefined || purposes.includes(clientAuth));
}

/** How a client has authenticated that has shown a certificate. */
export const authenticationBy = (certificate: X509Certificate): Authentication => ({
  entry: { 'x5t#S256': certificateThumbprint(certificate) },
});
