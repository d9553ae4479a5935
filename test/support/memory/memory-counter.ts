import type { Counter } from '../../../functions/oauth/counter.ts';

/** A Counter in memory. One object stands for the store; it never deletes a key. */
export function memoryCounter(): Counter {
  const sums = new Map<string, number>();
  return {
    async increment(key) {
      const sum = (sums.get(key) ?? 0) + 1;
      sums.set(key, sum);
      return sum;
    },
  };
}
