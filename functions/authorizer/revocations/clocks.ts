/** Two clocks, in milliseconds. Neither alone tells how old something is. */
export interface Clocks {
  /** The time since 1970. It may be put forward and back. */
  readonly wall: () => number;
  /** It goes forward alone, and may stand still while Lambda has frozen the instance. */
  readonly monotonic: () => number;
}

/** The same moment by both. */
export interface Moment {
  readonly wall: number;
  readonly monotonic: number;
}

export const momentOf = ({ wall, monotonic }: Clocks): Moment => ({
  wall: wall(),
  monotonic: monotonic(),
});

/**
 * How long ago a moment was, by the clock by which it is longer.
 * @returns Infinity where the time was put back since: nobody knows
 */
export function age(moment: Moment, { wall, monotonic }: Clocks): number {
  const byWall = wall() - moment.wall;
  return byWall < 0 ? Number.POSITIVE_INFINITY : Math.max(byWall, monotonic() - moment.monotonic);
}
