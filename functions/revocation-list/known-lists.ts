import { listOf } from '../oauth/status-list.ts';
import type { NumberCount } from '../oauth/token-number.ts';

/** Tells whether there is a status list of this number: whether a token may be in it. @throws RetryLater 503 */
export type KnownLists = (list: number) => Promise<boolean>;

/**
 * Knows the lists by how many tokens were numbered. That is read where a list is asked for that was not there before, and at
 * most once a second: strangers cannot have lists without end be signed, nor the table be read for each.
 * @param now NumericDate
 */
export function knownLists(count: NumberCount, now: () => number): KnownLists {
  let lists = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  const read = async (): Promise<void> => {
    try {
      const taken = await count.taken();
      readAt = now();
      lists = taken === 0 ? 0 : listOf(taken - 1) + 1;
    } finally {
      reading = undefined;
    }
  };
  return async (list) => {
    if (list >= lists && now() !== readAt) {
      reading ??= read();
      await reading;
    }
    return list < lists;
  };
}
