import { isObject, type JsonObject } from '../../json-input.ts';
import {
  flag,
  neededText,
  object,
  objects,
  recordsOf,
  text,
  texts,
  wholeNumber,
} from '../members.ts';
import {
  type ForeignGrant,
  type ForeignSecret,
  type ReadRecord,
  type ReadSource,
  readRecords,
  Unreadable,
} from '../reading.ts';

/**
 * Reads clients, client grants and resource servers of Auth0: as its Management API gives them, with or without
 * totals, and as its Deploy CLI writes them.
 */
export const readAuth0: ReadSource = (documents) => {
  const records = recordsOf(documents, lists);
  const grants = records.flatMap(({ value }) => (isGrant(value) ? [value] : []));
  const byClient = Map.groupBy(grants, (grant) => grant.client_id);
  const scopes = allScopes(records.map(({ value }) => value));
  return readRecords(records, (value) => record(value, { byClient, scopes }));
};

/** The Management API's names, and those of the Deploy CLI. */
const lists = [
  'clients',
  'client_grants',
  'clientGrants',
  'resource_servers',
  'resourceServers',
] as const;

const isGrant = (value: JsonObject): boolean => 'audience' in value && 'scope' in value;
const isServer = (value: JsonObject): boolean => 'identifier' in value;

interface Tenant {
  /** By client_id; the Deploy CLI writes the client's name in its place. */
  readonly byClient: ReadonlyMap<unknown, readonly JsonObject[]>;
  readonly scopes: ReadonlyMap<unknown, readonly string[]>;
}

function record(value: JsonObject, tenant: Tenant): ReturnType<ReadRecord> {
  if (isGrant(value)) return undefined;
  if (isServer(value)) return resourceServer(value);
  const id = text(value, 'client_id') ?? neededText(value, 'name');
  const reason = notForMachines(value);
  return reason ? { leftOut: { id, reason } } : { client: client(value, tenant) };
}

const isManagement = (audience: string): boolean => /^https:\/\/[^/]+\/api\/v2\/$/.test(audience);

function resourceServer(value: JsonObject): ReturnType<ReadRecord> {
  const audience = neededText(value, 'identifier');
  if (flag(value, 'is_system') || isManagement(audience)) {
    return { leftOut: { id: audience, reason: "it is Auth0's own API" } };
  }
  const access_token_lifetime = wholeNumber(value, 'token_lifetime');
  return { server: { audience, scopes: scopesOf(value), access_token_lifetime } };
}

const scopesOf = (server: JsonObject): readonly string[] =>
  objects(server, 'scopes').map((scope) => neededText(scope, 'value'));

const allScopes = (records: readonly JsonObject[]) =>
  new Map(records.filter(isServer).map((server) => [server.identifier, scopesOf(server)]));

function notForMachines(value: JsonObject): string | undefined {
  if (flag(value, 'global')) return "it is the tenant's own client";
  if (text(value, 'token_endpoint_auth_method') === 'none') return 'it is a public client';
  const types = texts(value, 'grant_types');
  if (types.includes('client_credentials')) return undefined;
  return `its grant_types are ${types.join(' and ') || 'none'}, not client_credentials`;
}

function client(value: JsonObject, tenant: Tenant) {
  const name = text(value, 'name');
  const client_id = text(value, 'client_id');
  if (client_id === undefined) {
    throw new Unreadable(
      'client_id: it is missing; the Deploy CLI writes it with AUTH0_EXPORT_IDENTIFIERS=true',
      name,
    );
  }
  const grants = [...(tenant.byClient.get(client_id) ?? []), ...(tenant.byClient.get(name) ?? [])];
  const kept = grants.filter((grant) => !isManagement(neededText(grant, 'audience')));
  return {
    client_id,
    members: {
      client_name: name,
      token_endpoint_auth_method: secretMethod(value, client_id),
    },
    grants: kept.filter(isForClients).map((grant) => grantOf(grant, tenant)),
    namesAudiences: true,
    secrets: secrets(value, client_id),
    notes: [
      ...(kept.length < grants.length
        ? ["its grant for Auth0's own Management API is left out"]
        : []),
      ...notes(value),
    ],
  };
}

/** A grant may be one for what users let the client do. */
const isForClients = (grant: JsonObject): boolean =>
  (text(grant, 'subject_type') ?? 'client') === 'client';

function grantOf(grant: JsonObject, { scopes }: Tenant): ForeignGrant {
  const audience = neededText(grant, 'audience');
  const all = flag(grant, 'allow_all_scopes') ? scopes.get(audience) : undefined;
  return { audience, scopes: all ?? texts(grant, 'scope') };
}

function secretMethod(value: JsonObject, client_id: string): string {
  const [other] = Object.entries(object(value, 'client_authentication_methods')).filter(
    ([, method]) => isObject(method),
  );
  if (other) {
    throw new Unreadable(
      `client_authentication_methods: it authenticates by ${other[0]}, and Auth0 does not give out the key; register it with its key or certificate`,
      client_id,
    );
  }
  return text(value, 'token_endpoint_auth_method') ?? 'client_secret_post';
}

function secrets(value: JsonObject, client_id: string): readonly ForeignSecret[] {
  const plain = text(value, 'client_secret');
  if (plain !== undefined) return [{ plain }];
  throw new Unreadable(
    'client_secret: it is missing; the Management API gives it with the scope read:client_keys, the Deploy CLI with INCLUDED_PROPS={"clients":["client_secret"]}',
    client_id,
  );
}

function notes(value: JsonObject): readonly string[] {
  const isFor = (name: string) => Object.keys(object(value, name)).length > 0;
  return [
    ...(isFor('token_exchange') ? ['token exchange does not come along'] : []),
    ...(isFor('client_metadata')
      ? ['its client_metadata, which actions may read, does not come along']
      : []),
  ];
}
