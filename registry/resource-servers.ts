import {
  parseResourceServer,
  registryKey,
  resourceServerItem,
} from '../functions/aws/registry-items.ts';
import type { ResourceServer } from '../functions/oauth/resource-server.ts';
import type { Scope } from '../functions/oauth/scope.ts';
import { proposeDefaultResource } from './default-resource.ts';
import { changeItem, type Registry } from './registry.ts';
import { RegistryError } from './registry-error.ts';

/** What an administrator says of a new resource server. */
export interface ResourceServerRegistration {
  /** Absolute URI as parseResource gives it. */
  readonly resource: string;
  readonly scope: Scope;
  /** Seconds; absent: the deployment's default. */
  readonly access_token_lifetime?: number | undefined;
  /**
   * Whether it becomes the default resource server while there is none.
   * @default true
   */
  readonly mayBeDefault?: boolean | undefined;
}

/** What is to change; an absent member stays as it is. */
export interface ResourceServerUpdate {
  readonly scope?: Scope | undefined;
  /** Seconds, or `default` for the deployment's. */
  readonly access_token_lifetime?: number | 'default' | undefined;
}

/**
 * Registers a resource server. While the deployment has no default resource server, the new one
 * becomes that, unless it may not.
 * @throws RegistryError when it is registered already
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
    created_at: now,
    updated_at: now,
  };
  if (!(await registry.store.create(resourceServerItem(server)))) {
    throw new RegistryError(
      'contents',
      `the resource server ${server.resource} is registered already`,
    );
  }
  if (registration.mayBeDefault !== false) {
    await proposeDefaultResource(registry, server.resource);
  }
  return server;
}

/** Finds a resource server by its identifier, to the byte (RFC 3986 §6.2.1). */
export async function findResourceServer(
  registry: Registry,
  resource: string,
): Promise<ResourceServer | undefined> {
  const item = await registry.store.read(registryKey.resourceServer(resource));
  return item && parseResourceServer(item);
}

/** Lists the resource servers by identifier. */
export async function listResourceServers(registry: Registry): Promise<readonly ResourceServer[]> {
  const items = await registry.store.scan(registryKey.resourceServer('').pk);
  return items.map(parseResourceServer).sort((a, b) => (a.resource < b.resource ? -1 : 1));
}

/**
 * Changes a resource server. A scope that it loses is lost to every client that has it.
 * @throws RegistryError when it does not exist
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
      updated_at: registry.now(),
    });
  });
  if (!changed) throw unknownResourceServer(resource);
}

/** The refusal for a resource server that is not registered. */
export function unknownResourceServer(resource: string): RegistryError {
  return new RegistryError(
    'contents',
    `there is no resource server ${resource}; \`countersign resource list\` shows those that are`,
  );
}
