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

/** What an authenticated client is refused by. */
export interface LookingAtClient {
  readonly clients: Records<Client>;
  /** The members of a client by which it is decided. */
  readonly by: readonly (keyof Client)[];
}

/**
 * The same for what an authenticated client is refused. All but what decides must still be as it was:
 * else the client has proved itself by one record and would get by another what neither allows. Then
 * the refusal stands, and the next request is decided by the new record alone.
 */
export function secondLookAtClient<Outcome>(
  client: Client,
  { clients, by }: LookingAtClient,
  decide: (client: Client) => Promise<Outcome>,
): Promise<Outcome> {
  let known = client;
  const records: Records<Client> = {
    ...clients,
    async renewed(id, found) {
      const now = await clients.renewed(id, found);
      if (now && isSameBut([...by, 'updated_at'], now, client)) known = now;
      return known;
    },
  };
  return secondLook({ records, id: client.client_id, found: client }, () => decide(known));
}

function isSameBut(members: readonly (keyof Client)[], one: Client, other: Client): boolean {
  const rest = (client: Client) =>
    Object.fromEntries(Object.entries(client).filter(([name]) => !isAmong(members, name)));
  return isDeepStrictEqual(rest(one), rest(other));
}

const isAmong = (names: readonly string[], name: string): boolean => names.includes(name);
