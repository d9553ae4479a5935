import type { ReplayGuard } from '../../../functions/oauth/replay.ts';

/** Seconds after its expiry for which an identifier stays used; the DynamoDB adapter has the same. */
const margin = 60;

/**
 * A ReplayGuard in memory. One object stands for the store: instances that share it, share uses.
 * @param now NumericDate
 */
export function memoryReplayGuard(now: () => number): ReplayGuard {
  const used = new Map<string, number>();
  return {
    async firstUse(identifier, expires_at) {
      if ((used.get(identifier) ?? 0) > now()) return false;
      used.set(identifier, expires_at + margin);
      return true;
    },
  };
}
