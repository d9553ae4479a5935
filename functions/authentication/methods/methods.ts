import type { AuthMethod, Client } from '../../oauth/client.ts';
import { authenticateBySecret } from './client-secret.ts';
import { authenticateByPlatform } from './federated.ts';
import type {
  Authenticate,
  Authentication,
  AuthenticationContext,
  CredentialsBy,
} from './method.ts';
import { authenticateByOwnKey } from './private-key-jwt.ts';
import type { ReadCredentials } from './read-credentials.ts';
import { authenticateByJwtSvid } from './spiffe-jwt.ts';
import { authenticateByX509Svid } from './spiffe-x509.ts';
import { authenticateByCertifiedKey, authenticateBySubject } from './tls-certificate.ts';

type Way = ReadCredentials['way'];

/** Authenticates a client by the credentials of one request. */
export type AuthenticateClient = (
  client: Client,
  context: AuthenticationContext,
) => Authentication | Promise<Authentication>;

/** How credentials authenticate a client of a method; undefined: they came on the way of another. */
type Method = (credentials: ReadCredentials) => AuthenticateClient | undefined;

/**
 * A client with a secret may send it either way: RFC 6749 §2.3.1 has servers take Basic, and the body is
 * what many clients do by default.
 */
const secret = by(['client_secret_basic', 'client_secret_post'], authenticateBySecret);

/** The methods of client authentication. A further one is an entry here. */
export const methods: Readonly<Record<AuthMethod, Method>> = {
  client_secret_basic: secret,
  client_secret_post: secret,
  private_key_jwt: by(['client_assertion'], authenticateByOwnKey),
  federated: by(['client_assertion'], authenticateByPlatform),
  tls_client_auth: by(['client_certificate'], authenticateBySubject),
  self_signed_tls_client_auth: by(['client_certificate'], authenticateByCertifiedKey),
  spiffe_jwt: by(['jwt_svid'], authenticateByJwtSvid),
  spiffe_x509: by(['client_certificate'], authenticateByX509Svid),
};

/** Checks credentials by the method that they are of, for a client that is registered for another one. */
export function otherMethod(credentials: ReadCredentials): AuthenticateClient {
  switch (credentials.way) {
    case 'client_assertion':
      return (client, context) => authenticateByOwnKey(credentials, client, context);
    case 'jwt_svid':
      return (client, context) => authenticateByJwtSvid(credentials, client, context);
    case 'client_certificate':
      return (client, context) => authenticateByCertifiedKey(credentials, client, context);
    default:
      return (client, context) => authenticateBySecret(credentials, client, context);
  }
}

function by<W extends Way>(
  ways: readonly W[],
  authenticate: Authenticate<CredentialsBy<W>>,
): Method {
  const cameOnOneOf = (credentials: ReadCredentials): credentials is CredentialsBy<W> =>
    ways.some((way) => way === credentials.way);
  return (credentials) =>
    cameOnOneOf(credentials)
      ? (client, context) => authenticate(credentials, client, context)
      : undefined;
}
