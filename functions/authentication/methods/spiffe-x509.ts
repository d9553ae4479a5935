import type { X509Certificate } from 'node:crypto';
import { leafExtensions } from '../../oauth/certificate-extensions.ts';
import { certificateUris } from '../../oauth/certificate-subject.ts';
import { invalidClient } from '../../oauth/oauth-error.ts';
import { matchesSpiffeId } from '../../oauth/spiffe-id.ts';
import type { Authenticate, CredentialsBy } from './method.ts';
import { authenticationBy, checkAuthority, checkForClients } from './tls-certificate.ts';

/**
 * `spiffe_x509` (draft-ietf-oauth-spiffe-client-auth §3.2): an X.509-SVID of an authority that the truststore has. Its
 * one URI is the client's SPIFFE ID.
 */
export const authenticateByX509Svid: Authenticate<CredentialsBy<'client_certificate'>> = async (
  { certificate: shown },
  { spiffe_id = '' },
) => {
  checkAuthority(shown);
  const { certificate } = shown;
  checkLeaf(certificate);
  const uris = certificateUris(certificate);
  if (uris.length !== 1) throw invalidClient('the certificate has not just one URI');
  const shownId = String(uris[0]);
  if (!matchesSpiffeId(shownId, spiffe_id)) {
    throw invalidClient('the certificate has another SPIFFE ID');
  }
  checkForClients(shown);
  // Of a client that has all IDs below a path, it says which one it was.
  return { entry: { ...authenticationBy(shown).entry, certificate_uri: shownId } };
};

/** (3), (4) there, and X.509-SVID §4.1, §4.3: it signs, and no certificates or revocation lists. */
function checkLeaf(certificate: X509Certificate): void {
  const { keyUsage: uses, isAuthority = false } = leafExtensions(certificate) ?? {};
  if (!uses?.has('digitalSignature')) throw invalidClient('the certificate is not for signatures');
  if (isAuthority || uses.has('keyCertSign') || uses.has('cRLSign'))
    throw invalidClient('the certificate may sign others');
}
