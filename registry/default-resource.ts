import { registryKey } from '../functions/aws/registry-items.ts';
import type { Registry } from './registry.ts';

/** Finds the identifier of the default resource server, the one that `--scope` refers to. */
export async function defaultResource(registry: Registry): Promise<string | undefined> {
  const item = await registry.store.read(registryKey.defaultResourceServer());
  return typeof item?.resource === 'string' ? item.resource : undefined;
}

/** Makes a registered resource server the default, in place of any other. */
export async function setDefaultResource(registry: Registry, resource: string): Promise<void> {
  await registry.store.replace({ ...registryKey.defaultResourceServer(), resource });
}

/** Makes a registered resource server the default if there is none; says whether it did. */
export function proposeDefaultResource(registry: Registry, resource: string): Promise<boolean> {
  return registry.store.create({ ...registryKey.defaultResourceServer(), resource });
}

/** Leaves the deployment without a default resource server if this one is it. */
export async function clearDefaultResource(registry: Registry, resource: string): Promise<void> {
  await registry.store.delete(registryKey.defaultResourceServer(), { resource });
}
