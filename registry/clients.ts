import { randomUUID } from 'node:crypto';
import { clientItem, parseClient, registryKey } from '../functions/aws/registry-items.ts';
import type { AuthMethod, Client } from '../functions/oauth/client.ts';
import type { CustomClaims } from '../functions/oauth/custom-claims.ts';
import {
  type ClientCredentials,
  credentialsFor,
  type SecretMethod,
} from './client-authentication.ts';
import { newSecret } from './client-secrets.ts';
import { commandHint } from './command-hint.ts';
import { type GrantRequest, initialGrants, resolveGrants } from './grants.ts';
import { resolveIntrospection } from './introspection.ts';
import { type Listing, type ListRequest, listRecords } from './listing.ts';
import { changeItem, type Registry } from './registry.ts';
import { RegistryError } from './registry-error.ts';
import { clientIdOfWorkload } from './spiffe-workload.ts';
import { readmitNew } from './subject-revocation.ts';

/** What an administrator says of any new client. */
interface Registration extends GrantRequest {
  readonly client_name: string;
  /** @default the SPIFFE ID that the client has, or a random UUID */
  readonly client_id?: string | undefined;
  /** @default false */
  readonly dpop_bound_access_tokens?: boolean | undefined;
  /** @default false */
  readonly tls_client_certificate_bound_access_tokens?: boolean | undefined;
  /** Seconds; absent: the resource server's. */
  readonly access_token_lifetime?: number | undefined;
  /**
   * The resource servers whose tokens it may introspect. With any, it gets no grant that is not asked for.
   * @default none
   */
  readonly introspection_resources?: readonly string[] | undefined;
  /** As checkClaims lets them in. @default none */
  readonly claims?: CustomClaims | undefined;
}

/** What an administrator says of a new client with a secret. */
export interface ClientRegistration extends Registration {
  /** @default client_secret_basic */
  readonly token_endpoint_auth_method?: SecretMethod | undefined;
}

/** What an administrator says of a new client without a secret. */
export interface SecretlessRegistration extends Registration {
  readonly token_endpoint_auth_method: Exclude<AuthMethod, SecretMethod>;
  readonly credentials: Partial<ClientCredentials>;
}

/**
 * Registers a client and makes its first secret, which is told here and never again.
 * @throws RegistryError when the client_id is taken, or as initialGrants does
 */
export async function createClient(
  registry: Registry,
  registration: ClientRegistration,
): Promise<{ readonly client: Client; readonly client_secret: string }> {
  const { token_endpoint_auth_method = 'client_secret_basic', ...rest } = registration;
  const { client_secret, ...secret } = newSecret(registry.now());
  const credentials = { secrets: [secret] };
  const client = await register(registry, { ...rest, token_endpoint_auth_method, credentials });
  return { client, client_secret };
}

/**
 * Registers a client that authenticates without a secret.
 * @throws RegistryError when the client_id is taken, or as initialGrants does
 */
export function createSecretlessClient(
  registry: Registry,
  registration: SecretlessRegistration,
): Promise<Client> {
  return register(registry, registration);
}

async function register(
  registry: Registry,
  registration: Registration & {
    readonly token_endpoint_auth_method: AuthMethod;
    readonly credentials: Partial<ClientCredentials>;
  },
): Promise<Client> {
  const { token_endpoint_auth_method, credentials, access_token_lifetime } = registration;
  const now = registry.now();
  const introspects = registration.introspection_resources ?? [];
  const chosen = registration.client_id ?? clientIdOfWorkload(credentials.spiffe_id);
  const client: Client = {
    client_id: chosen ?? randomUUID(),
    client_name: registration.client_name,
    token_endpoint_auth_method,
    grant_types: ['client_credentials'],
    grants: await (introspects.length > 0 ? resolveGrants : initialGrants)(registry, registration),
    ...credentialsFor(token_endpoint_auth_method, {}, credentials),
    dpop_bound_access_tokens: registration.dpop_bound_access_tokens ?? false,
    tls_client_certificate_bound_access_tokens:
      registration.tls_client_certificate_bound_access_tokens ?? false,
    access_token_lifetime,
    introspection_resources: await resolveIntrospection(registry, introspects),
    claims: registration.claims ?? {},
    disabled: false,
    created_at: now,
    updated_at: now,
  };
  const { client_id } = client;
  if (!(await registry.store.create(clientItem(client)))) {
    throw new RegistryError('taken', `the client ${client_id} is registered already`);
  }
  if (chosen !== undefined) await readmitNew(registry, { kind: 'client', id: client_id });
  return client;
}

/**
 * Finds a client.
 * @throws RegistryError when it does not exist
 */
export async function findClient(registry: Registry, client_id: string): Promise<Client> {
  const item = await registry.store.read(registryKey.client(client_id));
  return item ? parseClient(item) : unknownClient(client_id);
}

/** Finds the clients that are wanted: all of them by name, or a part of them in the order of the table. */
export async function findClients(
  registry: Registry,
  request: ListRequest<Client>,
): Promise<Listing<Client>> {
  const listing = await listRecords(registry, kind, request);
  return request.limit === undefined ? { ...listing, records: byName(listing.records) } : listing;
}

/** Lists all clients by name. */
export const listClients = async (registry: Registry): Promise<readonly Client[]> =>
  (await findClients(registry, {})).records;

const kind = { prefix: registryKey.client('').pk, parse: parseClient };

function byName(clients: readonly Client[]): readonly Client[] {
  const order = (client: Client) => `${client.client_name}\n${client.client_id}`;
  return clients.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

/**
 * Changes a client; nobody else's change at the same time is lost.
 * @param change makes the new client of the old; may be called more than once, may refuse
 * @throws RegistryError when it does not exist
 */
export async function changeClient(
  registry: Registry,
  client_id: string,
  change: (client: Client) => Client,
): Promise<Client> {
  const item = await changeItem(registry, registryKey.client(client_id), (stored) =>
    clientItem({ ...change(parseClient(stored)), updated_at: registry.now() }),
  );
  return item ? parseClient(item) : unknownClient(client_id);
}

/** Stops a client from getting tokens, or lets it get them again. */
export function setClientDisabled(
  registry: Registry,
  client_id: string,
  disabled: boolean,
): Promise<Client> {
  return changeClient(registry, client_id, (client) => ({ ...client, disabled }));
}

/**
 * Deletes a client with all of its secrets.
 * @throws RegistryError when it does not exist
 */
export async function deleteClient(registry: Registry, client_id: string): Promise<void> {
  if (!(await registry.store.delete(registryKey.client(client_id)))) unknownClient(client_id);
}

function unknownClient(client_id: string): never {
  throw new RegistryError(
    'unknown',
    `there is no client ${client_id}; ${commandHint('client', 'list')} shows those that are`,
  );
}
