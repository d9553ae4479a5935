import type { Client, ClientSecret } from '../../functions/oauth/client.ts';
import { formatScope } from '../../functions/oauth/scope.ts';
import { unusedMembers, usesKind } from '../../registry/client-authentication.ts';
import { isExpired } from '../../registry/client-secrets.ts';
import { risksOf } from '../../registry/trust/risks.ts';
import { claimsCell } from '../command/claim-options.ts';
import { type Cell, date, lifetimeText, maybeDate, pairs, table } from '../io/table.ts';
import { credentialRows } from './authentication-view.ts';
import { bindingText } from './binding-options.ts';

/**
 * A client as programs may see it: names as on the wire, no secret and no hash, and only those
 * credentials that its method uses.
 */
export function clientRecord(client: Client) {
  const { grants, secrets, ...rest } = client;
  const scopes = [...grants].map(([resource, scope]) => [resource, formatScope(scope)]);
  const trust_warnings = trustWarnings(client);
  const record = {
    ...rest,
    grants: Object.fromEntries(scopes),
    secrets: secrets.map(secretRecord),
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
export function clientText(client: Client): string {
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
  });
}

/** Clients as people see them. */
export function clientsText(clients: readonly Client[]): string {
  if (clients.length === 0) return 'There are no clients.';
  return table(
    ['CLIENT_ID', 'NAME', 'STATUS', 'AUTHENTICATION', 'GRANTS', 'CREATED'],
    clients.map((client) => [
      client.client_id,
      client.client_name,
      status(client),
      client.token_endpoint_auth_method,
      rightsCell(client),
      date(client.created_at),
    ]),
  );
}

/** A secret as programs may see it: without its hash. */
export function secretRecord({ id: secret_id, created_at, expires_at }: ClientSecret) {
  return { secret_id, created_at, expires_at };
}

/** Secrets as people see them. */
export function secretsText(secrets: readonly ClientSecret[], now: number): string {
  if (secrets.length === 0) return 'There are no secrets.';
  return table(
    ['SECRET_ID', 'CREATED', 'EXPIRES'],
    secrets.map((secret) => [secret.id, date(secret.created_at), expiry(secret, now)]),
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
