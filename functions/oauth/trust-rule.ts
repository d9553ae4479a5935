import type { JWK } from 'jose';

/** A JSON value that a claim may have. */
export type ClaimValue =
  | string
  | number
  | boolean
  | readonly ClaimValue[]
  | { readonly [name: string]: ClaimValue };

/** Claims by their names. */
export type ClaimValues = Readonly<Record<string, ClaimValue>>;

/**
 * Where the keys of an issuer are; without any of it they are found by discovery. With `jwks` or `jwks_uri` the issuer
 * is compared, and never asked.
 */
export interface KeySource {
  /** The keys themselves: nothing is fetched. */
  readonly jwks?: { readonly keys: readonly JWK[] } | undefined;
  /** Where they are fetched. */
  readonly jwks_uri?: string | undefined;
  /** The authorities that vouch for the server of `jwks_uri`, in PEM; no other does then. */
  readonly jwks_ca?: string | undefined;
}

/** Whether a rule says where the keys of its issuer are, so that the issuer itself is never asked. */
export const hasOwnKeys = ({ jwks, jwks_uri }: KeySource): boolean =>
  jwks !== undefined || jwks_uri !== undefined;

/**
 * Whose assertions authenticate a client that its platform identifies (RFC 7521 §4.2, RFC 7523 §3). An
 * assertion must fit every member, exactly except for `subject_glob`.
 */
export interface TrustRule extends KeySource {
  /** The platform's issuer identifier, byte for byte. */
  readonly issuer: string;
  /** `sub`. A rule has this or `subject_glob`. */
  readonly subject: string | undefined;
  /** `sub`, anchored at both ends; each `*` stands for one or more characters. */
  readonly subject_glob: string | undefined;
  /** The only value that `aud` may have. */
  readonly audience: string;
  /** Claims that the assertion must have. Of an object, only the members named here are compared. */
  readonly claims: ClaimValues;
  /** Whether each assertion counts once, and so must have a `jti`. */
  readonly single_use: boolean;
  /** Seconds that an assertion lives at most; that its issuer may date it back does not count. */
  readonly max_lifetime: number;
}

/** Seconds of `max_lifetime`. The most is a month, as long as GitLab lets a job run: its JWT lives as long. */
export const ruleLifetimes = { least: 60, most: 2_592_000 };

/** Rules that one client may have: each is a way in. */
export const maxTrustRules = 10;
