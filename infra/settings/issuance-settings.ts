import { Duration } from 'aws-cdk-lib';
import { longestAccessTokenLifetime } from '../../functions/oauth/key-times.ts';
import { wrongValue } from './configuration-error.ts';
import { wholeNumber } from './whole-number.ts';

/** How access tokens are issued. */
export interface IssuanceProps {
  /**
   * How long an access token lives where neither its client nor its resource server says:
   * 60 seconds to a day.
   * @default Duration.hours(1)
   */
  readonly accessTokenLifetime?: Duration;
  /**
   * How long an instance of the token function remembers a client and a resource server, up to five
   * minutes. A client that is disabled, deleted or loses a grant, a key or a secret is refused within
   * this time; what it gains works at once. Duration.seconds(0): each request reads them.
   * @default Duration.seconds(30)
   */
  readonly clientCache?: Duration;
  /**
   * How long an instance of the token function answers the same client, audience, scope and certificate
   * with the same token instead of signing a new one, up to twelve hours; a token of which less than half
   * of its life is left is not given out again, and one that is bound by DPoP never is. Not for APIs that
   * take a `jti` once only.
   * @default Duration.seconds(0): each request gets a token of its own
   */
  readonly tokenReuse?: Duration;
}

/** The same in seconds, checked and without gaps. */
export interface IssuanceSettings {
  readonly accessTokenLifetime: number;
  readonly clientCache: number;
  readonly tokenReuse: number;
}

/** @throws ConfigurationError */
export const issuanceSettings = ({
  accessTokenLifetime = Duration.hours(1),
  clientCache = Duration.seconds(30),
  tokenReuse = Duration.seconds(0),
}: IssuanceProps): IssuanceSettings => ({
  accessTokenLifetime: checkAccessTokenLifetime(accessTokenLifetime.toSeconds()),
  clientCache: checkClientCache(clientCache.toSeconds()),
  tokenReuse: checkTokenReuse(tokenReuse.toSeconds()),
});

/**
 * Check lifetimes in seconds, numbers or their decimal digits.
 * @throws ConfigurationError
 */
export const checkAccessTokenLifetime = secondsWithin('accessTokenLifetime', {
  from: 60,
  to: longestAccessTokenLifetime,
});
export const checkClientCache = secondsWithin('clientCache', { from: 0, to: 300 });
export const checkTokenReuse = secondsWithin('tokenReuse', {
  from: 0,
  to: longestAccessTokenLifetime / 2,
});

function secondsWithin(name: string, bounds: { readonly from: number; readonly to: number }) {
  return (value: unknown): number => {
    const seconds = wholeNumber(value, bounds);
    if (seconds !== undefined) return seconds;
    throw wrongValue(name, value, `must be whole seconds from ${bounds.from} to ${bounds.to}`);
  };
}
