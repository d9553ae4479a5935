import { hash } from 'node:crypto';
import QuickLRU from 'quick-lru';
import { reason } from '../oauth/audit.ts';
import type { Counter } from '../oauth/counter.ts';
import { OAuthError, RetryLater } from '../oauth/oauth-error.ts';

/** Who fails. */
export interface Attempt {
  /** As it was presented; undefined: it is the source alone that is counted. */
  readonly client_id: string | undefined;
  /** See client-request.ts. */
  readonly source: string;
}

/** Brute-force protection for client authentication (RFC 6749 §2.3.1). */
export interface FailedAttempts {
  /** Seconds for which the client_id from this source, or the source, is still past its limit; 0: neither is. */
  limitedFor(attempt: Attempt): number;
  /** Counts one failure. @throws RetryLater 503 when it cannot be counted */
  record(attempt: Attempt): Promise<void>;
}

/** Seconds that failures are counted together, and that a limit holds at most. */
const window = 60;

// A digest: what was sent as client_id may be long, or a secret in the wrong field.
const digest = (text: string): string => hash('sha256', text, 'base64url');

// A client_id is counted per source, so that a stranger elsewhere makes no difference to the client.
const limits = [
  {
    most: 60,
    key: ({ client_id, source }: Attempt) =>
      client_id === undefined ? undefined : `client#${source}#${digest(client_id)}`,
  },
  { most: 600, key: ({ source }: Attempt) => `source#${source}` },
] as const;

/**
 * Counts a request that has failed, where it is its client authentication or its proof that did. The limit holds
 * for failures alone: whatever verifies is let through. Past it a failure costs no more writes.
 * @returns what the request is to fail with: RetryLater 429 for a failure past the limit, else the same error
 * @throws RetryLater 503 when it cannot be counted
 */
export async function countedFailure(
  error: unknown,
  attempt: Attempt,
  failedAttempts: FailedAttempts,
): Promise<unknown> {
  const failed = failedAttempt(attempt, error);
  if (!failed) return error;
  const seconds = failedAttempts.limitedFor(failed);
  if (seconds > 0)
    return new RetryLater(429, seconds, { cause: `too many failures: ${reason(error)}` });
  await failedAttempts.record(failed);
  return error;
}

/**
 * For whom a failure counts: authentication for the client and its source, a wrong DPoP proof for the source
 * alone, since its client has authenticated.
 */
function failedAttempt(attempt: Attempt, error: unknown): Attempt | undefined {
  const code = error instanceof OAuthError ? error.code : undefined;
  if (code === 'invalid_client') return attempt;
  return code === 'invalid_dpop_proof' ? { ...attempt, client_id: undefined } : undefined;
}

/**
 * Counts failures in the shared store, and caches in this instance who is past a limit: a request that
 * succeeds costs nothing, and an instance learns of it with the first failure it sees.
 */
export function failedAttempts(counter: Counter, now: () => number): FailedAttempts {
  const limitedUntil = new QuickLRU<string, number>({ maxSize: 10_000 });
  return {
    limitedFor(attempt) {
      if (limitedUntil.size === 0) return 0;
      const ends = keysOf(attempt).map(({ key }) => limitedUntil.get(key) ?? 0);
      const seconds = ends.map((end) => end - now());
      // More than a window: the clock was put back, which must not prolong a limit.
      return Math.max(0, ...seconds.filter((left) => left <= window));
    },
    async record(attempt) {
      const start = now() - (now() % window);
      const count = async ({ most, key }: ReturnType<typeof keysOf>[number]): Promise<void> => {
        const failures = await counter.increment(`failures#${start}#${key}`, start + 2 * window);
        if (failures >= most) limitedUntil.set(key, start + window);
      };
      await Promise.all(keysOf(attempt).map(count));
    },
  };
}

/** What an attempt is counted by. */
const keysOf = (attempt: Attempt) =>
  limits.flatMap(({ most, key }) => {
    const name = key(attempt);
    return name === undefined ? [] : [{ most, key: name }];
  });
