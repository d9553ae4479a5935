import type { Duration } from 'aws-cdk-lib';
import type { StaleRevocations } from '../settings/choices/stale-revocations.ts';

/**
 * How soon an API refuses tokens that were taken back before they expire.
 * @internal
 */
export interface RevocationProps {
  /**
   * Within how long a token is refused after it was taken back, at least 4 seconds: by itself, or with all
   * tokens of its client, for its resource server, or of its key. It holds while the issuer can be reached.
   * For tokens of Countersign alone: others publish no such list.
   * @default a token that was taken back gets in until it expires
   */
  readonly refuseRevokedWithin?: Duration;
  /**
   * How old the list of what was taken back may get, which each instance of the function keeps. Two seconds,
   * this, and the result cache of API Gateway together are at most `refuseRevokedWithin`.
   * @default Duration.seconds(5), or what `refuseRevokedWithin` leaves
   */
  readonly revocationMaxAge?: Duration;
  /**
   * For how long the last list serves beyond that age, while no newer one can be had.
   * @default Duration.seconds(60)
   */
  readonly revocationGrace?: Duration;
  /**
   * What comes of requests after that time, and of those before there is a first list.
   * @default StaleRevocations.REFUSE
   */
  readonly onStaleRevocations?: StaleRevocations;
  /**
   * Whether the function reads what was taken back from the table of `server`, in place of the list that it
   * publishes. The table has to be in the account and the Region of the function.
   * @default false
   */
  readonly readRevocationTable?: boolean;
}
