import * as v from 'valibot';
import { findClients } from '../../../registry/clients.ts';
import { expiringSecrets, losesItsSecrets } from '../../../registry/expiring-secrets.ts';
import type { Registry } from '../../../registry/registry.ts';
import { type Audit, reason } from '../../oauth/audit.ts';
import type { Task } from '../handler.ts';
import { expiryEvent } from './expiry-event.ts';

/** What counts the clients whose secrets end soon. */
export interface Expiry {
  readonly registry: Registry;
  /** Seconds before the end of a client's last secret. */
  readonly warning: number;
  /** Takes the number of clients that will be without a secret. */
  readonly measure: (clients: number) => void;
  /** Hears of each of them. */
  readonly audit: Audit;
}

const expirySchema = v.object({ command: v.literal(expiryEvent.command) });

/** Counts, for the schedule, the clients that will soon be without a secret. Without a count the alarm says so. */
export function expiry(parts: Expiry): Task {
  return (event) => (v.is(expirySchema, event) ? counted(parts) : undefined);
}

async function counted({ registry, warning, measure, audit }: Expiry): Promise<void> {
  const { command } = expiryEvent;
  try {
    const time = { now: registry.now(), within: warning };
    const matches = (client: Parameters<typeof losesItsSecrets>[0]) =>
      losesItsSecrets(client, time);
    const { records } = await findClients(registry, { matches });
    for (const client of records) {
      const expires_at = expiringSecrets(client, time).at(-1)?.expires_at;
      audit({ command, client_id: client.client_id, last_secret_expires_at: expires_at });
    }
    measure(records.length);
  } catch (error) {
    audit({ command, outcome: 'failed', reason: reason(error) });
    throw error;
  }
}
