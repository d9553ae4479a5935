import { pbkdf2Sync } from 'node:crypto';
import type { VerifyImportedSecret } from '../../functions/authentication/imported-secrets.ts';
import { clientItem } from '../../functions/aws/registry-items.ts';
import { createHandler } from '../../functions/imported-secrets/handler.ts';
import type { AuditEntry } from '../../functions/oauth/audit.ts';
import type { Client } from '../../functions/oauth/client.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import { findClient } from '../../registry/clients.ts';
import type { RegistryStore } from '../../registry/registry-store.ts';
import { stoppedAt } from './a-client.ts';
import { memoryRegistryStore } from './memory-registry-store.ts';

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** A foreign hash as it is stored: PBKDF2 with few iterations, since a test does not wait. */
export function foreignHash(secret: string, salt = Buffer.from('a salt')): string {
  const digest = pbkdf2Sync(secret, salt, 10, 32, 'sha256');
  return `imported:$pbkdf2-sha256$i=10,l=32$${base64(salt)}$${base64(digest)}`;
}

/**
 * The function that verifies imported secrets, on a registry in memory: what it is asked and answers has been JSON.
 * @param stored is told of each client that is written
 */
export function importedSecretsFunction(stored: (client: Client) => void = () => undefined) {
  const store = memoryRegistryStore();
  const registry = { store, now: () => stoppedAt + 60 };
  const asked: object[] = [];
  const audited: AuditEntry[] = [];
  const held = {
    /** Why the function does not answer. */
    trouble: undefined as Error | undefined,
    /** What comes between it and its registry. */
    between: (own: RegistryStore): RegistryStore => own,
    /** Is awaited before it begins. */
    gate: Promise.resolve(),
  };
  const invoke = async (event: object): Promise<unknown> => {
    asked.push(JSON.parse(JSON.stringify(event)));
    await held.gate;
    if (held.trouble) throw unavailable(held.trouble);
    const handler = createHandler({
      registry: { ...registry, store: held.between(watched) },
      audit: (entry) => void audited.push(entry),
    });
    return JSON.parse(JSON.stringify(await handler(JSON.parse(JSON.stringify(event)))));
  };
  const watched: RegistryStore = {
    ...store,
    change: async (before, after) => {
      const done = await store.change(before, after);
      if (done) stored(await findClient(registry, String(after.client_id)));
      return done;
    },
  };
  return {
    asked,
    audited,
    held,
    invoke,
    // The cast: the test of the answer's form is of the wiring.
    verify: invoke as unknown as VerifyImportedSecret,
    register: async (client: Client) => {
      await store.replace(clientItem(client));
      stored(client);
    },
    client: (client_id: string) => findClient(registry, client_id),
  };
}
