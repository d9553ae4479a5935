import type { Counter } from '../../../functions/oauth/counter.ts';

/** A Counter in memory. One object stands for the store; it never deletes a key, and notes each that it counts. */
export function memoryCounter(): Counter & { readonly writes: string[] } {
  const writes: string[] = [];
  const sums = new Map<string, number>();
  return {
    writes,
    async increment(key) {
      writes.push(key);
      const sum = (sums.get(key) ?? 0) + 1;
      sums.set(key, sum);
      return sum;
    },
  };
}
