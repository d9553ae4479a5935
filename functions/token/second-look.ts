import { isDeepStrictEqual } from 'node:util';
import type { Client } from '../oauth/client.ts';
import { OAuthError, RetryLater } from '../oauth/oauth-error.ts';
import type { Records } from '../oauth/records.ts';

/** A record by which something is decided. */
export interface Looking<Kind extends object> {
  readonly records: Records<Kind>;
  readonly id: string;
  readonly found: Kind | undefined;
}

/**
 * Decides by a record that may have been remembered for a while. Such a record may let in, but it never
 * keeps out: what it refuses is decided once more by the record as it is now, if that is another. So a
 * secret, a key or a grant works as soon as it is registered, and wrong credentials of a client that is
 * remembered take the one read of the registry that those of an unknown client take.
 * @throws what `decide` throws
 */
export async function secondLook<Kind extends object, Outcome>(
  { records, id, found }: Looking<Kind>,
  decide: (record: Kind | undefined) => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await decide(found);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const now = await records.renewed(id, found);
    if (isDeepStrictEqual(now, found)) throw error;
    return await decide(now);
  }
}

/** Whether a rule refuses: not a store in trouble, and not a client that is locked out. */
const isRefusal = (error: unknown): boolean =>
  error instanceof OAuthError && !(error instanceof RetryLater);

/**
 * The same for what an authenticated client is refused. One that is disabled by now, or another one that
 * was registered under its identifier, has not proved itself: then the refusal stands.
 */
export function secondLookAtClient<Outcome>(
  client: Client,
  clients: Records<Client>,
  decide: (client: Client) => Promise<Outcome>,
): Promise<Outcome> {
  const records: Records<Client> = {
    ...clients,
    async renewed(id, found) {
      const now = await clients.renewed(id, found);
      return now?.created_at === client.created_at && !now.disabled ? now : found;
    },
  };
  const found = { records, id: client.client_id, found: client };
  return secondLook(found, (known) => decide(known ?? client));
}
