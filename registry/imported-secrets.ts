import { parseClient, registryKey } from '../functions/aws/registry-items.ts';
import type { ClientSecret } from '../functions/oauth/client.ts';
import { hashClientSecret } from '../functions/oauth/client-secret.ts';
import { changeClient } from './clients.ts';
import type { Registry } from './registry.ts';
import { RegistryError } from './registry-error.ts';

/** A secret that has shown itself to be the one of a foreign hash. */
export interface ReplacedSecret {
  readonly client_id: string;
  readonly secret_id: string;
  /** The foreign hash, as it was read. */
  readonly stored: string;
  readonly client_secret: string;
}

/** Finds a secret of a client as it is now; undefined: there is none. */
export async function findSecret(
  { store }: Registry,
  client_id: string,
  secret_id: string,
): Promise<ClientSecret | undefined> {
  const item = await store.read(registryKey.client(client_id));
  return item && parseClient(item).secrets.find(({ id }) => id === secret_id);
}

/** Thrown and caught here alone. */
class Changed extends Error {}

/**
 * Puts our hash in place of the foreign one, if this is still there: nobody else's change is lost, and a secret that
 * was revoked meanwhile stays away.
 * @returns whether it did
 */
export async function replaceImportedHash(
  registry: Registry,
  { client_id, secret_id, stored, client_secret }: ReplacedSecret,
): Promise<boolean> {
  const hash = hashClientSecret(client_secret);
  try {
    await changeClient(registry, client_id, (client) => {
      const isIt = (secret: ClientSecret) => secret.id === secret_id && secret.hash === stored;
      if (!client.secrets.some(isIt)) throw new Changed();
      const secrets = client.secrets.map((secret) => (isIt(secret) ? { ...secret, hash } : secret));
      return { ...client, secrets };
    });
    return true;
  } catch (error) {
    const isGone = error instanceof RegistryError && error.about === 'unknown';
    if (isGone || error instanceof Changed) return false;
    throw error;
  }
}
