import type { Keeper } from '../keeper.ts';

/** The tag of a secret in Secrets Manager that says for how many seconds a replaced client secret still works. */
export const overlapTag = 'countersign:secret-overlap';

const standard = 86_400;

/** Seconds: for a shorter time no consumer may cache a secret, and a longer one is no rotation. */
const overlaps = { least: 60, most: 90 * 86_400 };

/**
 * Reads for how many seconds a client secret works after it was replaced.
 * @throws Error when the tag says what cannot be right
 */
export function overlapOf({ arn, tags }: Keeper): number {
  const text = tags.get(overlapTag) ?? String(standard);
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= overlaps.least && seconds <= overlaps.most) return seconds;
  throw new Error(
    `the tag ${overlapTag} of ${arn} must be a number of seconds from ${overlaps.least} to ${overlaps.most}`,
  );
}
