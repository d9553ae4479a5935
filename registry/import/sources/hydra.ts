import type { JsonObject } from '../../json-input.ts';
import { neededText, object, recordsOf, text, texts, wholeNumber, words } from '../members.ts';
import {
  type ForeignClient,
  type ForeignGrant,
  type ForeignRecord,
  type ForeignSecret,
  type ReadRecord,
  type ReadSource,
  readRecords,
  Unreadable,
} from '../reading.ts';

/**
 * Reads clients as `GET /admin/clients` of Ory Hydra gives them, which has no secrets, and beside them rows of
 * its table hydra_client, which have their hashes.
 */
export const readHydra: ReadSource = (documents) => {
  const { rows = [], clients = [] } = Object.groupBy(recordsOf(documents, ['items']), (record) =>
    isRow(record) ? 'rows' : 'clients',
  );
  const hashes = new Map(rows.map(({ value }) => [value.id, value.client_secret]));
  return readRecords(clients, (value) => readClient(value, hashes));
};

const isRow = ({ value }: ForeignRecord): boolean => 'id' in value && !('client_id' in value);

type Hashes = ReadonlyMap<unknown, unknown>;

function readClient(value: JsonObject, hashes: Hashes): ReturnType<ReadRecord> {
  const client_id = neededText(value, 'client_id');
  const grantTypes = texts(value, 'grant_types');
  if (!grantTypes.includes('client_credentials')) {
    const reason = `its grant_types are ${grantTypes.join(' and ') || 'none'}, not client_credentials`;
    return { leftOut: { id: client_id, reason } };
  }
  return { client: { client_id, ...machine(client_id, value, hashes) } };
}

function machine(client_id: string, value: JsonObject, hashes: Hashes) {
  const method = text(value, 'token_endpoint_auth_method') ?? 'client_secret_basic';
  const credentials = credentialsBy.get(method);
  if (!credentials) {
    throw new Unreadable(`token_endpoint_auth_method: ${method} is none of ours`, client_id);
  }
  const { members = {}, secrets = [] } = credentials(value, hashes);
  return {
    members: {
      client_name: text(value, 'client_name'),
      token_endpoint_auth_method: method,
      access_token_lifetime: lifetime(value),
      ...members,
    },
    grants: grants(value),
    namesAudiences: true,
    secrets,
    notes: notes(value),
  } satisfies Omit<ForeignClient, 'client_id'>;
}

type ReadCredentials = (
  value: JsonObject,
  hashes: Hashes,
) => { readonly members?: JsonObject; readonly secrets?: readonly ForeignSecret[] };

const bySecret: ReadCredentials = (value, hashes) => {
  const client_id = neededText(value, 'client_id');
  const hash = hashes.get(client_id);
  const expires_at = wholeNumber(value, 'client_secret_expires_at') || undefined;
  if (typeof hash === 'string') return { secrets: [{ hash, expires_at }] };
  // What the creation of a client answers, once.
  const plain = text(value, 'client_secret');
  if (plain !== undefined) return { secrets: [{ plain, expires_at }] };
  throw new Unreadable(
    'client_secret: no row of the table hydra_client has its hash; the admin API does not give it out',
    client_id,
  );
};

/** Hydra's methods of client authentication. */
const credentialsBy: ReadonlyMap<string, ReadCredentials> = new Map([
  ['client_secret_basic', bySecret],
  ['client_secret_post', bySecret],
  ['private_key_jwt', byKey],
]);

function byKey(value: JsonObject) {
  const jwks_uri = text(value, 'jwks_uri');
  return { members: jwks_uri === undefined ? { jwks: object(value, 'jwks') } : { jwks_uri } };
}

/** Hydra keeps scopes and audiences apart: each scope goes with each audience. */
function grants(value: JsonObject): readonly ForeignGrant[] {
  const scopes = words(value, 'scope');
  const audiences = texts(value, 'audience');
  return audiences.length === 0
    ? [{ scopes }]
    : audiences.map((audience) => ({ audience, scopes }));
}

const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };

/** A duration as Go writes it: `1h0m0s`. */
function lifetime(value: JsonObject): number | undefined {
  const name = 'client_credentials_grant_access_token_lifespan';
  const written = text(value, name);
  if (written === undefined) return undefined;
  if (!/^(\d{1,9}[hms])+$/.test(written)) {
    throw new Unreadable(`${name}: ${written} is no duration such as 1h0m0s`);
  }
  const parts = written.matchAll(/(\d+)([hms])/g);
  return [...parts].reduce(
    (sum, [, number, unit = '']) => sum + Number(number) * (units[unit] ?? 0),
    0,
  );
}

function notes(value: JsonObject): readonly string[] {
  const patterns = words(value, 'scope').filter((scope) => scope.includes('*'));
  return [
    ...patterns.map((scope) => `the scope ${scope} is a pattern in Hydra; here it is one scope`),
    ...(text(value, 'access_token_strategy') === 'opaque'
      ? ['its access tokens are opaque in Hydra; here they are JWTs']
      : []),
  ];
}
