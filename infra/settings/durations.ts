import type { Duration } from 'aws-cdk-lib';
import { wrongValue } from './configuration-error.ts';

/** How long something may take. */
interface Limits {
  readonly from: Duration;
  readonly to: Duration;
}

/**
 * Checks that what a property has is a duration: those who write JavaScript have no compiler to tell them.
 * @throws ConfigurationError
 */
export function checkedDuration(value: Duration, property: string): Duration {
  if (typeof (value as Partial<Duration> | null)?.toSeconds === 'function') return value;
  throw wrongValue(property, value, 'must be a Duration, such as Duration.minutes(5)');
}

/**
 * Checks a duration that a property has, and gives it in seconds. Its message says durations as the CDK does.
 * @throws ConfigurationError
 */
export function checkedSeconds(duration: Duration, property: string, { from, to }: Limits): number {
  if (checkedDuration(duration, property).isUnresolved()) {
    throw wrongValue(property, String(duration), 'must be known when the app is synthesized');
  }
  const seconds = duration.toSeconds({ integral: false });
  const isBetween = seconds >= from.toSeconds() && seconds <= to.toSeconds();
  if (isBetween && Number.isInteger(seconds)) return seconds;
  throw wrongValue(
    property,
    duration.toHumanString(),
    `must be ${from.toHumanString()} to ${to.toHumanString()}, in whole seconds`,
  );
}
