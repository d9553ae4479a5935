import { Duration } from 'aws-cdk-lib';
import { checkedSeconds } from './durations.ts';

/**
 * When somebody is told that secrets of clients end.
 * @internal
 */
export interface ExpiryProps {
  /**
   * How long before the end of a client's last secret `secretsExpiringAlarm` goes off: a day to a year. A secret
   * beside which another one lives longer does not count.
   * @default Duration.days(30)
   */
  readonly expiryWarning?: Duration;
}

/**
 * Checks how long before that is.
 * @throws ConfigurationError
 */
export function expirySettings({ expiryWarning = Duration.days(30) }: ExpiryProps): Duration {
  const limits = { from: Duration.days(1), to: Duration.days(365) };
  return Duration.seconds(checkedSeconds(expiryWarning, 'expiryWarning', limits));
}
