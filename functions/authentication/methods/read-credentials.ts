import { readAssertion, readSvid, type UnverifiedAssertion } from './client-assertion.ts';
import type { ClientCredentials } from './presented-credentials.ts';
import { readCertificate, type ShownCertificate } from './tls-certificate.ts';

/** The credentials of a request, of which all is known that can be known without its client. */
export type ReadCredentials = { readonly client_id: string } & (
  | {
      readonly way: 'client_secret_basic' | 'client_secret_post';
      readonly client_secret: string;
      /** Whom slow work is counted for; see client-request.ts. */
      readonly source: string;
    }
  | { readonly way: 'client_assertion'; readonly assertion: UnverifiedAssertion }
  | { readonly way: 'jwt_svid'; readonly assertion: UnverifiedAssertion }
  | { readonly way: 'client_certificate'; readonly certificate: ShownCertificate }
);

/**
 * Reads the credentials of a request, without its client: what is refused here is refused for every client
 * alike, and in the same time.
 * @param from whence they came, and when (NumericDate)
 * @throws OAuthError `invalid_client`
 */
export function readCredentials(
  credentials: ClientCredentials,
  { source, now }: { readonly source: string; readonly now: () => number },
): ReadCredentials {
  const { client_id, way } = credentials;
  switch (way) {
    case 'client_assertion':
      return { client_id, way, assertion: readAssertion(credentials.client_assertion) };
    case 'jwt_svid':
      return { client_id, way, assertion: readSvid(credentials.client_assertion) };
    case 'client_certificate':
      return {
        client_id,
        way,
        certificate: readCertificate(credentials.client_certificate, now()),
      };
    default:
      return { ...credentials, source };
  }
}
