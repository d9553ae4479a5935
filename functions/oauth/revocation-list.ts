import type { EncodedStatusList } from './status-list.ts';

/** The `typ` of a revocation list, and its media type below `application/`. Ours: no standard has one. */
export const revocationListType = 'revocation-list+jwt';

/** Where it is, below the issuer. */
export const revocationListPath = '/revocation-list';

/** Bytes of the longest list that an authorizer reads. */
export const longestRevocationList = 4 * 1024 * 1024;

/**
 * The claims of a revocation list: a JWT by which an issuer says all that it has taken back. Each member is there, if
 * empty, so that none can be lost on the way.
 */
export interface RevocationListClaims {
  readonly iss: string;
  /** Its own URL. */
  readonly sub: string;
  /** NumericDate. Never less than in an earlier list. */
  readonly iat: number;
  /** NumericDate; one that comes later is refused. */
  readonly exp: number;
  /** Seconds that a verifier may keep it before it asks for the next one (Token Status List §5.1). */
  readonly ttl: number;
  /** client_id -> NumericDate: its tokens that were issued before are refused. */
  readonly clients: Readonly<Record<string, number>>;
  /** Identifier of a resource server -> the same. */
  readonly resources: Readonly<Record<string, number>>;
  /** Each kid whose key was revoked. */
  readonly keys: readonly string[];
  /** Each jti of a revoked token that has no place in a status list. */
  readonly tokens: readonly string[];
  /** URI -> status list, of each list that has a revoked token. */
  readonly status_lists: Readonly<Record<string, EncodedStatusList>>;
}
