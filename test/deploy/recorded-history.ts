import { expect, vi } from 'vitest';
import type { RegistryChange } from '../../functions/history/registry-change.ts';
import { countersign } from './countersign.ts';

/** Gives the recorded changes of a client, the newest first, once there are so many. */
export const recordedHistory = (id: string, count: number): Promise<readonly RegistryChange[]> =>
  vi.waitFor(
    async () => {
      const { changes } = await countersign('history', id);
      expect(changes).toHaveLength(count);
      return changes;
    },
    { timeout: 30_000, interval: 500 },
  );
