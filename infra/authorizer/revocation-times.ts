import { Duration } from 'aws-cdk-lib';
import { ConfigurationError } from '../settings/configuration-error.ts';
import { checkedSeconds } from '../settings/durations.ts';
import type { RevocationProps } from './revocation-props.ts';

/** Of what the time until a token is refused consists, in seconds. */
export interface RevocationTimes {
  /** How old the list may get. */
  readonly maxAge: number;
  /** For how long API Gateway keeps an answer. */
  readonly resultsCache: number;
  /** For how long it may. */
  readonly longestCache: number;
}

/** What is asked of these times. */
export interface TimesProps extends Pick<RevocationProps, 'revocationMaxAge'> {
  readonly refuseRevokedWithin: Duration;
  readonly resultsCacheTtl?: Duration;
}

/** Seconds until a list is made and fetched: its publisher reads the table once in one of them. */
const onTheWay = 2;

const leastMaxAge = 1;

/** What is usual, as far as there is time for it. */
const usualMaxAge = 5;

/**
 * Divides the time within which a token has to be refused.
 * @param usualCache seconds that API Gateway keeps an answer where nobody says otherwise
 * @throws ConfigurationError that names the sum, where there is too little time for what is asked
 */
export function revocationTimes(props: TimesProps, usualCache: number): RevocationTimes {
  const { refuseRevokedWithin, revocationMaxAge, resultsCacheTtl } = props;
  const within = checkedSeconds(refuseRevokedWithin, 'refuseRevokedWithin', limits.within);
  const asked =
    resultsCacheTtl && checkedSeconds(resultsCacheTtl, 'resultsCacheTtl', limits.resultsCache);
  const maxAge = revocationMaxAge
    ? checkedSeconds(revocationMaxAge, 'revocationMaxAge', limits.maxAge)
    : Math.max(leastMaxAge, Math.min(usualMaxAge, within - onTheWay - (asked ?? 0)));
  const longestCache = Math.max(0, within - onTheWay - maxAge);
  const resultsCache = asked ?? Math.min(usualCache, longestCache);
  const sum = onTheWay + maxAge + resultsCache;
  if (sum <= within) return { maxAge, resultsCache, longestCache };
  throw new ConfigurationError(
    `refuseRevokedWithin is ${seconds(within)}, but with ${onTheWay} until a list is made and fetched, ` +
      `${maxAge} of revocationMaxAge and ${resultsCache} of resultsCacheTtl it takes up to ${seconds(sum)}: make one ` +
      `of these two less, or set refuseRevokedWithin to Duration.seconds(${sum}).`,
  );
}

const seconds = (count: number): string => `${count} seconds`;

const limits = {
  within: { from: Duration.seconds(4), to: Duration.hours(2) },
  maxAge: { from: Duration.seconds(leastMaxAge), to: Duration.hours(1) },
  resultsCache: { from: Duration.seconds(0), to: Duration.hours(1) },
} as const;
