import { listOf } from '../oauth/status-list.ts';
import type { NumberCount } from '../oauth/token-number.ts';

/** Tells whether there is a status list of this number: whether a token may be in it. @throws RetryLater 503 */
export type KnownLists = (list: number) => Promise<boolean>;

/**
 * Knows the lists by how many tokens were numbered. That is read when a list is asked for that was not there before, at
 * most once a second: so strangers can neither have endless lists signed, nor the table read for each of them.
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
