import { calculateJwkThumbprint, type JWK } from 'jose';

/** What is told of a member: all of it, or as much as is no secret. */
type Show = (value: unknown) => unknown;

/** The members of an item that are told, each with how. Of any other it is told that it changed, and no more. */
export type ShownMembers = Readonly<Record<string, Show>>;

const asItIs: Show = (value) => value;

const members =
  (...names: readonly string[]): Show =>
  (value) =>
    isObject(value)
      ? Object.fromEntries(names.filter((name) => name in value).map((name) => [name, value[name]]))
      : undefined;

const listOf =
  (show: Show): Show =>
  async (value) =>
    Array.isArray(value) ? Promise.all(value.map(show)) : undefined;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of a secret never its hash: of that only what kind it is. */
const secret: Show = (value) =>
  isObject(value) && {
    ...(members('id', 'created_at', 'expires_at')(value) as object),
    format: hashFormat(value.hash),
  };

const hashFormats =
  /^(sha256|imported:\$(?:2[aby]|argon2id|pbkdf2-sha1|pbkdf2-sha256|pbkdf2-sha512|sha256|sha512))[:$]/;

function hashFormat(hash: unknown): string {
  const [, format = 'unknown'] = (typeof hash === 'string' && hashFormats.exec(hash)) || [];
  return format.replace(':$', ' ');
}

/** A JWK by its names: it may be registered with its private part by mistake. */
const jwk: Show = async (value) => ({
  ...(members('kid', 'kty', 'alg')(value) as object),
  thumbprint: await calculateJwkThumbprint(value as JWK).catch(() => undefined),
});

const jwks: Show = async (value) => ({
  keys: isObject(value) ? await listOf(jwk)(value.keys) : undefined,
});

/** A trust rule tells whom to believe: all of it counts, and nothing of it is secret but keys by mistake. */
const trustRule: Show = async (value) =>
  isObject(value) && 'jwks' in value ? { ...value, jwks: await jwks(value.jwks) } : value;

const asTheyAre = (...names: readonly string[]): ShownMembers =>
  Object.fromEntries(names.map((name) => [name, asItIs]));

/** Members of each item that are part of how it is kept: they change with each write, and tell nothing. */
export const bookkeeping: ReadonlySet<string> = new Set([
  'pk',
  'revision',
  'changed_by',
  'updated_at',
]);

const registered = asTheyAre(
  'access_token_lifetime',
  'claims',
  'created_at',
  'managed_by',
  'tokens_not_before',
);

/** By what an item is about. */
export const shownMembers = {
  client: {
    ...registered,
    ...asTheyAre(
      'client_id',
      'client_name',
      'token_endpoint_auth_method',
      'grant_types',
      'grants',
      'tls_client_auth_subject_dn',
      'tls_client_auth_san_dns',
      'tls_client_auth_san_uri',
      'tls_client_auth_san_ip',
      'tls_client_auth_san_email',
      'jwks_uri',
      'strict_assertion_audience',
      'spiffe_id',
      'spiffe_bundle_endpoint',
      'dpop_bound_access_tokens',
      'tls_client_certificate_bound_access_tokens',
      'introspection_resources',
      'disabled',
    ),
    secrets: listOf(secret),
    jwks,
    trust: listOf(trustRule),
  },
  resource_server: { ...registered, ...asTheyAre('resource', 'scope') },
  default_resource_server: asTheyAre('resource'),
  key_ring: {
    keys: listOf(
      members(
        'kid',
        'alg',
        'custody',
        'state',
        'published_at',
        'activated_at',
        'retired_at',
        'removed_at',
        'revoked',
        'deletes_at',
      ),
    ),
    plans: listOf(members('alg', 'planned_at')),
  },
  other: {},
} as const satisfies Readonly<Record<string, ShownMembers>>;

/** What an item of the registry is about. */
export type SubjectKind = keyof typeof shownMembers;
