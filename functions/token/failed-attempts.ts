import { hash } from 'node:crypto';
import QuickLRU from 'quick-lru';
import type { Counter } from '../oauth/counter.ts';
import { OAuthError, RetryLater } from '../oauth/oauth-error.ts';

/** Who fails: the client_id as it was presented, and the address it came from. */
interface Attempt {
  readonly client_id: string;
  readonly sourceIp: string;
}

/** Brute-force protection for client authentication (RFC 6749 §2.3.1). */
export interface FailedAttempts {
  /** @throws RetryLater 429 while the client_id from this source, or the source, is locked out. */
  check(attempt: Attempt): void;
  /** Counts one failure. */
  record(attempt: Attempt): Promise<void>;
}

/** Seconds that failures are counted together, and that a lockout lasts at most. */
const window = 60;

// A digest: what was sent as client_id may be long, or a secret in the wrong field.
const digest = (text: string): string => hash('sha256', text, 'base64url');

// A client_id is counted per source, so that a stranger elsewhere cannot lock the client out.
const limits = [
  {
    most: 60,
    key: ({ client_id, sourceIp }: Attempt) => `client#${sourceIp}#${digest(client_id)}`,
  },
  { most: 600, key: ({ sourceIp }: Attempt) => `source#${sourceIp}` },
] as const;

/**
 * Runs the authentication of a request, and counts it where it fails with `invalid_client`.
 * @throws RetryLater 429 while there have been too many failures; else what `run` throws
 */
export async function countingFailures<Outcome>(
  attempt: Attempt,
  failedAttempts: FailedAttempts,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  failedAttempts.check(attempt);
  try {
    return await run();
  } catch (error) {
    const isCounted = error instanceof OAuthError && error.code === 'invalid_client';
    if (isCounted) await failedAttempts.record(attempt);
    throw error;
  }
}

/**
 * Counts failures in the shared store, and keeps lockouts in this instance: a request that succeeds
 * costs nothing, and an instance learns of a lockout with the first failure it sees.
 */
export function failedAttempts(counter: Counter, now: () => number): FailedAttempts {
  const lockedUntil = new QuickLRU<string, number>({ maxSize: 10_000 });
  return {
    check(attempt) {
      if (lockedUntil.size === 0) return;
      for (const { key } of limits) {
        const remaining = (lockedUntil.get(key(attempt)) ?? 0) - now();
        if (remaining > 0) throw new RetryLater(429, remaining, { cause: 'locked out' });
      }
    },
    async record(attempt) {
      const start = now() - (now() % window);
      const count = async ({ most, key }: (typeof limits)[number]): Promise<void> => {
        const name = key(attempt);
        const failures = await counter.increment(`failures#${start}#${name}`, start + 2 * window);
        if (failures >= most) lockedUntil.set(name, start + window);
      };
      await Promise.all(limits.map(count));
    },
  };
}
