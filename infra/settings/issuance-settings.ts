import { Duration } from 'aws-cdk-lib';
import { longestAccessTokenLifetime } from '../../functions/oauth/key-times.ts';
import { longestRecordCache } from '../../functions/oauth/record-times.ts';
import {
  type ClaimsHookProps,
  type ClaimsHookSettings,
  claimsHookSettings,
} from './claims-hook-settings.ts';
import { checkedSeconds } from './durations.ts';
import { checkWholeNumber } from './setting-checks.ts';

/**
 * How access tokens are issued.
 * @internal
 */
export interface IssuanceProps extends ClaimsHookProps {
  /**
   * How long an access token lives where neither its client nor its resource server says:
   * 60 seconds to a day.
   * @default Duration.hours(1)
   */
  readonly accessTokenLifetime?: Duration;
  /**
   * How long an instance of the token function caches a client and a resource server, up to five
   * minutes. A client that is disabled, deleted or loses a grant, a key or a secret is refused within
   * this time and the moment, usually under a second, by which an eventually consistent read is late; what
   * it gains works at once. Duration.seconds(0): each request reads them, with strong consistency.
   * @default Duration.seconds(30)
   */
  readonly clientCache?: Duration;
  /**
   * How long an instance of the token function answers the same client, audience, scope and certificate
   * with the same token instead of signing a new one, up to twelve hours; a token of which less than half
   * of its life is left is not given out again, and one that is bound by DPoP never is. One that was revoked is
   * given out for five seconds more at most, and the moment by which an eventually consistent read is late: before
   * that, an instance looks it up, once in these seconds. Not for APIs that take a `jti` once only.
   * @default Duration.seconds(0): each request gets a token of its own
   */
  readonly tokenReuse?: Duration;
}

/** The same in seconds, checked and without gaps. */
export interface IssuanceSettings {
  readonly accessTokenLifetime: number;
  readonly clientCache: number;
  readonly tokenReuse: number;
  readonly claimsHook: ClaimsHookSettings;
}

/** @throws ConfigurationError */
export const issuanceSettings = ({
  accessTokenLifetime = Duration.hours(1),
  clientCache = Duration.seconds(30),
  tokenReuse = Duration.seconds(0),
  ...hook
}: IssuanceProps): IssuanceSettings => ({
  accessTokenLifetime: checkedSeconds(accessTokenLifetime, 'accessTokenLifetime', lifetimes),
  clientCache: checkedSeconds(clientCache, 'clientCache', cacheTimes),
  tokenReuse: checkedSeconds(tokenReuse, 'tokenReuse', reuseTimes),
  claimsHook: claimsHookSettings(hook),
});

const lifetimes = {
  from: Duration.seconds(60),
  to: Duration.seconds(longestAccessTokenLifetime),
};
const cacheTimes = { from: Duration.seconds(0), to: Duration.seconds(longestRecordCache) };
const reuseTimes = {
  from: Duration.seconds(0),
  to: Duration.seconds(longestAccessTokenLifetime / 2),
};

const wholeSeconds = ({ from, to }: { readonly from: Duration; readonly to: Duration }) =>
  checkWholeNumber({ of: 'seconds', from: from.toSeconds(), to: to.toSeconds() });

/** Checks how long an access token lives. */
export const checkAccessTokenLifetime = wholeSeconds(lifetimes);

/** Checks how long records are cached. */
export const checkClientCache = wholeSeconds(cacheTimes);

/** Checks how long a token is given out again. */
export const checkTokenReuse = wholeSeconds(reuseTimes);
