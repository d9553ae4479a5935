import type { JWK } from 'jose';
import type { AuthMethod, ClientSecret, ExpectedSubject } from '../../functions/oauth/client.ts';
import type { CustomClaims } from '../../functions/oauth/custom-claims.ts';

/** A resource server as it is to be, in the words of a file or a construct. Absent members have their defaults. */
export interface DeclaredResourceServer {
  readonly resource: string;
  /** Scope-tokens, with spaces between (RFC 6749 §3.3). */
  readonly scope: string;
  /** Seconds. @default the deployment's */
  readonly access_token_lifetime?: number | undefined;
  /** @default none */
  readonly claims?: CustomClaims | undefined;
}

/** A client as it is to be, by RFC 7591's names. Absent members have their defaults. */
export interface DeclaredClient extends ExpectedSubject {
  readonly client_id: string;
  /** @default the client_id */
  readonly client_name?: string | undefined;
  /** @default client_secret_basic */
  readonly token_endpoint_auth_method?: AuthMethod | undefined;
  /** Resource server -> scope-tokens, with spaces between. @default none */
  readonly grants?: Readonly<Record<string, string>> | undefined;
  /** Seconds. @default the resource server's */
  readonly access_token_lifetime?: number | undefined;
  readonly dpop_bound_access_tokens?: boolean | undefined;
  readonly tls_client_certificate_bound_access_tokens?: boolean | undefined;
  readonly introspection_resources?: readonly string[] | undefined;
  readonly jwks?: { readonly keys: readonly JWK[] } | undefined;
  readonly jwks_uri?: string | undefined;
  readonly strict_assertion_audience?: boolean | undefined;
  /** Trust rules, or their short forms by platform, as files of `client create --trust` have them. */
  readonly trust?: readonly object[] | undefined;
  readonly spiffe_id?: string | undefined;
  readonly spiffe_bundle_endpoint?: string | undefined;
  /** @default none */
  readonly claims?: CustomClaims | undefined;
  /** @default as it is; a new client is not */
  readonly disabled?: boolean | undefined;
  /** Where whoever applies a file puts the secret that he makes for a client without one. @default nowhere */
  readonly secret?: { readonly secrets_manager: string } | undefined;
  /**
   * Secrets that the client has to have, too; one is there when the record has its id or its hash. No file has
   * them: they come from a program.
   * @default none
   */
  readonly secrets?: readonly ClientSecret[] | undefined;
}

/** Clients and resource servers as they are to be. */
export interface Declaration {
  readonly resource_servers: readonly DeclaredResourceServer[];
  readonly clients: readonly DeclaredClient[];
}
