import { authMethods, grantTypes } from '../oauth/client.ts';

/**
 * The authorization server metadata (RFC 8414 §2). It announces what works and nothing else.
 * `response_types_supported` is REQUIRED, yet §3.2 wants members without elements left out; it
 * is kept, since clients refuse a document without it.
 */
export function authorizationServerMetadata(issuer: string) {
  return {
    issuer,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    grant_types_supported: grantTypes,
    response_types_supported: [],
    token_endpoint_auth_methods_supported: authMethods,
  };
}

/**
 * The same as an OpenID provider configuration (OpenID Connect Discovery 1.0 §3), which the JWT
 * verifiers of AWS and others look for. We issue no ID token; the members that speak of them are
 * there because the document is not valid without.
 */
export function openidConfiguration(issuer: string, algorithms: readonly string[]) {
  return {
    ...authorizationServerMetadata(issuer),
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: algorithms,
  };
}
