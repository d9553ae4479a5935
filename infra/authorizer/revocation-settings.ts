import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import {
  type OnStaleRevocations,
  type RevocationCheckEnvironment,
  withoutRevocations,
} from '../../functions/authorizer/revocations/environment.ts';
import { revocationListPath } from '../../functions/oauth/revocation-list.ts';
import { revocationsAccess } from '../server/revocations-access.ts';
import type { IAuthorizationServer } from '../server/server-interface.ts';
import { StaleRevocations, staleName } from '../settings/choices/stale-revocations.ts';
import { ConfigurationError } from '../settings/configuration-error.ts';
import { checkedSeconds } from '../settings/durations.ts';
import type { RevocationProps } from './revocation-props.ts';
import { type RevocationTimes, revocationTimes } from './revocation-times.ts';
import { type ReadableTable, readableTable } from './revocations-table.ts';

/** How a function comes to know what was taken back. */
export interface RevocationSettings extends RevocationTimes {
  /** Seconds for which the last list serves beyond its age. */
  readonly grace: number;
  readonly onStale: OnStaleRevocations;
  /** What it reads; undefined: it fetches the list that the issuer publishes. */
  readonly table: ReadableTable | undefined;
}

/** What is asked of it. */
interface RevocationSettingsProps extends RevocationProps {
  readonly server?: IAuthorizationServer;
  readonly resultsCacheTtl?: Duration;
}

/**
 * Reads what is to be known of tokens that were taken back.
 * @param scope where the function is
 * @param usualCache seconds that API Gateway keeps an answer where nobody says otherwise
 * @returns undefined when tokens get in until they expire
 * @throws ConfigurationError
 */
export function revocationSettings(
  scope: IConstruct,
  props: RevocationSettingsProps,
  usualCache: number,
): RevocationSettings | undefined {
  const { refuseRevokedWithin, revocationGrace, onStaleRevocations, readRevocationTable } = props;
  if (refuseRevokedWithin === undefined) return checkNothingElse(props);
  return {
    ...revocationTimes({ ...props, refuseRevokedWithin }, usualCache),
    grace: checkedSeconds(revocationGrace ?? defaultGrace, 'revocationGrace', graceLimits),
    onStale: staleName(onStaleRevocations ?? StaleRevocations.REFUSE, 'onStaleRevocations'),
    table: readRevocationTable === true ? readableTable(scope, props.server) : undefined,
  };
}

/** For how long the last list serves beyond its age where nobody says otherwise. */
export const defaultGrace = Duration.minutes(1);

const graceLimits = { from: Duration.seconds(0), to: Duration.days(1) };

/** Whoever sets one of the others believes that he is protected. */
function checkNothingElse(props: RevocationProps): undefined {
  const { readRevocationTable, revocationMaxAge, revocationGrace, onStaleRevocations } = props;
  const others = { revocationMaxAge, revocationGrace, onStaleRevocations };
  const set = { ...others, readRevocationTable: readRevocationTable || undefined };
  const [name] = Object.entries(set).find(([, value]) => value !== undefined) ?? [];
  if (name === undefined) return undefined;
  throw new ConfigurationError(
    `${name} is set, but without refuseRevokedWithin a token gets in until it expires, whatever was taken back: set ` +
      `refuseRevokedWithin, too, or leave ${name} out.`,
  );
}

/** Writes it into the environment of a function. */
export function revocationEnvironment(
  issuer: string,
  revoked: RevocationSettings | undefined,
): RevocationCheckEnvironment {
  if (revoked === undefined) return withoutRevocations;
  const { table, maxAge, grace, onStale } = revoked;
  return {
    REVOCATION_LIST: table ? 'table' : issuer + revocationListPath,
    REVOCATIONS_TABLE: table?.name ?? 'none',
    REVOCATION_MAX_AGE: String(maxAge),
    REVOCATION_GRACE: String(grace),
    ON_STALE_REVOCATIONS: onStale,
  };
}

/** Lets a function read the table, if it does. */
export function grantRevocations(
  to: LambdaFunction,
  revoked: RevocationSettings | undefined,
): void {
  if (revoked?.table) to.addToRolePolicy(revocationsAccess.read(revoked.table.arn));
}
