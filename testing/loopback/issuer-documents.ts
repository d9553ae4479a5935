import {
  authorizationServerMetadata,
  openidConfiguration,
} from '../../functions/discovery/metadata.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import type { PublicJwk } from '../../functions/oauth/public-jwk.ts';

/** What an issuer at this URL publishes, by the paths: the documents of a deployment. */
export function issuerDocuments(issuer: string, jwk: PublicJwk): Readonly<Record<string, object>> {
  const server = { issuer, profile: profiles.none, authorizationEndpoint: 'none' } as const;
  return {
    '/.well-known/oauth-authorization-server': authorizationServerMetadata(server, [jwk.alg]),
    '/.well-known/openid-configuration': openidConfiguration(server, [jwk.alg]),
    '/.well-known/jwks.json': { keys: [jwk] },
  };
}
