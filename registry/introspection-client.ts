import type { Client } from '../functions/oauth/client.ts';
import { createClient } from './clients.ts';
import { commandHint } from './command-hint.ts';
import type { Registry } from './registry.ts';
import { longestClientName } from './rules.ts';
import { secondHalf } from './second-half.ts';

/**
 * Registers a client with a secret for a resource server that was registered a moment ago: it may introspect
 * the tokens for it, and gets none.
 * @throws RegistryError that says so when the resource server alone is registered
 */
export function createIntrospectionClient(
  registry: Registry,
  resource: string,
): Promise<{ readonly client: Client; readonly client_secret: string }> {
  const client_name = `Introspection for ${resource}`.slice(0, longestClientName);
  const create = commandHint('client', 'create', '--name', 'NAME', '--introspection', resource);
  return secondHalf(
    `${resource} is registered, but no client that may introspect its tokens: ${create} does it`,
    () => createClient(registry, { client_name, introspection_resources: [resource] }),
  );
}
