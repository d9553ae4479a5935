import type { CachedRecords, Found, Records } from '../oauth/cached-records.ts';
import type { Client } from '../oauth/client.ts';
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
 * The records for one request, of which the one resource server of a client is found while its authentication may
 * wait for published keys: else a request would wait for one after the other. For other clients it would gain
 * nothing.
 */
export function readingAhead({ clients, resourceServers }: CachedTokenRecords): CachedTokenRecords {
  const { cached, find, read } = resourceServers;
  let begun: { readonly resource: string; readonly finding: ReturnType<typeof find> } | undefined;
  const begin = (client: Client | undefined): void => {
    const resource = client && mayWaitForKeys(client) ? onlyResource(client) : undefined;
    if (resource === undefined) return;
    begun = { resource, finding: find(resource) };
    // It fails for whoever asks for it. If the client is refused, nobody does.
    begun.finding.catch(() => undefined);
  };
  return {
    clients: toldOf(clients, begin),
    resourceServers: {
      cached: (resource) => (begun?.resource === resource ? undefined : cached(resource)),
      find: (resource) => (begun?.resource === resource ? begun.finding : find(resource)),
      read,
    },
  };
}

/** The same records; `found` is told of each that may be an old one. */
function toldOf(
  { cached, find, read }: CachedRecords<Client>,
  found: (client: Client | undefined) => void,
): CachedRecords<Client> {
  const told = <From extends Found<Client> | undefined>(from: From): From => {
    found(from?.record);
    return from;
  };
  return { cached: (id) => told(cached(id)), find: async (id) => told(await find(id)), read };
}

function onlyResource({ grants }: Client): string | undefined {
  const [resource, ...others] = grants.keys();
  return others.length === 0 ? resource : undefined;
}

const mayWaitForKeys = ({ disabled, jwks_uri, trust, spiffe_bundle_endpoint }: Client): boolean =>
  !disabled && (jwks_uri !== undefined || spiffe_bundle_endpoint !== undefined || trust.length > 0);
