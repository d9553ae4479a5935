import type { JWK } from 'jose';
import type { CustomClaims } from './custom-claims.ts';
import type { Scope } from './scope.ts';
import type { TrustRule } from './trust-rule.ts';

/**
 * How a client authenticates (RFC 7591 §2, RFC 8705 §2.1.1, §2.2.1, draft-ietf-oauth-spiffe-client-auth §4). `federated` is our word: the
 * assertion is a JWT that a platform gives the client; on the wire it is sent as for `private_key_jwt`.
 */
export const authMethods = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'federated',
  'tls_client_auth',
  'self_signed_tls_client_auth',
  'spiffe_jwt',
  'spiffe_x509',
] as const;
export type AuthMethod = (typeof authMethods)[number];

/** The grant types of this server (RFC 6749 §4.4). */
export const grantTypes = ['client_credentials'] as const;
export type GrantType = (typeof grantTypes)[number];

/** One secret of a client. Only its hash is stored. */
export interface ClientSecret {
  readonly id: string;
  /** See client-secret.ts for the format. */
  readonly hash: string;
  /** NumericDate. */
  readonly created_at: number;
  /** NumericDate; absent: it does not expire. */
  readonly expires_at: number | undefined;
}

/** Secrets that a client may have at once; more than one, so that it can change them without a gap. */
export const maxSecrets = 5;

/** Public keys of a client (RFC 7591 §2, RFC 7517 §5). */
export interface ClientJwks {
  readonly keys: readonly JWK[];
}

/** What `tls_client_auth` may expect a certificate to name (RFC 8705 §2.1.2). */
export const certificateSubjects = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
] as const;
export type CertificateSubject = (typeof certificateSubjects)[number];

/** The subject that a client's certificate must have. A `tls_client_auth` client has exactly one. */
export type ExpectedSubject = { readonly [Name in CertificateSubject]?: string | undefined };

/** A registered machine (RFC 6749 §2.2). Names on the wire are RFC 7591's and RFC 8705's. */
export interface Client extends ExpectedSubject {
  readonly client_id: string;
  readonly client_name: string;
  readonly token_endpoint_auth_method: AuthMethod;
  readonly grant_types: readonly string[];
  /** Resource server -> the scopes that the client may have there. */
  readonly grants: ReadonlyMap<string, Scope>;
  readonly secrets: readonly ClientSecret[];
  /** RFC 7591 §2: the public keys of a client of `private_key_jwt` or `self_signed_tls_client_auth`. */
  readonly jwks: ClientJwks | undefined;
  /** Where the client publishes these keys. A client has this or `jwks`, never both. */
  readonly jwks_uri: string | undefined;
  /** Whether an assertion must name the issuer alone as its audience, not the token endpoint. */
  readonly strict_assertion_audience: boolean;
  /** The rules of a `federated` client; an assertion must fit one of them. */
  readonly trust: readonly TrustRule[];
  /** The SPIFFE ID of a `spiffe_jwt` or `spiffe_x509` client, or all those below a path that ends in `/*`. */
  readonly spiffe_id?: string | undefined;
  /** Where the trust domain of a `spiffe_jwt` client publishes its bundle. */
  readonly spiffe_bundle_endpoint?: string | undefined;
  /** RFC 9449 §5.2: whether all its tokens are bound to a DPoP key. */
  readonly dpop_bound_access_tokens: boolean;
  /** RFC 8705 §3.4: whether all its tokens are bound to its TLS certificate. */
  readonly tls_client_certificate_bound_access_tokens: boolean;
  /** Seconds that its tokens live; absent: the resource server's, then the deployment's. */
  readonly access_token_lifetime: number | undefined;
  /** Identifiers of the resource servers whose tokens it may introspect (RFC 7662). */
  readonly introspection_resources: readonly string[];
  /** What the owner adds to its tokens, over what their resource server adds. */
  readonly claims: CustomClaims;
  /** NumericDate: its tokens that were issued before are refused, and not given out again. */
  readonly tokens_not_before?: number | undefined;
  readonly disabled: boolean;
  /** NumericDate. */
  readonly created_at: number;
  readonly updated_at: number;
}

/** RFC 6749 Appendix A.1 allows VSCHAR; the length keeps a registry key within DynamoDB's limit. */
export const isClientId = (text: string): boolean => /^[\x20-\x7E]{1,256}$/.test(text);
