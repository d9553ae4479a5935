import type { Client } from '../functions/oauth/client.ts';
import { changeClient, deleteClient, findClient, setClientDisabled } from './clients.ts';
import { commandHint } from './command-hint.ts';
import type { Registry } from './registry.ts';
import type { SubjectRevocation } from './revocations.ts';
import { secondHalf } from './second-half.ts';
import { readmit, revokeTokensOfGone } from './subject-revocation.ts';

/**
 * Stops a client from getting tokens, and takes back those that it has.
 * @throws RegistryError when it does not exist, or when the first half alone was done
 */
export async function disableClient(
  registry: Registry,
  client_id: string,
): Promise<{ readonly client: Client; readonly revocation: SubjectRevocation }> {
  const client = await setClientDisabled(registry, client_id, true);
  const halfDone = `the client ${client_id} is disabled and gets no new tokens, but those that are out were not taken back: ${commandHint('client', 'disable', client_id)} can be run again`;
  const revocation = await revokeTokensOfGone(registry, subjectOf(client_id), halfDone);
  return { client, revocation };
}

/**
 * Deletes a client with all of its secrets, and takes back the tokens that it has.
 * @throws RegistryError when it does not exist, or when the first half alone was done
 */
export async function deleteClientWithTokens(
  registry: Registry,
  client_id: string,
): Promise<SubjectRevocation> {
  await deleteClient(registry, client_id);
  const halfDone = `the client ${client_id} is deleted and gets no new tokens, but those that are out were not taken back: ${commandHint('client', 'revoke-tokens', client_id)} does it`;
  return revokeTokensOfGone(registry, subjectOf(client_id), halfDone);
}

/**
 * Lets a disabled client get tokens again. Those of before stay revoked.
 * @throws RegistryError when it does not exist, or when the first half alone was done
 */
export async function enableClient(registry: Registry, client_id: string): Promise<Client> {
  const { revocations } = registry;
  if (!revocations) return setClientDisabled(registry, client_id, false);
  const from = (await revocations.time()) + 1;
  const { tokens_not_before } = await changeClient(registry, client_id, (client) =>
    client.disabled ? enabled(client, from) : client,
  );
  if (tokens_not_before !== undefined) {
    const halfDone = `the client ${client_id} is enabled, but its new tokens may be refused for some minutes: ${commandHint('client', 'enable', client_id)} can be run again`;
    await secondHalf(halfDone, () => readmit(registry, subjectOf(client_id), tokens_not_before));
  }
  return findClient(registry, client_id);
}

const enabled = (client: Client, from: number): Client => ({
  ...client,
  disabled: false,
  tokens_not_before: Math.max(client.tokens_not_before ?? 0, from),
});

const subjectOf = (id: string) => ({ kind: 'client', id }) as const;
