import { Duration } from 'aws-cdk-lib';
import { wrongValue } from './configuration-error.ts';
import { checkedDuration } from './durations.ts';
import { checkWholeNumber } from './setting-checks.ts';

/**
 * A file of the owner's that adds claims to tokens, or refuses them.
 * @internal
 */
export interface ClaimsHookProps {
  /**
   * A file whose default export is asked for the claims of each token, absolute or relative to the folder that `cdk`
   * runs in: JavaScript (.mjs, .cjs, .js), which is deployed as it is and imports nothing but what Node has; or
   * TypeScript (.ts, .mts, .cts), which is bundled with what it imports by the esbuild of your app.
   * @default tokens have the claims of clients and resource servers alone
   */
  readonly claimsHook?: string;
  /**
   * How long it may take, 1 millisecond to 5 seconds. After that the client is told to try again later.
   * @default Duration.millis(200)
   */
  readonly claimsHookTimeout?: Duration;
}

/** The same, checked, in milliseconds; undefined: there is no hook. */
export interface ClaimsHookSettings {
  readonly file: string | undefined;
  readonly timeout: number;
}

const limits = { of: 'milliseconds', from: 1, to: 5000 };

/** Checks how long a hook may take. */
export const checkHookTimeout = checkWholeNumber(limits);

/** @throws ConfigurationError */
export function claimsHookSettings({
  claimsHook,
  claimsHookTimeout = Duration.millis(200),
}: ClaimsHookProps): ClaimsHookSettings {
  const name = 'claimsHookTimeout';
  const duration = checkedDuration(claimsHookTimeout, name);
  const timeout = duration.isUnresolved()
    ? Number.NaN
    : duration.toMilliseconds({ integral: false });
  if (Number.isInteger(timeout) && timeout >= limits.from && timeout <= limits.to) {
    return { file: claimsHook, timeout };
  }
  throw wrongValue(
    name,
    String(duration),
    'must be 1 to 5000 milliseconds, and known at synthesis',
  );
}
