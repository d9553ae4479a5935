import { randomUUID } from 'node:crypto';
import type { parseAssertionKeys } from '../../functions/oauth/assertion-keys.ts';
import { cachedRecords } from '../../functions/oauth/cached-records.ts';
import type { Client } from '../../functions/oauth/client.ts';
import { hashClientSecret, newClientSecret } from '../../functions/oauth/client-secret.ts';
import { noNonces } from '../../functions/oauth/dpop-nonce.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import { createHandler, type TokenEndpoint } from '../../functions/token/handler.ts';
import { noTokenReuse } from '../../functions/token/token-reuse.ts';
import type { Answering } from './in-process.ts';

export const issuer = 'https://as.example.com';
export const api = 'https://api.example.com';
export const client_secret = newClientSecret();

/** The keys of platforms, by issuer. */
export const platformKeys = new Map<string, ReturnType<typeof parseAssertionKeys>>();

/** A client of the bench, with whatever is special about it. */
export function benchClient(special: Partial<Client>): Client {
  return {
    client_id: '',
    client_name: 'bench',
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['client_credentials'],
    grants: new Map([[api, new Set(['read'])]]),
    secrets: [
      { id: 'a', hash: hashClientSecret(client_secret), created_at: 0, expires_at: undefined },
    ],
    jwks: undefined,
    jwks_uri: undefined,
    strict_assertion_audience: false,
    trust: [],
    dpop_bound_access_tokens: false,
    tls_client_certificate_bound_access_tokens: false,
    access_token_lifetime: undefined,
    disabled: false,
    created_at: 0,
    updated_at: 0,
    ...special,
  };
}

const signature = new Uint8Array(256);
const now = () => Math.floor(Date.now() / 1000);

/** The token endpoint, where the stores and the signing key answer at once: what is left is our work. */
export function benchHandler(
  clients: readonly Client[],
  special: Partial<TokenEndpoint> = {},
): ReturnType<typeof createHandler> {
  const byId = new Map(clients.map((client) => [client.client_id, client]));
  return createHandler({
    issuer,
    tokenEndpoints: [`${issuer}/token`],
    accessTokenLifetime: 3600,
    records: {
      clients: cached(async (client_id) => byId.get(client_id)),
      resourceServers: cached(async (resource) => ({ ...benchResourceServer, resource })),
    },
    clientSecretMethod: 'any',
    failedAttempts: { check: () => undefined, record: async () => undefined },
    publishedKeys: {
      ofJwksUri: unknownKeys,
      ofIssuer: async (iss) => platformKeys.get(iss) ?? unknownKeys(),
    },
    reuse: noTokenReuse,
    profile: profiles.none,
    nonces: noNonces,
    replays: { firstUse: async () => true },
    signingKeys: {
      active: async () => ({ alg: 'RS256', kid: 'bench', sign: async () => signature }),
      successorOf: async () => undefined,
    },
    now,
    newJti: randomUUID,
    audit: () => undefined,
    ...special,
  });
}

const cached = <Kind extends object>(read: (id: string) => Promise<Kind | undefined>) =>
  cachedRecords({ read, seconds: 30, now });

/** The API of the bench. */
export const benchResourceServer = {
  resource: api,
  scope: new Set(['read']),
  access_token_lifetime: undefined,
  created_at: 0,
  updated_at: 0,
};

async function unknownKeys(): Promise<never> {
  throw new Error('no such keys');
}

/** What sends its requests to a token endpoint. */
export const asking = (
  name: string,
  handler: ReturnType<typeof createHandler>,
  event: () => Promise<object>,
): Answering => ({
  name,
  prepare: event,
  async answer(prepared) {
    const { statusCode, body } = await handler(prepared);
    if (statusCode !== 200) throw new Error(body);
  },
});
