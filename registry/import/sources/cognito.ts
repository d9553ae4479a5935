import type { JsonObject } from '../../json-input.ts';
import { neededText, object, objects, recordsOf, text, texts, wholeNumber } from '../members.ts';
import {
  type ForeignGrant,
  type ReadRecord,
  type ReadSource,
  readRecords,
  Unreadable,
} from '../reading.ts';

/**
 * Reads what `aws cognito-idp describe-user-pool-client` and `list-resource-servers` print, of as many
 * clients as there are.
 */
export const readCognito: ReadSource = (documents) =>
  readRecords(
    recordsOf(documents, ['UserPoolClient', 'UserPoolClients', 'ResourceServers']),
    record,
  );

const record: ReadRecord = (value) => {
  if ('Identifier' in value) return { server: resourceServer(value) };
  const client_id = neededText(value, 'ClientId');
  const reason = notForMachines(value);
  return reason ? { leftOut: { id: client_id, reason } } : { client: client(client_id, value) };
};

function resourceServer(value: JsonObject) {
  const audience = neededText(value, 'Identifier');
  const scopes = objects(value, 'Scopes').map((scope) => neededText(scope, 'ScopeName'));
  return { audience, scopes: scopes.map((scope) => `${audience}/${scope}`) };
}

function notForMachines(value: JsonObject): string | undefined {
  if (isSummary(value)) return undefined;
  const flows = texts(value, 'AllowedOAuthFlows');
  if (flows.includes('client_credentials')) return undefined;
  return flows.length === 0
    ? 'it has no OAuth flow'
    : `its flows are ${flows.join(' and ')}, not client_credentials`;
}

/** What list-user-pool-clients prints of a client: id and name, by which nobody can tell what it is for. */
const isSummary = (value: JsonObject): boolean =>
  Object.keys(value).every((name) => ['ClientId', 'ClientName', 'UserPoolId'].includes(name));

function client(client_id: string, value: JsonObject) {
  const plain = text(value, 'ClientSecret');
  if (plain === undefined) {
    throw new Unreadable(
      'ClientSecret: it is missing; aws cognito-idp describe-user-pool-client prints it, list-user-pool-clients does not',
      client_id,
    );
  }
  return {
    client_id,
    members: {
      client_name: text(value, 'ClientName'),
      access_token_lifetime: lifetime(value),
    },
    grants: grants(client_id, texts(value, 'AllowedOAuthScopes')),
    secrets: [{ plain }],
    notes: [],
  };
}

const secondsIn = new Map([
  ['seconds', 1],
  ['minutes', 60],
  ['hours', 3600],
  ['days', 86_400],
]);

/** Cognito's own defaults: hours, and one of them. */
function lifetime(value: JsonObject): number {
  const unit = text(object(value, 'TokenValidityUnits'), 'AccessToken') ?? 'hours';
  const seconds = secondsIn.get(unit);
  if (seconds === undefined) {
    throw new Unreadable(`TokenValidityUnits: ${unit} is no unit of Cognito's`);
  }
  return (wholeNumber(value, 'AccessTokenValidity') || 1) * seconds;
}

/** A custom scope is its resource server's identifier, a slash, and a name that has none. */
function grants(client_id: string, scopes: readonly string[]): readonly ForeignGrant[] {
  const byAudience = Map.groupBy(scopes, (scope) => {
    const slash = scope.lastIndexOf('/');
    if (slash > 0) return scope.slice(0, slash);
    throw new Unreadable(
      `AllowedOAuthScopes: ${scope} is a scope of no resource server, and none for machines`,
      client_id,
    );
  });
  return [...byAudience].map(([audience, all]) => ({ audience, scopes: all }));
}
