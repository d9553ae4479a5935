import type { StatusPlace } from './status-list.ts';

/** What can be taken back: one token, or all tokens of a client, for a resource server, or signed by a key. */
export const revocableKinds = ['token', 'client', 'resource', 'key'] as const;
export type RevocableKind = (typeof revocableKinds)[number];

/** That something was taken back. All times are NumericDates. */
export interface Revocation {
  readonly kind: RevocableKind;
  /** `jti` of the token, `client_id`, identifier of the resource server, or `kid`. */
  readonly id: string;
  /** Of a client or a resource server: its tokens that were issued before are refused. */
  readonly not_before?: number | undefined;
  /** Of a token that has one. */
  readonly status?: StatusPlace | undefined;
  /**
   * Of a token: whose it is, and when it was issued, if that is known. If the list gets too long, all tokens of the
   * client up to this one are refused in its place.
   */
  readonly client_id?: string | undefined;
  readonly iat?: number | undefined;
  /** When, by a clock of AWS. */
  readonly revoked_at: number;
  /** When the last token that it is about has expired, and it is forgotten. */
  readonly expires_at: number;
}

/** Where revocations are written. */
export interface RevocationStore {
  /**
   * Notes a revocation. One of the same thing that is noted already stays, unless the new one refuses more
   * of its tokens, or alone has the place of a token. @throws RetryLater 503 when it cannot be written
   */
  note(revocation: Revocation): Promise<void>;
  /**
   * Has a client or a resource server that refuses tokens up to a time to come refuse those up to this
   * `not_before` instead. It never refuses more by this, and what is not noted stays so.
   * @returns whether it is noted, however long ago
   * @throws RetryLater 503 when it cannot be written
   */
  lift(revocation: Revocation): Promise<boolean>;
  /**
   * The time by the clock of the store (NumericDate): that of an operator's computer may be wrong.
   * @throws RetryLater 503 when it does not say
   */
  time(): Promise<number>;
}

/** Where revocations are read. */
export interface RevocationLog {
  /**
   * Reads all that were noted or changed since, and are not yet forgotten, in pages, the oldest first.
   * @param revoked_at NumericDate; 0: all there are
   * @throws RetryLater 503 when they cannot be read
   */
  since(revoked_at: number): AsyncIterable<readonly Revocation[]>;
}

/**
 * Whether a token was taken back by itself, by its `jti`, until a moment ago.
 * @throws RetryLater 503 when that cannot be read
 */
export type IsTokenRevoked = (jti: string) => Promise<boolean>;
