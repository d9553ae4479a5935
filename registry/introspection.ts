import type { Registry } from './registry.ts';
import { requireResourceServer } from './resource-servers.ts';

/**
 * Resolves the resource servers whose tokens a client is to introspect into registered ones, each once.
 * @throws RegistryError when one is not registered
 */
export async function resolveIntrospection(
  registry: Registry,
  named: readonly string[],
): Promise<readonly string[]> {
  const resources = new Set<string>();
  for (const resource of named) {
    resources.add((await requireResourceServer(registry, resource)).resource);
  }
  return [...resources];
}
