import { placeOf, type StatusPlace } from '../oauth/status-list.ts';
import type { NumberBlocks } from '../oauth/token-number.ts';

/** Gives each token a place in a status list. */
export interface TokenNumbers {
  /** A place that no other token has; undefined: none is at hand. */
  newPlace(): StatusPlace | undefined;
  /** Takes the first numbers. It does not fail: tokens are issued without them, too. */
  prepare(): Promise<void>;
}

/** Numbers that are taken by one write. A block is within one list. */
const blockSize = 1024;

/** When so few are left, the next block is taken, while these are used. */
const few = 256;

/** Seconds for which nobody asks again after a failure. */
const pause = 10;

/**
 * Numbers the tokens of this instance. Blocks are taken beside the requests, none of which waits for one: a token that
 * gets no number is issued without it, and can be revoked by its `jti`.
 */
export function tokenNumbers({
  blocks,
  issuer,
  now,
}: {
  readonly blocks: NumberBlocks;
  readonly issuer: string;
  /** NumericDate. */
  readonly now: () => number;
}): TokenNumbers {
  let next = 0;
  let end = 0;
  /** The first number of the block after that. */
  let reserve: number | undefined;
  let taking: Promise<void> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;

  const take = async (): Promise<void> => {
    try {
      reserve = await blocks.take(blockSize);
    } catch {
      failedAt = now();
    } finally {
      taking = undefined;
    }
  };
  const isPausing = (): boolean => {
    const age = now() - failedAt;
    return age >= 0 && age < pause;
  };
  const refill = (): void => {
    if (reserve === undefined && !taking && !isPausing()) taking = take();
  };
  return {
    newPlace() {
      if (end - next <= few) refill();
      if (next === end) {
        if (reserve === undefined) return undefined;
        next = reserve;
        end = next + blockSize;
        reserve = undefined;
      }
      next += 1;
      return placeOf(next - 1, issuer);
    },
    async prepare() {
      refill();
      await taking;
    },
  };
}
