import { type Client, certificateSubjects } from '../../functions/oauth/client.ts';
import type { ResourceServer } from '../../functions/oauth/resource-server.ts';
import { parseScope, type Scope } from '../../functions/oauth/scope.ts';
import { type ClientCredentials, credentialsFor, usesKind } from '../client-authentication.ts';
import { withSecret } from '../client-secrets.ts';
import type { DeclaredClient, DeclaredResourceServer } from './declaration.ts';
import { defaultMethod } from './normal-form.ts';

/**
 * A client as declared: what a declaration does not speak of stays as it is.
 * @param before how it is registered; undefined: it is not
 * @param now NumericDate
 * @throws RegistryError when it would have more secrets than it may
 */
export function clientAsDeclared(
  declared: DeclaredClient,
  before: Client | undefined,
  now: number,
): Client {
  const method = declared.token_endpoint_auth_method ?? defaultMethod;
  const { client_id, client_name = client_id, grants = {} } = declared;
  const client: Client = {
    client_id,
    client_name,
    token_endpoint_auth_method: method,
    grant_types: before?.grant_types ?? ['client_credentials'],
    grants: new Map(Object.entries(grants).map(([resource, scope]) => [resource, scopeOf(scope)])),
    ...credentialsFor(method, { secrets: before?.secrets ?? [] }, credentialsOf(declared)),
    dpop_bound_access_tokens: declared.dpop_bound_access_tokens ?? false,
    tls_client_certificate_bound_access_tokens:
      declared.tls_client_certificate_bound_access_tokens ?? false,
    access_token_lifetime: declared.access_token_lifetime,
    introspection_resources: declared.introspection_resources ?? [],
    claims: declared.claims ?? {},
    tokens_not_before: before?.tokens_not_before,
    // Whoever disables a client in an emergency does not expect the next deployment to let it in again.
    disabled: declared.disabled ?? before?.disabled ?? false,
    created_at: before?.created_at ?? now,
    updated_at: now,
  };
  return withSecrets(client, declared.secrets ?? [], now);
}

/** A resource server as declared. */
export const resourceServerAsDeclared = (
  { resource, scope, access_token_lifetime, claims = {} }: DeclaredResourceServer,
  before: ResourceServer,
  now: number,
): ResourceServer => ({
  ...before,
  resource,
  scope: scopeOf(scope),
  access_token_lifetime,
  claims,
  updated_at: now,
});

/** The scope that a text in normal form has. */
export const scopeOf = (text: string): Scope => (text === '' ? new Set() : parseScope(text));

const credentialNames = [
  ...certificateSubjects,
  'jwks',
  'jwks_uri',
  'strict_assertion_audience',
  'trust',
  'spiffe_id',
  'spiffe_bundle_endpoint',
] as const satisfies readonly (keyof DeclaredClient & keyof ClientCredentials)[];

function credentialsOf(declared: DeclaredClient): Partial<ClientCredentials> {
  const given = credentialNames.filter((name) => declared[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, declared[name]]));
}

/** A secret is there if the record has its id, as one has whose hash was replaced, or its hash. */
function withSecrets(client: Client, declared: Client['secrets'], now: number): Client {
  if (!usesKind(client.token_endpoint_auth_method, 'secrets')) return client;
  const isThere = ({ id, hash }: Client['secrets'][number]) =>
    client.secrets.some((secret) => secret.id === id || secret.hash === hash);
  return declared
    .filter((secret) => !isThere(secret))
    .reduce((changed, secret) => withSecret(changed, secret, now), client);
}
