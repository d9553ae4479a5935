import type { Scope } from '../functions/oauth/scope.ts';
import { formatScope } from '../functions/oauth/scope.ts';
import { defaultResource } from './default-resource.ts';
import type { Registry } from './registry.ts';
import { RegistryError } from './registry-error.ts';
import { requireResourceServer } from './resource-servers.ts';

/** Resource server -> the scopes that a client may have there; with none, it gets tokens without scope. */
export type Grants = ReadonlyMap<string, Scope>;

/** What an administrator says of a client's grants. */
export interface GrantRequest {
  /** The grant at the default resource server. */
  readonly scope?: Scope | undefined;
  readonly grants?: Grants | undefined;
}

/**
 * Resolves what was asked for into grants at registered resource servers.
 * @throws RegistryError when one is not registered, has not all of the scopes, or is named twice; or
 *   when a scope needs a default resource server and there is none
 */
export async function resolveGrants(registry: Registry, request: GrantRequest): Promise<Grants> {
  const grants = new Map<string, Scope>();
  for (const [named, scope] of request.grants ?? []) {
    const resource = await checkGrant(registry, named, scope);
    if (grants.has(resource)) {
      throw new RegistryError('contents', `there are two grants for ${resource}`);
    }
    grants.set(resource, scope);
  }
  if (!request.scope) return grants;
  const resource = await requireDefaultResource(registry);
  if (grants.has(resource)) {
    throw new RegistryError(
      'contents',
      `${resource} is the default resource server: give its scope or its grant`,
    );
  }
  return grants.set(await checkGrant(registry, resource, request.scope), request.scope);
}

/** As resolveGrants; a client that asks for nothing gets a grant without scope at the default one. */
export async function initialGrants(registry: Registry, request: GrantRequest): Promise<Grants> {
  const grants = await resolveGrants(registry, request);
  if (grants.size > 0) return grants;
  return new Map([[await requireDefaultResource(registry), new Set<string>()]]);
}

async function requireDefaultResource(registry: Registry): Promise<string> {
  const resource = await defaultResource(registry);
  if (resource) return resource;
  throw new RegistryError(
    'contents',
    'there is no default resource server: create one with `countersign resource create URI --scope "..." --default`, or name one with --grant',
  );
}

/** Checks a grant, and tells how its resource server is registered. */
async function checkGrant(registry: Registry, named: string, scope: Scope): Promise<string> {
  const { resource, ...server } = await requireResourceServer(registry, named);
  const unknown = scope.difference(server.scope);
  if (unknown.size === 0) return resource;
  throw new RegistryError(
    'contents',
    `${resource} has no scope ${formatScope(unknown)}; it has ${formatScope(server.scope)}`,
  );
}
