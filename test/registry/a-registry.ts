import type { Revocation } from '../../functions/oauth/revocation.ts';
import type { Registry } from '../../registry/registry.ts';
import { createResourceServer } from '../../registry/resource-servers.ts';
import { memoryRevocations } from '../support/memory/memory-revocations.ts';
import { memoryRegistryStore } from '../support/memory-registry-store.ts';

export const api = 'https://api.example.com';

/** Which second it is by the store's clock, when a test begins. */
export const startedAt = 1_700_000_000;

/**
 * The registry of a deployment with one resource server. The clock of the store is the one that counts: the
 * administrator's computer is an hour behind.
 */
export async function aRegistry() {
  const clock = { now: startedAt };
  const revocations = memoryRevocations(() => clock.now);
  const registry = {
    store: memoryRegistryStore(),
    revocations,
    now: () => clock.now - 3600,
  } satisfies Registry;
  await createResourceServer(registry, { resource: api, scope: new Set(['read', 'write']) });
  return {
    registry,
    clock,
    /** All that is noted, the oldest first. */
    async noted() {
      const all: Revocation[] = [];
      for await (const page of revocations.since(0)) all.push(...page);
      return all;
    },
  };
}
