import type { Client } from '../../functions/oauth/client.ts';
import { hashClientSecret } from '../../functions/oauth/client-secret.ts';
import type { ResourceServer } from '../../functions/oauth/resource-server.ts';

/** RFC 6749 §2.3.1's example client. */
export const client_id = 's6BhdRkqt3';
export const client_secret = 'gX1fBat3bV';
export const issuer = 'https://as.example.com';
export const api = 'https://api.example.com';
export const stoppedAt = 1_700_000_000;

/** A good client of the API; the test says what is special about its own. */
export function aClient(special: Partial<Client> = {}): Client {
  return {
    client_id,
    client_name: 'A test client',
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['client_credentials'],
    grants: new Map([[api, new Set(['read', 'write'])]]),
    secrets: [aSecret(client_secret)],
    jwks: undefined,
    jwks_uri: undefined,
    strict_assertion_audience: false,
    trust: [],
    dpop_bound_access_tokens: false,
    tls_client_certificate_bound_access_tokens: false,
    access_token_lifetime: undefined,
    introspection_resources: [],
    claims: {},
    disabled: false,
    created_at: stoppedAt,
    updated_at: stoppedAt,
    ...special,
  };
}

/** A secret as it is stored. */
export function aSecret(secret: string, special: Partial<Client['secrets'][number]> = {}) {
  const hash = hashClientSecret(secret);
  return { id: 'a-secret', hash, created_at: stoppedAt, expires_at: undefined, ...special };
}

/** The API that tokens are for. */
export function aResourceServer(special: Partial<ResourceServer> = {}): ResourceServer {
  return {
    resource: api,
    scope: new Set(['read', 'write']),
    access_token_lifetime: undefined,
    claims: {},
    created_at: stoppedAt,
    updated_at: stoppedAt,
    ...special,
  };
}
