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
 * Whose assertions authenticate a client that its platform identifies (RFC 7521 §4.2, RFC 7523
 * §3): all members must agree, each exactly, but for `subject_glob`.
 */
export interface TrustRule {
  /** The platform's issuer identifier, to the byte; its keys are found by discovery. */
  readonly issuer: string;
  /** `sub`. A rule has this or `subject_glob`. */
  readonly subject: string | undefined;
  /** `sub`, anchored at both ends; each `*` stands for one or more characters. */
  readonly subject_glob: string | undefined;
  /** The only value that `aud` may have. */
  readonly audience: string;
  /** What else the assertion must say; of an object, the members that are named here. */
  readonly claims: ClaimValues;
  /** Whether each assertion must have a `jti` and counts once. */
  readonly single_use: boolean;
  /** Seconds from `iat` to `exp` at most. */
  readonly max_lifetime: number;
}

/** The rules that one client may have: each may be somebody's way in. */
export const maxTrustRules = 10;
