import type { Client, ClientSecret } from '../../functions/oauth/client.ts';
import type { LastUse } from '../../functions/oauth/last-use.ts';
import { formatScope } from '../../functions/oauth/scope.ts';
import { unusedMembers, usesKind } from '../../registry/client-authentication.ts';
import { isExpired } from '../../registry/client-secrets.ts';
import { risksOf } from '../../registry/trust/risks.ts';
import { claimsCell } from '../command/claim-options.ts';
import { type Cell, date, lifetimeText, maybeDate, pairs, table } from '../io/table.ts';
import { credentialRows } from './authentication-view.ts';
import { bindingText } from './binding-options.ts';
import type { Uses } from './last-use.ts';

/**
 * A client as programs may see it: names as on the wire, no secret and no hash, and only those
 * credentials that its method uses.
 */
export function clientRecord(client: Client, use?: LastUse) {
  const { grants, secrets, ...rest } = client;
  const scopes = [...grants].map(([resource, scope]) => [resource, formatScope(scope)]);
  const trust_warnings = trustWarnings(client);
  const record = {
    ...rest,
    grants: Object.fromEntries(scopes),
    secrets: secrets.map((secret) => secretRecord(secret, use)),
    last_used_at: use?.last_used_at,
    ...(trust_warnings.length > 0 && { trust_warnings }),
  };
  const unused = new Set<string>(unusedMembers(client));
  return Object.fromEntries(Object.entries(record).filter(([name]) => !unused.has(name)));
}

/** What the trust rules of a client may let in beside whom they are meant for. */
export function trustWarnings(client: Client): readonly string[] {
  const uses = usesKind(client.token_endpoint_auth_method, 'rules');
  return uses ? client.trust.flatMap(risksOf) : [];
}

/** A client as people see it. */
export function clientText(client: Client, use?: LastUse): string {
  return pairs({
    client_id: client.client_id,
    name: client.client_name,
    status: status(client),
    authentication: client.token_endpoint_auth_method,
    ...credentialRows(client),
    tokens: bindingText(client),
    grants: grantsCell(client, 'none: it gets no token'),
    introspection: introspectionCell(client),
    claims: claimsCell(client.claims),
    'token lifetime': lifetimeText(client.access_token_lifetime),
    'tokens from': maybeDate(client.tokens_not_before),
    created: date(client.created_at),
    updated: date(client.updated_at),
    'last used': maybeDate(use?.last_used_at),
  });
}

/** Clients as people see them; with when they were used last, where that was asked for. */
export function clientsText(clients: readonly Client[], uses?: Uses): string {
  if (clients.length === 0) return 'There are no clients.';
  return table(
    [
      'CLIENT_ID',
      'NAME',
      'STATUS',
      'AUTHENTICATION',
      'GRANTS',
      'CREATED',
      ...(uses ? ['LAST USED'] : []),
    ],
    clients.map((client) => [
      client.client_id,
      client.client_name,
      status(client),
      client.token_endpoint_auth_method,
      rightsCell(client),
      date(client.created_at),
      ...(uses ? [maybeDate(uses.get(client.client_id)?.last_used_at) ?? 'never'] : []),
    ]),
  );
}

/** A secret as programs may see it: without its hash. */
export function secretRecord(
  { id: secret_id, created_at, expires_at }: ClientSecret,
  use?: LastUse,
) {
  return { secret_id, created_at, expires_at, last_used_at: use?.secrets.get(secret_id) };
}

/** Secrets as people see them. */
export function secretsText(secrets: readonly ClientSecret[], now: number, use?: LastUse): string {
  if (secrets.length === 0) return 'There are no secrets.';
  return table(
    ['SECRET_ID', 'CREATED', 'EXPIRES', ...(use ? ['LAST USED'] : [])],
    secrets.map((secret) => [
      secret.id,
      date(secret.created_at),
      expiry(secret, now),
      ...(use ? [maybeDate(use.secrets.get(secret.id)) ?? 'never'] : []),
    ]),
  );
}

function expiry(secret: ClientSecret, now: number): string {
  if (secret.expires_at === undefined) return 'never';
  return date(secret.expires_at) + (isExpired(secret, now) ? ' (expired)' : '');
}

const status = (client: Client): string => (client.disabled ? 'disabled' : 'enabled');

function grantsCell(client: Client, none: string): Cell {
  if (client.grants.size === 0) return none;
  return [...client.grants].map(
    ([resource, scope]) => `${resource}: ${formatScope(scope) || '(no scope)'}`,
  );
}

/** Undefined: it may introspect nothing, as most. */
function introspectionCell({ introspection_resources }: Client): Cell | undefined {
  return introspection_resources.length > 0 ? introspection_resources : undefined;
}

/** What a client may do, in a list: its grants, and whose tokens it may introspect. */
function rightsCell(client: Client): Cell {
  const introspects = client.introspection_resources.map(
    (resource) => `${resource}: introspection`,
  );
  if (client.grants.size === 0 && introspects.length > 0) return introspects;
  return [grantsCell(client, 'none'), introspects].flat();
}
