import { X509Certificate } from 'node:crypto';
import type { JsonObject } from '../../json-input.ts';
import { flag, object, text, wholeNumber } from '../members.ts';
import { type ForeignSecret, Unreadable } from '../reading.ts';

interface Authentication {
  readonly members: JsonObject;
  readonly secrets: readonly ForeignSecret[];
}

/**
 * How a client of Keycloak's authenticates.
 * @throws Unreadable when its way is none of ours, or the export lacks what it is done with
 */
export function keycloakAuthentication(client_id: string, value: JsonObject): Authentication {
  const type = text(value, 'clientAuthenticatorType') ?? 'client-secret';
  const read = authenticators.get(type);
  if (read) return read(client_id, value);
  throw new Unreadable(
    `clientAuthenticatorType: ${why.get(type) ?? `${type} is none of ours`}`,
    client_id,
  );
}

type Read = (client_id: string, value: JsonObject) => Authentication;

const authenticators: ReadonlyMap<string, Read> = new Map([
  ['client-secret', bySecret],
  ['client-jwt', byKey],
  ['client-x509', byCertificate],
]);

const why: ReadonlyMap<string, string> = new Map([
  [
    'client-secret-jwt',
    'client-secret-jwt signs with the secret itself, of which we keep a hash alone',
  ],
  [
    'federated-jwt',
    'federated-jwt needs a trust rule of ours; register it with client create --trust',
  ],
]);

function bySecret(client_id: string, value: JsonObject): Authentication {
  const attributes = object(value, 'attributes');
  const current = secretOf(client_id, 'secret', text(value, 'secret'));
  if (!current) throw new Unreadable('secret: it is missing', client_id);
  const rotated = secretOf(
    client_id,
    'client.secret.rotated',
    text(attributes, 'client.secret.rotated'),
  );
  return {
    members: { token_endpoint_auth_method: 'client_secret_basic' },
    secrets: [
      { plain: current, expires_at: expiry(attributes, 'client.secret.expiration.time') },
      ...(rotated === undefined
        ? []
        : [
            {
              plain: rotated,
              expires_at: expiry(attributes, 'client.secret.rotated.expiration.time'),
            },
          ]),
    ],
  };
}

const expiry = (attributes: JsonObject, name: string): number | undefined =>
  wholeNumber(attributes, name) || undefined;

function secretOf(client_id: string, name: string, plain: string | undefined): string | undefined {
  if (plain !== undefined && /^\*+$/.test(plain)) {
    throw new Unreadable(
      `${name}: it is masked, as in a partial export; kc.sh export has the secrets`,
      client_id,
    );
  }
  if (plain?.startsWith('${vault.')) {
    throw new Unreadable(`${name}: it is in Keycloak's vault, and not in the export`, client_id);
  }
  return plain;
}

function byKey(client_id: string, value: JsonObject): Authentication {
  const attributes = object(value, 'attributes');
  const [member] = keySources.flatMap((source) => source(client_id, attributes) ?? []);
  if (!member) throw new Unreadable('attributes: there is no key of the client', client_id);
  return { members: { token_endpoint_auth_method: 'private_key_jwt', ...member }, secrets: [] };
}

type KeySource = (client_id: string, attributes: JsonObject) => JsonObject | undefined;

/** In the order in which Keycloak looks for them. */
const keySources: readonly KeySource[] = [
  (_, attributes) =>
    flag(attributes, 'use.jwks.url') ? { jwks_uri: text(attributes, 'jwks.url') } : undefined,
  (client_id, attributes) => {
    const written = text(attributes, 'jwks.string');
    if (!flag(attributes, 'use.jwks.string') || written === undefined) return undefined;
    return { jwks: jsonOf(client_id, 'jwks.string', written) };
  },
  (client_id, attributes) => {
    const name = 'jwt.credential.certificate';
    const certificate = text(attributes, name);
    if (certificate === undefined) return undefined;
    return { jwks: keysOfCertificate(client_id, name, certificate) };
  },
];

function jsonOf(client_id: string, name: string, written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    throw new Unreadable(`${name}: it is not JSON`, client_id);
  }
}

/** Keycloak keeps the base64 of the DER, without the lines around it. */
function keysOfCertificate(client_id: string, name: string, base64: string): JsonObject {
  try {
    const { publicKey } = new X509Certificate(Buffer.from(base64, 'base64'));
    return { keys: [publicKey.export({ format: 'jwk' })] };
  } catch {
    throw new Unreadable(`${name}: it is no certificate`, client_id);
  }
}

function byCertificate(client_id: string, value: JsonObject): Authentication {
  const attributes = object(value, 'attributes');
  if (flag(attributes, 'x509.allow.regex.pattern.comparison')) {
    throw new Unreadable(
      'x509.subjectdn: it is a regular expression, and ours are compared whole',
      client_id,
    );
  }
  const subject = text(attributes, 'x509.subjectdn');
  return {
    members: { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: subject },
    secrets: [],
  };
}
