import type { JsonObject } from '../../json-input.ts';
import { flag, object, objects, text, texts } from '../members.ts';
import { audienceMapper } from './keycloak-grants.ts';

/**
 * What of a client of Keycloak's does not come along.
 * @param account its service account, where the export has users
 */
export function keycloakNotes(
  client: JsonObject,
  account: JsonObject | undefined,
): readonly string[] {
  const roles = rolesOf(account ?? {});
  return [
    ...settings.flatMap(([isSet, note]) => (isSet(client) ? [note] : [])),
    ...claimMappers(client).map(
      (name) => `the mapper ${name} does not come along; claims can do so`,
    ),
    ...(roles.length > 0
      ? [`its roles (${roles.join(', ')}) do not come along; scopes or claims can say so`]
      : []),
  ];
}

const settings: readonly (readonly [(client: JsonObject) => boolean, string])[] = [
  [
    (client) => flag(object(client, 'attributes'), 'standard.token.exchange.enabled'),
    'token exchange does not come along',
  ],
  [
    (client) => flag(client, 'authorizationServicesEnabled'),
    'its authorization services (UMA) do not come along',
  ],
  [
    (client) => texts(client, 'optionalClientScopes').some((name) => !usual.has(name)),
    'a request without scope gets its optional client scopes, too',
  ],
];

/** Optional client scopes that each new client has, and that are none of ours. */
const usual: ReadonlySet<string> = new Set([
  'address',
  'microprofile-jwt',
  'offline_access',
  'organization',
  'phone',
]);

/** Mappers that Keycloak itself adds to a client with a service account. */
const ofServiceAccounts: ReadonlySet<string> = new Set([
  'Client ID',
  'Client Host',
  'Client IP Address',
]);

const claimMappers = (client: JsonObject): readonly string[] =>
  objects(client, 'protocolMappers')
    .filter((mapper) => mapper.protocolMapper !== audienceMapper)
    .flatMap((mapper) => text(mapper, 'name') ?? [])
    .filter((name) => !ofServiceAccounts.has(name));

function rolesOf(account: JsonObject): readonly string[] {
  const byClient = Object.values(object(account, 'clientRoles')).filter(Array.isArray).flat();
  // Each account has this one, which is made of what users may do with their own.
  const realm = texts(account, 'realmRoles').filter((role) => !role.startsWith('default-roles-'));
  return [...realm, ...byClient.filter((role) => typeof role === 'string')];
}
