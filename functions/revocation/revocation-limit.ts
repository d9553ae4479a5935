import type { Counter } from '../oauth/counter.ts';
import { RetryLater } from '../oauth/oauth-error.ts';

/** Counts a token that a client takes back. @throws RetryLater 429 past the limit; 503 when it cannot be counted */
export type RevocationLimit = (client_id: string) => Promise<void>;

/** Seconds that revocations are counted together. */
const window = 60;

/** Tokens that a client may take back in them. */
const most = 300;

/**
 * Limits how many tokens a client takes back one by one. All that is revoked is in one partition of a table, and whoever
 * publishes it reads a minute of that again and again: without a limit one client could make it too much to
 * read, and all APIs refuse everybody. Its tokens can be revoked all at once.
 */
export function revocationLimit(counter: Counter, now: () => number): RevocationLimit {
  return async (client_id) => {
    const time = now();
    const start = time - (time % window);
    const count = await counter.increment(`revocations#${start}#${client_id}`, start + 2 * window);
    if (count <= most) return;
    const cause = `the client takes back more than ${most} tokens in ${window} seconds`;
    throw new RetryLater(429, start + window - time, { cause });
  };
}
