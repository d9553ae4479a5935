/** A scale from values to places, with the values that are written below it. */
export interface Axis {
  readonly ticks: readonly number[];
  /** Where a value is: 0 is the beginning of the axis, 1 its end. */
  place(value: number): number;
}

/** From nothing to a little beyond the largest value. */
export function linearAxis(values: readonly number[]): Axis {
  const most = Math.max(...values);
  const step = roundStep(most / 3);
  const end = Math.ceil(most / step) * step;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, index) => index * step);
  return { ticks, place: (value) => value / end };
}

/** The next of 1, 2, 5, 10, 20, 50... */
function roundStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const factor = [1, 2, 5].find((factor) => factor * power >= atLeast) ?? 10;
  return factor * power;
}

/** An axis for ratios: half as much is as far from 1 as twice as much, where nothing is zero. */
export const ratioAxis = (values: readonly number[]): Axis =>
  Math.min(...values) > 0 ? logarithmicAxis(values) : linearAxis(values);

/** Powers of two, or of ten where there would be many. */
function logarithmicAxis(values: readonly number[]): Axis {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const base = most / least > 16 ? 10 : 2;
  const exponent = (value: number) => Math.log(value) / Math.log(base);
  const [first, last] = [Math.floor(exponent(least)), Math.ceil(exponent(most))];
  const length = Math.max(last - first, 1);
  const ticks = Array.from({ length: length + 1 }, (_, index) => base ** (first + index));
  return { ticks, place: (value) => (exponent(value) - first) / length };
}
