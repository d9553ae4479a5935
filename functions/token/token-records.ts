import type { CachedRecords, Found, Records } from '../oauth/cached-records.ts';
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
  const ahead = readAhead(resourceServers);
  try {
    return await decide({
      clients: watched(clients, checks, ahead.begin),
      resourceServers: watched(ahead, checks),
    });
  } catch (error) {
    if (!isRefusal(error) || !(await haveChanged(checks))) throw error;
    return await decide({ clients: fresh(clients), resourceServers: fresh(resourceServers) });
  }
}

/** Tells whether the registry has another record, or one where there was none. */
type HasChanged = () => Promise<boolean>;

/** @param found is told of a record, wherever it comes from */
function watched<Kind extends object>(
  records: CachedRecords<Kind>,
  checks: HasChanged[],
  found: (record: Kind) => void = () => undefined,
): Records<Kind> {
  const watch = (from: Found<Kind> | undefined): Kind | undefined => {
    if (from?.hasChanged) checks.push(from.hasChanged);
    if (from?.record) found(from.record);
    return from?.record;
  };
  return {
    cached: (id) => watch(records.cached(id)),
    find: async (id) => watch(await records.find(id)),
  };
}

const fresh = <Kind extends object>({ read }: CachedRecords<Kind>): Records<Kind> => ({
  cached: () => undefined,
  find: read,
});

/**
 * Finds the one resource server of a client while its authentication may wait for published keys: else a request
 * would wait for one after the other. For other clients it would gain nothing.
 */
function readAhead({ cached, find, read }: CachedRecords<ResourceServer>) {
  let begun: { readonly resource: string; readonly finding: ReturnType<typeof find> } | undefined;
  return {
    begin(client: Client): void {
      const [resource, ...others] = mayWaitForKeys(client) ? client.grants.keys() : [];
      if (resource === undefined || others.length > 0) return;
      begun = { resource, finding: find(resource) };
      // It fails for whoever asks for it. If the client is refused, nobody does.
      begun.finding.catch(() => undefined);
    },
    cached: (resource: string) => (begun?.resource === resource ? undefined : cached(resource)),
    find: (resource: string) => (begun?.resource === resource ? begun.finding : find(resource)),
    read,
  };
}

const mayWaitForKeys = ({ disabled, jwks_uri, trust, spiffe_bundle_endpoint }: Client): boolean =>
  !disabled && (jwks_uri !== undefined || spiffe_bundle_endpoint !== undefined || trust.length > 0);

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
