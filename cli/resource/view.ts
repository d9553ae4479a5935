import type { ResourceServer } from '../../functions/oauth/resource-server.ts';
import { formatScope } from '../../functions/oauth/scope.ts';
import { claimsCell } from '../command/claim-options.ts';
import { date, lifetimeText, maybeDate, pairs, table } from '../io/table.ts';

/** A resource server as programs see it; `default`: whether it is what `--scope` refers to. */
export function resourceRecord(server: ResourceServer, defaultResource: string | undefined) {
  const isDefault = server.resource === defaultResource;
  return { ...server, scope: formatScope(server.scope), default: isDefault };
}

/** A resource server as people see it. */
export function resourceText(server: ResourceServer, defaultResource: string | undefined): string {
  return pairs({
    resource: server.resource,
    scope: formatScope(server.scope),
    default: yesOrNo(server.resource === defaultResource),
    'token lifetime': lifetimeText(server.access_token_lifetime),
    claims: claimsCell(server.claims),
    'tokens from': maybeDate(server.tokens_not_before),
    created: date(server.created_at),
    updated: date(server.updated_at),
  });
}

/** Resource servers as people see them. */
export function resourcesText(
  servers: readonly ResourceServer[],
  defaultResource: string | undefined,
): string {
  if (servers.length === 0) return 'There are no resource servers.';
  return table(
    ['RESOURCE', 'SCOPE', 'DEFAULT', 'TOKEN LIFETIME', 'CREATED'],
    servers.map((server) => [
      server.resource,
      formatScope(server.scope),
      yesOrNo(server.resource === defaultResource),
      lifetimeText(server.access_token_lifetime),
      date(server.created_at),
    ]),
  );
}

const yesOrNo = (value: boolean): string => (value ? 'yes' : 'no');
