import { isObject, type JsonObject } from '../../json-input.ts';
import { neededText, recordsOf, text, wholeNumber, words } from '../members.ts';
import {
  type ForeignSecret,
  type ReadRecord,
  type ReadSource,
  readRecords,
  Unreadable,
} from '../reading.ts';

/**
 * Reads declared clients and resource servers, as a file of `countersign apply` has them, with the client's
 * secret or its hash beside: `client_secret`, `client_secret_hash`, `client_secret_expires_at`.
 */
export const readJson: ReadSource = (documents) =>
  readRecords(recordsOf(documents, ['resource_servers', 'clients']), record);

const record: ReadRecord = (value) =>
  'resource' in value && !('client_id' in value)
    ? { server: resourceServer(value) }
    : { client: client(value) };

function resourceServer({ resource, scope, ...members }: JsonObject) {
  const named = { resource, scope };
  return { audience: neededText(named, 'resource'), scopes: words(named, 'scope'), members };
}

function client(value: JsonObject) {
  const client_id = neededText(value, 'client_id');
  const {
    grants = {},
    client_secret,
    client_secret_hash,
    client_secret_expires_at,
    ...members
  } = value;
  if (!isObject(grants)) {
    throw new Unreadable('grants: it must be an object of resource server and scope', client_id);
  }
  const { client_id: _, ...others } = members;
  return {
    client_id,
    members: others,
    grants: Object.keys(grants).map((audience) => ({ audience, scopes: words(grants, audience) })),
    secrets: secrets({ client_secret, client_secret_hash, client_secret_expires_at }),
    notes: [],
  };
}

function secrets(value: JsonObject): readonly ForeignSecret[] {
  const plain = text(value, 'client_secret');
  const hash = text(value, 'client_secret_hash');
  // RFC 7591 §3.2.1: 0 says that it does not expire.
  const expires_at = wholeNumber(value, 'client_secret_expires_at') || undefined;
  return [
    ...(plain === undefined ? [] : [{ plain, expires_at }]),
    ...(hash === undefined ? [] : [{ hash, expires_at }]),
  ];
}
