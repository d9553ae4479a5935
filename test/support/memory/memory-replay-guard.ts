import type { ReplayGuard } from '../../../functions/oauth/replay.ts';

/** Seconds after its expiry for which an identifier stays used; the DynamoDB adapter has the same. */
const margin = 60;

/**
 * A ReplayGuard in memory. One object stands for the store: instances that share it, share uses.
 * @param now NumericDate
 */
export function memoryReplayGuard(now: () => number): ReplayGuard {
  const used = new Map<string, { readonly until: number }>();
  return {
    async firstUse(identifier, expires_at) {
      if ((used.get(identifier)?.until ?? 0) > now()) return undefined;
      const use = { until: expires_at + margin };
      used.set(identifier, use);
      return async () => {
        if (used.get(identifier) === use) used.delete(identifier);
      };
    },
  };
}
