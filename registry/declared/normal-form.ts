import type { AuthMethod, Client } from '../../functions/oauth/client.ts';
import type { ResourceServer } from '../../functions/oauth/resource-server.ts';
import { formatScope, parseScope } from '../../functions/oauth/scope.ts';
import { unusedMembers } from '../client-authentication.ts';
import type { DeclaredClient, DeclaredResourceServer } from './declaration.ts';
import { clientMembers, resourceServerMembers } from './members.ts';

/**
 * The normal form of what is declared: the one way to write each record. Members stand in one order, those that have
 * their default are left out, and what is a set is sorted. Two records are the same if their normal forms are.
 */

/** The method of a client that does not say it. */
export const defaultMethod: AuthMethod = 'client_secret_basic';

/** The normal form of a client whose members are read. */
export function normalClient(client: DeclaredClient): DeclaredClient {
  const members: DeclaredClient = {
    ...client,
    client_name: client.client_name ?? client.client_id,
    token_endpoint_auth_method: client.token_endpoint_auth_method ?? defaultMethod,
    grants: Object.fromEntries(
      sorted(Object.entries(client.grants ?? {})).map(([resource, scope]) => [
        resource,
        sortedScope(scope),
      ]),
    ),
    introspection_resources: [...(client.introspection_resources ?? [])].sort(),
  };
  const { secrets } = client;
  return {
    ...inOrder(members, Object.keys(clientMembers), ['disabled']),
    ...(secrets && secrets.length > 0 && { secrets }),
  };
}

/** The normal form of a resource server whose members are read. */
export const normalResourceServer = (server: DeclaredResourceServer): DeclaredResourceServer =>
  inOrder({ ...server, scope: sortedScope(server.scope) }, Object.keys(resourceServerMembers), [
    'scope',
  ]);

/** A registered client as it would be declared: nothing of its secrets. */
export function declaredClient(client: Client): DeclaredClient {
  const { grants, secrets: _, ...members } = client;
  const unused = new Set<string>(unusedMembers(client));
  const used = Object.entries(members).filter(([name]) => !unused.has(name));
  const scopes = [...grants].map(([resource, scope]) => [resource, formatScope(scope)]);
  // What a client has beside the members that can be declared is left out by the normal form.
  return normalClient({
    ...(Object.fromEntries(used) as Omit<Client, 'grants' | 'secrets'>),
    grants: Object.fromEntries(scopes),
    // Said of the one that is, alone: applied again, a file must not let in who was disabled since.
    disabled: client.disabled || undefined,
  });
}

/** A registered resource server as it would be declared. */
export const declaredResourceServer = (server: ResourceServer): DeclaredResourceServer =>
  normalResourceServer({ ...server, scope: formatScope(server.scope) });

/**
 * The members that are known, in their order; without those that are as if they were not there.
 * @param kept what means something though it is empty or false
 */
function inOrder<Declared extends object>(
  members: Declared,
  names: readonly string[],
  kept: readonly string[] = [],
): Declared {
  const entries = names.flatMap((name) => {
    const value = plain(members[name as keyof Declared]);
    const isKept = value !== undefined && kept.includes(name);
    return isDefault(value) && !isKept ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

/** Without what is undefined within. */
const plain = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));

function isDefault(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === undefined || value === false;
  return Object.keys(value).length === 0;
}

const sortedScope = (scope: string): string =>
  scope === '' ? '' : formatScope(new Set([...parseScope(scope)].sort()));

const sorted = <Value>(entries: readonly (readonly [string, Value])[]) =>
  entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
