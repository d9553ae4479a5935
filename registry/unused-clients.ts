import type { Client } from '../functions/oauth/client.ts';
import type { LastUse } from '../functions/oauth/last-use.ts';

/**
 * Whether a client has not been used since a moment (NumericDate). One that was never used counts from when it was
 * made.
 */
export const isUnusedSince = (client: Client, use: LastUse | undefined, moment: number): boolean =>
  Math.max(client.created_at, use?.last_used_at ?? 0) < moment;
