import type { Scope } from './scope.ts';

/** How a client proves itself (RFC 7591 §2, `token_endpoint_auth_method`). */
export const authMethods = ['client_secret_basic', 'client_secret_post'] as const;
export type AuthMethod = (typeof authMethods)[number];

/** The grant types of this server (RFC 6749 §4.4). */
export const grantTypes = ['client_credentials'] as const;
export type GrantType = (typeof grantTypes)[number];

/** One secret of a client; the secret itself is nowhere, only its hash. */
export interface ClientSecret {
  readonly id: string;
  /** See client-secret.ts for the format. */
  readonly hash: string;
  /** NumericDate. */
  readonly created_at: number;
  /** NumericDate; absent: it does not expire. */
  readonly expires_at: number | undefined;
}

/** A client may have this many secrets at once, so that it can change them without a gap. */
export const maxSecrets = 5;

/** A registered machine (RFC 6749 §2.2). Names on the wire are RFC 7591's. */
export interface Client {
  readonly client_id: string;
  readonly client_name: string;
  readonly token_endpoint_auth_method: AuthMethod;
  readonly grant_types: readonly string[];
  /** Resource server -> the scopes that the client may have there. */
  readonly grants: ReadonlyMap<string, Scope>;
  readonly secrets: readonly ClientSecret[];
  /** Seconds that its tokens live; absent: the resource server's, then the deployment's. */
  readonly access_token_lifetime: number | undefined;
  readonly disabled: boolean;
  /** NumericDate. */
  readonly created_at: number;
  readonly updated_at: number;
}

/** RFC 6749 Appendix A.1 allows VSCHAR; the length keeps a registry key within DynamoDB's limit. */
export const isClientId = (text: string): boolean => /^[\x20-\x7E]{1,256}$/.test(text);

/** Where clients are found. Fails with `temporarily_unavailable` when it cannot tell. */
export interface ClientStore {
  find(client_id: string): Promise<Client | undefined>;
}
