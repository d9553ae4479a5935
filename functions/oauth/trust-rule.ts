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
 * Whose assertions authenticate a client that its platform identifies (RFC 7521 §4.2, RFC 7523 §3). An
 * assertion must fit every member, exactly except for `subject_glob`.
 */
export interface TrustRule {
  /** The platform's issuer identifier, byte for byte; its keys are found by discovery. */
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
