/** The middle of some values, and the interval in which the true one is. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** How likely the interval of a median may be to miss the true one. */
const missed = 0.05;

/**
 * Of one run's rounds, their median and its 95 % confidence interval, by ranks alone: it holds however the values
 * are distributed, and gets narrower with more rounds. Of several runs, one after the other with as many rounds
 * each, the median of their medians, with the least and the most of those.
 * @throws Error without any values
 */
export function spread(values: readonly number[], runs = 1): Spread {
  const rounds = values.length / runs;
  const medians = Array.from({ length: runs }, (_, run) =>
    ofRounds(values.slice(run * rounds, (run + 1) * rounds)),
  ).map(({ median }) => median);
  return runs === 1
    ? ofRounds(values)
    : { median: middle(medians), low: Math.min(...medians), high: Math.max(...medians) };
}

function ofRounds(values: readonly number[]): Spread {
  const sorted = ascending(values);
  const left = leftOut(sorted.length);
  const [low, high] = [sorted[left], sorted.at(-1 - left)];
  if (low === undefined || high === undefined) throw new Error('nothing was measured');
  return { median: middle(values), low, high };
}

function middle(values: readonly number[]): number {
  const sorted = ascending(values);
  const last = sorted.length - 1;
  const [one, other] = [sorted[Math.floor(last / 2)], sorted[Math.ceil(last / 2)]];
  return ((one ?? Number.NaN) + (other ?? Number.NaN)) / 2;
}

const ascending = (values: readonly number[]): readonly number[] =>
  values.toSorted((one, other) => one - other);

/**
 * How many values are left out at each end of the interval. A value is below the true median as often as above
 * it, so the number of those below is binomial. Of fewer than six values none can be left out.
 */
function leftOut(count: number): number {
  let left = 0;
  // Of 2 ** count equally likely outcomes, those with exactly, and with at most, so many values below.
  let exactly = count;
  let atMost = 1 + exactly;
  while (2 * atMost <= missed * 2 ** count) {
    left += 1;
    exactly *= (count - left) / (left + 1);
    atMost += exactly;
  }
  return left;
}
