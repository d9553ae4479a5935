import * as client from 'openid-client';
import type { Registered } from './registration.ts';

/** Asks for a token as clients do that know nothing but the issuer. */
export async function getToken(issuer: string, { client_id, client_secret }: Registered) {
  const config = await client.discovery(
    new URL(issuer),
    client_id,
    undefined,
    client.ClientSecretBasic(client_secret),
    { algorithm: 'oauth2', execute: [client.allowInsecureRequests] },
  );
  return client.clientCredentialsGrant(config);
}
