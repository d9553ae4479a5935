import type { AuthMethod, Client } from '../../oauth/client.ts';
import type { ClientCredentials } from '../presented-credentials.ts';
import { proveBySecret } from './client-secret.ts';
import { proveByPlatform } from './federated.ts';
import type { CredentialsBy, Proof, Prove, Proving } from './method.ts';
import { proveByOwnKey } from './private-key-jwt.ts';
import { proveByCertifiedKey, proveBySubject } from './tls-certificate.ts';

type Way = ClientCredentials['way'];

/** Proves a client. */
type ProveClient = (client: Client, proving: Proving) => Promise<Proof>;

/** How credentials prove a client of a method; undefined: they came on the way of another. */
type Method = (credentials: ClientCredentials) => ProveClient | undefined;

/** The methods of client authentication. A further one is an entry here. */
export const methods: Readonly<Record<AuthMethod, Method>> = {
  client_secret_basic: by('client_secret_basic', proveBySecret),
  client_secret_post: by('client_secret_post', proveBySecret),
  private_key_jwt: by('client_assertion', proveByOwnKey),
  federated: by('client_assertion', proveByPlatform),
  tls_client_auth: by('client_certificate', proveBySubject),
  self_signed_tls_client_auth: by('client_certificate', proveByCertifiedKey),
};

function by<W extends Way>(way: W, prove: Prove<CredentialsBy<W>>): Method {
  const isOfThisWay = (credentials: ClientCredentials): credentials is CredentialsBy<W> =>
    credentials.way === way;
  return (credentials) =>
    isOfThisWay(credentials) ? (client, proving) => prove(credentials, client, proving) : undefined;
}
