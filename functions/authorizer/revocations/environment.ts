/** What infra/ gives an authorizer, or a guard, about what was taken back. */
export interface RevocationCheckEnvironment {
  /** The URL of the issuer's revocation list; `table`, where its table is read in place of that; or `none`. */
  readonly REVOCATION_LIST: string;
  /** Name of the table, or `none`. */
  readonly REVOCATIONS_TABLE: string;
  /** Seconds: what was taken back longer ago is known here. */
  readonly REVOCATION_MAX_AGE: string;
  /** Seconds beyond that for which an old list serves, while no new one can be had. */
  readonly REVOCATION_GRACE: string;
  /** What comes of a request after that. */
  readonly ON_STALE_REVOCATIONS: OnStaleRevocations;
}

/** `refuse`: nobody gets in, since that cannot be told. `allow`: what was taken back last may get in. */
export type OnStaleRevocations = 'refuse' | 'allow';

/** Of an authorizer that does not ask what was taken back. */
export const withoutRevocations = {
  REVOCATION_LIST: 'none',
  REVOCATIONS_TABLE: 'none',
  REVOCATION_MAX_AGE: '5',
  REVOCATION_GRACE: '60',
  ON_STALE_REVOCATIONS: 'refuse',
} as const satisfies RevocationCheckEnvironment;
