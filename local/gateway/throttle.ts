/** How many requests a route lets through, over all clients together. */
export interface ThrottleSettings {
  /** Requests a second. */
  readonly rate: number;
  /** Requests at once. */
  readonly burst: number;
}

/** Whether one more request may pass; one that may not counts for nothing. */
export type Throttle = () => boolean;

/**
 * Makes the throttle of one route: a token bucket, which is full at first.
 * @param now NumericDate, with fractions
 */
export function createThrottle({ rate, burst }: ThrottleSettings, now: () => number): Throttle {
  let tokens = burst;
  let filledAt = now();
  return () => {
    const time = now();
    // A clock that was set back must not take tokens away.
    tokens = Math.min(burst, tokens + Math.max(0, time - filledAt) * rate);
    filledAt = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
