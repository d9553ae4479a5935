import {
  parseResourceServer,
  registryKey,
  resourceServerItem,
} from '../functions/aws/registry-items.ts';
import type { CustomClaims } from '../functions/oauth/custom-claims.ts';
import { type ResourceServer, resourcesNamed } from '../functions/oauth/resource-server.ts';
import type { Scope } from '../functions/oauth/scope.ts';
import { type ClaimsUpdate, updatedClaims } from './claims.ts';
import { commandHint } from './command-hint.ts';
import { proposeDefaultResource } from './default-resource.ts';
import { type Listing, type ListRequest, listRecords } from './listing.ts';
import { changeItem, type Registry } from './registry.ts';
import { RegistryError } from './registry-error.ts';
import { readmitNew } from './subject-revocation.ts';

/** What an administrator says of a new resource server. */
export interface ResourceServerRegistration {
  /** Absolute URI as parseResource gives it. */
  readonly resource: string;
  readonly scope: Scope;
  /** Seconds; absent: the deployment's default. */
  readonly access_token_lifetime?: number | undefined;
  /** As checkClaims lets them in. @default none */
  readonly claims?: CustomClaims | undefined;
  /**
   * Whether it becomes the default resource server while there is none.
   * @default true
   */
  readonly mayBeDefault?: boolean | undefined;
  /** Whose it is, as registry/declared has it. @default nobody's in particular */
  readonly managed_by?: string | undefined;
}

/** What is to change; an absent member stays as it is. */
export interface ResourceServerUpdate {
  readonly scope?: Scope | undefined;
  /** Seconds, or `default` for the deployment's. */
  readonly access_token_lifetime?: number | 'default' | undefined;
  readonly claims?: ClaimsUpdate | undefined;
}

/**
 * Registers a resource server. While the deployment has no default resource server, the new one
 * becomes that, unless it may not.
 * @throws RegistryError when it, or another identifier of the same one, is registered already
 */
export async function createResourceServer(
  registry: Registry,
  registration: ResourceServerRegistration,
): Promise<ResourceServer> {
  const now = registry.now();
  const server: ResourceServer = {
    resource: registration.resource,
    scope: registration.scope,
    access_token_lifetime: registration.access_token_lifetime,
    claims: registration.claims ?? {},
    created_at: now,
    updated_at: now,
  };
  const [other] = await resourceServersNamed(registry, server.resource);
  if (other) throw alreadyRegistered(server.resource, other.resource);
  const { managed_by } = registration;
  if (!(await registry.store.create({ ...resourceServerItem(server), managed_by }))) {
    throw alreadyRegistered(server.resource, server.resource);
  }
  await readmitNew(registry, { kind: 'resource', id: server.resource });
  if (registration.mayBeDefault !== false) {
    await proposeDefaultResource(registry, server.resource);
  }
  return server;
}

function alreadyRegistered(resource: string, other: string): RegistryError {
  const sameAs = resource === other ? '' : `, as ${other}, which is the same by RFC 3986`;
  return new RegistryError(
    'taken',
    `the resource server ${resource} is registered already${sameAs}`,
  );
}

/**
 * Finds the one resource server that an identifier names, however it is written.
 * @throws RegistryError when there is none, or more than one
 */
export async function requireResourceServer(
  registry: Registry,
  resource: string,
): Promise<ResourceServer> {
  const exact = await findResourceServer(registry, resource);
  if (exact) return exact;
  const [server, ...others] = await resourceServersNamed(registry, resource);
  if (!server) throw unknownResourceServer(resource);
  if (others.length === 0) return server;
  const all = [server, ...others].map((one) => one.resource).join(' and ');
  throw new RegistryError(
    'contents',
    `${resource} may be ${all}: write the one that is meant to the letter`,
  );
}

/**
 * How the one resource server is registered that an identifier names; as it is given, if there is none.
 * @throws RegistryError when there is more than one
 */
export async function registeredResource(registry: Registry, resource: string): Promise<string> {
  try {
    return (await requireResourceServer(registry, resource)).resource;
  } catch (error) {
    if (error instanceof RegistryError && error.about === 'unknown') return resource;
    throw error;
  }
}

async function resourceServersNamed(
  registry: Registry,
  resource: string,
): Promise<readonly ResourceServer[]> {
  const servers = await listResourceServers(registry);
  const named = resourcesNamed(
    resource,
    servers.map((server) => server.resource),
  );
  return servers.filter((server) => named.includes(server.resource));
}

/** Finds a resource server by its identifier as it is registered, to the byte (RFC 3986 §6.2.1). */
export async function findResourceServer(
  registry: Registry,
  resource: string,
): Promise<ResourceServer | undefined> {
  const item = await registry.store.read(registryKey.resourceServer(resource));
  return item && parseResourceServer(item);
}

/** Finds the resource servers that are wanted: all by identifier, or a part in the order of the table. */
export async function findResourceServers(
  registry: Registry,
  request: ListRequest<ResourceServer>,
): Promise<Listing<ResourceServer>> {
  const listing = await listRecords(registry, kind, request);
  if (request.limit !== undefined) return listing;
  const records = listing.records.toSorted((a, b) => (a.resource < b.resource ? -1 : 1));
  return { ...listing, records };
}

/** Lists all resource servers by identifier. */
export const listResourceServers = async (registry: Registry): Promise<readonly ResourceServer[]> =>
  (await findResourceServers(registry, {})).records;

const kind = { prefix: registryKey.resourceServer('').pk, parse: parseResourceServer };

/**
 * Changes a resource server. A scope that it loses is lost to every client that has it.
 * @throws RegistryError when it does not exist, or as updatedClaims does
 */
export async function updateResourceServer(
  registry: Registry,
  resource: string,
  update: ResourceServerUpdate,
): Promise<void> {
  const changed = await changeItem(registry, registryKey.resourceServer(resource), (item) => {
    const { access_token_lifetime, ...server } = parseResourceServer(item);
    const lifetime = update.access_token_lifetime ?? access_token_lifetime;
    return resourceServerItem({
      ...server,
      scope: update.scope ?? server.scope,
      access_token_lifetime: lifetime === 'default' ? undefined : lifetime,
      claims: updatedClaims(server.claims, update.claims),
      updated_at: registry.now(),
    });
  });
  if (!changed) throw unknownResourceServer(resource);
}

/** The refusal for a resource server that is not registered. */
export function unknownResourceServer(resource: string): RegistryError {
  return new RegistryError(
    'unknown',
    `there is no resource server ${resource}; ${commandHint('resource', 'list')} shows those that are`,
  );
}
