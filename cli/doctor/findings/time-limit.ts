import { setTimeout as delay } from 'node:timers/promises';
import { CannotCheck, type Verdict } from './finding.ts';

/**
 * Waits for something for a limited time.
 * @param limit milliseconds
 * @throws CannotCheck with this verdict when it takes longer
 */
export async function within<Value>(
  value: Promise<Value>,
  limit: number,
  late: Verdict,
): Promise<Value> {
  const stop = new AbortController();
  const end = delay(limit, undefined, { signal: stop.signal }).then(() => {
    throw new CannotCheck(late);
  });
  try {
    return await Promise.race([value, end]);
  } finally {
    stop.abort();
  }
}
