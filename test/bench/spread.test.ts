import { describe, expect, test } from 'vitest';
import { spread } from './report/spread.ts';

/** So many values in no order, of which each is its rank. */
const ranks = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => ((index * 7) % count) + 1);

describe('a median and its 95 % confidence interval', () => {
  // Tables of the sign test, two-sided, at 5 %: 0 of 6 to 8, 1 of 9 to 11, 2 of 12 to 14, 3 of 15 to 16.
  test.for([
    [1, 1, 1, 1],
    [2, 1.5, 1, 2],
    [5, 3, 1, 5],
    [6, 3.5, 1, 6],
    [8, 4.5, 1, 8],
    [9, 5, 2, 8],
    [11, 6, 2, 10],
    [12, 6.5, 3, 10],
    [15, 8, 4, 12],
    [16, 8.5, 4, 13],
    [25, 13, 8, 18],
  ] as const)('of %i values: %f, %f to %f', ([count, median, low, high]) => {
    expect(spread(ranks(count))).toEqual({ median, low, high });
  });

  test('is none of nothing', () => {
    expect(() => spread([])).toThrow('nothing was measured');
  });

  test('does not go to the ends of many values', () => {
    const { low, high } = spread(ranks(1000));
    expect([low, high]).toEqual([469, 532]);
  });
});

test('runs have the median of their medians, with the least and the most of those', () => {
  expect(spread([1, 2, 9, 5, 6, 7, 3, 3, 0], 3)).toEqual({ median: 3, low: 2, high: 6 });
});
