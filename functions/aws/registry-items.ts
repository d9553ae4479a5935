import {
  authMethods,
  type Client,
  type ClientSecret,
  certificateSubjects,
  type ExpectedSubject,
} from '../oauth/client.ts';
import type { ResourceServer } from '../oauth/resource-server.ts';
import { formatScope, parseScope, type Scope } from '../oauth/scope.ts';
import {
  type Item,
  list,
  malformed,
  number,
  oneOf,
  optionalNumber,
  optionalText,
  record,
  text,
} from './item.ts';
import { parseClientJwks, parseTrustRule } from './secretless-items.ts';

/** The registry table's key attribute, and the values it takes. */
export const registryKey = {
  client: (client_id: string) => ({ pk: `client#${client_id}` }),
  resourceServer: (resource: string) => ({ pk: `resource#${resource}` }),
  /** One item {resource}: what `countersign client create --scope` refers to. */
  defaultResourceServer: () => ({ pk: 'default-resource' }),
  /** One item with all signing keys, so that a change of several of them is one write. */
  signingKeys: () => ({ pk: 'signing-keys' }),
} as const;

/** Writes a client as the plain record that is marshalled into its item. */
export function clientItem(client: Client): Item {
  const { grants, ...rest } = client;
  return {
    ...registryKey.client(client.client_id),
    ...rest,
    grants: Object.fromEntries(
      [...grants].map(([resource, scope]) => [resource, formatScope(scope)]),
    ),
  };
}

/**
 * Reads a client from its item.
 * @throws Error when the item is not one that we wrote: better no token than a guess.
 */
export function parseClient(item: Item): Client {
  return {
    client_id: text(item, 'client_id'),
    client_name: text(item, 'client_name'),
    token_endpoint_auth_method: oneOf(item, 'token_endpoint_auth_method', authMethods),
    grant_types: list(item, 'grant_types').map(String),
    grants: new Map(
      Object.entries(record(item.grants, 'grants')).map(([resource, scope]) => [
        resource,
        storedScope(scope),
      ]),
    ),
    secrets: list(item, 'secrets').map((secret) => parseSecret(record(secret, 'secrets'))),
    ...expectedSubject(item),
    jwks: item.jwks === undefined ? undefined : parseClientJwks(record(item.jwks, 'jwks')),
    jwks_uri: optionalText(item, 'jwks_uri'),
    // Clients that were written before there was any of this have none of it.
    strict_assertion_audience: item.strict_assertion_audience === true,
    trust: item.trust === undefined ? [] : list(item, 'trust').map(parseTrustRule),
    dpop_bound_access_tokens: item.dpop_bound_access_tokens === true,
    tls_client_certificate_bound_access_tokens:
      item.tls_client_certificate_bound_access_tokens === true,
    access_token_lifetime: optionalNumber(item, 'access_token_lifetime'),
    disabled: item.disabled !== false,
    created_at: number(item, 'created_at'),
    updated_at: number(item, 'updated_at'),
  };
}

/** Writes a resource server as the plain record that is marshalled into its item. */
export function resourceServerItem(server: ResourceServer): Item {
  return {
    ...registryKey.resourceServer(server.resource),
    ...server,
    scope: formatScope(server.scope),
  };
}

/**
 * Reads a resource server from its item.
 * @throws Error when the item is not one that we wrote.
 */
export function parseResourceServer(item: Item): ResourceServer {
  return {
    resource: text(item, 'resource'),
    scope: storedScope(item.scope),
    access_token_lifetime: optionalNumber(item, 'access_token_lifetime'),
    created_at: number(item, 'created_at'),
    updated_at: number(item, 'updated_at'),
  };
}

function parseSecret(item: Item): ClientSecret {
  return {
    id: text(item, 'id'),
    hash: text(item, 'hash'),
    created_at: number(item, 'created_at'),
    expires_at: optionalNumber(item, 'expires_at'),
  };
}

function expectedSubject(item: Item): ExpectedSubject {
  const given = certificateSubjects.filter((name) => item[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, text(item, name)]));
}

function storedScope(value: unknown): Scope {
  if (typeof value !== 'string') return malformed('scope');
  return value === '' ? new Set() : parseScope(value);
}
