import type { JsonObject } from '../../json-input.ts';
import { flag, neededText, object, objects, recordsAt, text, wholeNumber } from '../members.ts';
import {
  joined,
  problemsOnly,
  type Reading,
  type ReadRecord,
  type ReadSource,
  readRecords,
} from '../reading.ts';
import { keycloakAuthentication } from './keycloak-authentication.ts';
import { keycloakGrants } from './keycloak-grants.ts';
import { keycloakNotes } from './keycloak-notes.ts';

/** Reads realms as `kc.sh export` writes them: one a file, with or without its users. */
export const readKeycloak: ReadSource = (documents) =>
  documents
    .flatMap(({ place, value }) => recordsAt(place, value))
    .map(readRealm)
    .reduce(joined, problemsOnly([]));

/** What a client's record is read with. */
interface Realm {
  readonly scopes: ReadonlyMap<string, JsonObject>;
  /** client_id -> its service account. */
  readonly accounts: ReadonlyMap<string, JsonObject>;
  readonly lifetime: number | undefined;
}

function readRealm({ place, value }: { place: string; value: JsonObject }): Reading {
  if (!Array.isArray(value.clients)) {
    // The users of a realm have a file of their own where an export has many.
    if (Array.isArray(value.users)) return problemsOnly([]);
    const sentence = 'it is no export of a realm: it has no clients';
    return problemsOnly([{ place, sentence }]);
  }
  const realm: Realm = {
    scopes: new Map(objects(value, 'clientScopes').map((scope) => [String(scope.name), scope])),
    accounts: new Map(
      objects(value, 'users').map((user) => [String(user.serviceAccountClientId), user]),
    ),
    lifetime: wholeNumber(value, 'accessTokenLifespan'),
  };
  const clients = recordsAt(`${place} clients`, value.clients);
  return readRecords(clients, (client) => readClient(client, realm));
}

function readClient(value: JsonObject, realm: Realm): ReturnType<ReadRecord> {
  const client_id = neededText(value, 'clientId');
  const reason = notForMachines(value);
  if (reason) return { leftOut: { id: client_id, reason } };
  const { members, secrets } = keycloakAuthentication(client_id, value);
  const attributes = object(value, 'attributes');
  return {
    client: {
      client_id,
      members: {
        client_name: text(value, 'name'),
        access_token_lifetime: wholeNumber(attributes, 'access.token.lifespan') ?? realm.lifetime,
        dpop_bound_access_tokens: flag(attributes, 'dpop.bound.access.tokens') || undefined,
        tls_client_certificate_bound_access_tokens:
          flag(attributes, 'tls.client.certificate.bound.access.tokens') || undefined,
        disabled: value.enabled === false || undefined,
        ...members,
      },
      secrets,
      grants: keycloakGrants(value, realm.scopes),
      notes: keycloakNotes(value, realm.accounts.get(client_id)),
    },
  };
}

const reasons: readonly (readonly [(value: JsonObject) => boolean, string])[] = [
  [({ protocol = 'openid-connect' }) => protocol !== 'openid-connect', 'it speaks SAML, not OAuth'],
  [(value) => flag(value, 'bearerOnly'), 'it is an API (bearer-only), which gets no tokens'],
  [(value) => flag(value, 'publicClient'), 'it is a public client'],
  [
    (value) => !flag(value, 'serviceAccountsEnabled'),
    'it has no service account, without which Keycloak gives it no client_credentials',
  ],
];

const notForMachines = (value: JsonObject): string | undefined =>
  reasons.find(([applies]) => applies(value))?.[1];
