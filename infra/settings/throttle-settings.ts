import type { ThrottleSettings } from 'aws-cdk-lib/aws-apigatewayv2';
import { checkWholeNumber } from './setting-checks.ts';

/**
 * How many requests API Gateway lets through to an authorization server.
 * @internal
 */
export interface ThrottleProps {
  /**
   * Requests to each path, over all clients together, beyond which API Gateway answers 429.
   * @default 500 requests a second, in bursts of up to 500
   */
  readonly throttle?: ThrottleSettings;
  /**
   * The same for each path at which clients authenticate: `/token`, `/revoke` and `/introspect`. What is set
   * leaves the metadata, the JWK Set and the revocation list alone. KMS signs 1,000 times a second for a whole
   * account and Region; 500 leaves half of that to others.
   * @default as `throttle` says
   */
  readonly tokenThrottle?: ThrottleSettings;
}

/** A throttle without gaps: a limit that is missing is none, or lets nothing through. */
export interface Throttle {
  /** Requests a second. */
  readonly rateLimit: number;
  /** Requests at once. */
  readonly burstLimit: number;
}

/** Both throttles, checked and without gaps. */
export type ThrottlesOfServer = Readonly<Record<keyof ThrottleProps, Throttle>>;

/** @throws ConfigurationError */
export const throttleSettings = ({
  throttle = { rateLimit: 500 },
  tokenThrottle = throttle,
}: ThrottleProps): ThrottlesOfServer => ({
  throttle: checkThrottle(throttle, 'throttle'),
  tokenThrottle: checkThrottle(tokenThrottle, 'tokenThrottle'),
});

/** Checks how many requests a second are let through. Accounts have 10,000 until AWS grants more. */
export const checkRate = checkWholeNumber({ of: 'requests a second', from: 1, to: 100_000 });

const checkBurst = checkWholeNumber({ of: 'requests', from: 1, to: 100_000 });

/** What an account may have at once: nobody can ask for more (AWS: "Amazon API Gateway quotas"). */
export const largestBurst = 5000;

function checkThrottle({ rateLimit, burstLimit }: ThrottleSettings, name: string): Throttle {
  const rate = checkRate(rateLimit, `${name}.rateLimit`);
  const burst = burstLimit ?? Math.min(rate, largestBurst);
  return { rateLimit: rate, burstLimit: checkBurst(burst, `${name}.burstLimit`) };
}
