import { type AuthMethod, grantTypes } from '../oauth/client.ts';
import { endpointPaths } from '../oauth/endpoint-paths.ts';
import type { Profile } from '../oauth/profile.ts';
import { revocationListPath } from '../oauth/revocation-list.ts';

/** The server that is described. */
export interface AuthorizationServer {
  /** The issuer identifier, without a trailing slash. */
  readonly issuer: string;
  /** The origin at which clients are asked for a certificate; absent: there is none. */
  readonly mtlsOrigin?: string | undefined;
  readonly profile: Profile;
  /** Which documents name an authorization endpoint, which refuses everything. */
  readonly authorizationEndpoint: AuthorizationEndpointStub;
}

const stubs = ['openid', 'both', 'none'] as const;

/**
 * Which documents name the authorization endpoint. `openid`: the OpenID provider configuration alone;
 * `none`: neither, and there is none.
 */
export type AuthorizationEndpointStub = (typeof stubs)[number];

/** Reads which documents name it. @throws Error for any other word, so that the cold start fails */
export function parseAuthorizationEndpointStub(word: string): AuthorizationEndpointStub {
  const known = stubs.find((stub) => stub === word);
  if (known === undefined) throw new Error(`no authorization endpoint is ${word}`);
  return known;
}

/**
 * The authorization server metadata (RFC 8414 §2). It announces what works and nothing else.
 * `response_types_supported` is REQUIRED, yet §3.2 wants members without elements left out; it
 * is kept, since clients refuse a document without it. No grant type of ours needs an
 * `authorization_endpoint`, and §2 then wants none; some clients refuse a document without it.
 * @param algorithms of the signing keys; empty: they are not known now
 */
export function authorizationServerMetadata(
  server: AuthorizationServer,
  algorithms: readonly string[],
) {
  const { issuer, mtlsOrigin, profile, authorizationEndpoint } = server;
  const offered =
    mtlsOrigin === undefined ? authMethods : [...authMethods, ...certificateAuthMethods];
  const methods = offered.filter((method) => profile.authMethods.includes(method));
  const signing = algorithms.filter(profile.maySign);
  return {
    issuer,
    ...(authorizationEndpoint === 'both' && stubOf(issuer)),
    ...endpointsBelow(issuer),
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    grant_types_supported: grantTypes,
    response_types_supported: [],
    token_endpoint_auth_methods_supported: methods,
    token_endpoint_auth_signing_alg_values_supported: profile.clientAlgorithms,
    revocation_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_signing_alg_values_supported: profile.clientAlgorithms,
    introspection_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_signing_alg_values_supported: profile.clientAlgorithms,
    // RFC 9701 §7; RFC 8414 §3.2 wants it left out where it has no elements.
    ...(signing.length > 0 && { introspection_signing_alg_values_supported: signing }),
    // RFC 9449 §5.1
    dpop_signing_alg_values_supported: profile.dpopAlgorithms,
    // RFC 8705 §3.3, §5
    ...(mtlsOrigin !== undefined && {
      tls_client_certificate_bound_access_tokens: true,
      mtls_endpoint_aliases: endpointsBelow(mtlsOrigin),
    }),
    // Ours: no standard has one.
    revocation_list_uri: `${issuer}${revocationListPath}`,
  };
}

/** The endpoints at which clients authenticate. */
const endpointsBelow = (origin: string) => ({
  token_endpoint: `${origin}${endpointPaths.token}`,
  revocation_endpoint: `${origin}${endpointPaths.revocation}`,
  introspection_endpoint: `${origin}${endpointPaths.introspection}`,
});

/** Where the authorization endpoint is, if there is one. */
export const authorizationPath = '/authorize';

const stubOf = (issuer: string) => ({ authorization_endpoint: `${issuer}${authorizationPath}` });

// The names on the wire: `federated` clients use `private_key_jwt` there.
const authMethods: readonly AuthMethod[] = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'spiffe_jwt',
];
const certificateAuthMethods: readonly AuthMethod[] = [
  'tls_client_auth',
  'self_signed_tls_client_auth',
  'spiffe_x509',
];

/**
 * The metadata as an OpenID provider configuration (OpenID Connect Discovery 1.0 §3), which the JWT
 * verifiers of AWS and others read. There are no ID tokens and no authorization requests; their members
 * are REQUIRED in this document, and clients refuse it without them.
 */
export function openidConfiguration(server: AuthorizationServer, algorithms: readonly string[]) {
  return {
    ...authorizationServerMetadata(server, algorithms),
    ...(server.authorizationEndpoint !== 'none' && stubOf(server.issuer)),
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: algorithms,
  };
}
