import type { CachedRecords, Records } from '../oauth/cached-records.ts';
import type { Client } from '../oauth/client.ts';
import { KeysUnavailable, OAuthError, RetryLater, UseDpopNonce } from '../oauth/oauth-error.ts';
import type { ResourceServer } from '../oauth/resource-server.ts';

/** The records by which one request is decided. */
export interface TokenRecords {
  readonly clients: Records<Client>;
  readonly resourceServers: Records<ResourceServer>;
}

/** Where they come from. */
export interface CachedTokenRecords {
  readonly clients: CachedRecords<Client>;
  readonly resourceServers: CachedRecords<ResourceServer>;
}

/**
 * Decides by records that may be old. If a rule refuses by one that the registry has changed since, the whole
 * decision is made again by fresh records: a new secret, key or grant works at once. `decide` starts anew,
 * so that old and new records never mix.
 * @param decide must not use anything up, since it may run twice
 * @throws what `decide` throws
 */
export async function decideByRecords<Outcome>(
  { clients, resourceServers }: CachedTokenRecords,
  decide: (records: TokenRecords) => Promise<Outcome>,
): Promise<Outcome> {
  const checks: HasChanged[] = [];
  try {
    return await decide({
      clients: watched(clients, checks),
      resourceServers: watched(resourceServers, checks),
    });
  } catch (error) {
    if (!isRefusal(error) || !(await haveChanged(checks))) throw error;
    return await decide({
      clients: { find: clients.read },
      resourceServers: { find: resourceServers.read },
    });
  }
}

/** Tells whether the registry has another record, or one where there was none. */
type HasChanged = () => Promise<boolean>;

function watched<Kind extends object>(
  records: CachedRecords<Kind>,
  checks: HasChanged[],
): Records<Kind> {
  return {
    async find(id) {
      const { record, hasChanged } = await records.find(id);
      if (hasChanged) checks.push(hasChanged);
      return record;
    },
  };
}

async function haveChanged(checks: readonly HasChanged[]): Promise<boolean> {
  const changes = await Promise.all(checks.map((hasChanged) => hasChanged()));
  return changes.includes(true);
}

/**
 * Whether an old record may be why there is no token: not where a store is in trouble, or a proof has no
 * nonce. Where published keys cannot be had it may: the registry may have other keys by now.
 */
const isRefusal = (error: unknown): boolean =>
  error instanceof KeysUnavailable ||
  (error instanceof OAuthError && !(error instanceof RetryLater || error instanceof UseDpopNonce));
