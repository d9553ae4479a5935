import type { RequestListener } from 'node:http';
import { Provider } from 'oidc-provider';
import type { TokenWork } from './work.ts';

/** The token endpoint of oidc-provider with its own in-memory adapter, all that the work can do without turned off. */
export async function oidcProvider(work: TokenWork): Promise<RequestListener> {
  const { issuer, resource, client_id, client_secret, scope, alg, jwk } = work;
  const resourceServer = {
    scope,
    accessTokenFormat: 'jwt',
    accessTokenTTL: work.accessTokenLifetime,
    jwt: { sign: { alg } },
  } as const;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id,
        client_secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_basic',
        id_token_signed_response_alg: alg,
        scope,
      },
    ],
    jwks: { keys: [{ ...jwk }] },
    scopes: [scope],
    ttl: { ClientCredentials: work.accessTokenLifetime },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        getResourceServerInfo: () => resourceServer,
      },
    },
  });
  return provider.callback();
}
