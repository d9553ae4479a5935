import type { Client } from '../../functions/oauth/client.ts';
import { expiringSecrets } from '../../registry/expiring-secrets.ts';
import { date, table } from '../io/table.ts';
import { secretRecord } from './view.ts';

/** From now until when. */
type Time = Parameters<typeof expiringSecrets>[1];

/** The secrets of a client that end, as programs may see them: `replaced` where another one works on. */
export const expiringRecords = (client: Client, time: Time) =>
  expiringSecrets(client, time).map(({ isReplaced, ...secret }) => ({
    ...secretRecord(secret),
    replaced: isReplaced,
  }));

/** The secrets of clients that end, as people see them. */
export function expiringText(clients: readonly Client[], time: Time): string {
  if (clients.length === 0) return 'No secret of a client ends in this time.';
  return table(
    ['CLIENT_ID', 'NAME', 'SECRET_ID', 'EXPIRES', 'THEN'],
    clients.flatMap((client) =>
      expiringSecrets(client, time).map(({ id, expires_at, isReplaced }) => [
        client.client_id,
        client.client_name,
        id,
        date(expires_at),
        isReplaced ? 'another secret works' : then(client),
      ]),
    ),
  );
}

const then = ({ disabled }: Client): string => (disabled ? 'none (disabled)' : 'none: add one');
