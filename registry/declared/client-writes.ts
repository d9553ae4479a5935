import { clientItem, parseClient, registryKey } from '../../functions/aws/registry-items.ts';
import type { Client } from '../../functions/oauth/client.ts';
import { changeItem, type Registry } from '../registry.ts';
import type { StoredItem } from '../registry-store.ts';
import { secondHalf } from '../second-half.ts';
import { readmit, readmitNew, revokeTokensOfGone } from '../subject-revocation.ts';
import type { DeclaredClient } from './declaration.ts';
import { type DueTokens, dueTokens, withDueTokens } from './due-tokens.ts';
import { clientAsDeclared } from './registered-form.ts';
import { changedMeanwhile, owned, writeSeen } from './seen-writes.ts';

/**
 * Registers a client that is not there.
 * @throws RegistryError `busy` when it is by now
 */
export async function createDeclaredClient(
  registry: Registry,
  declared: DeclaredClient,
  owner: string | undefined,
): Promise<void> {
  const client = clientAsDeclared(declared, undefined, registry.now());
  const isNew = await registry.store.create(owned(clientItem(client), owner));
  if (!isNew) throw changedMeanwhile(client.client_id);
  await readmitNew(registry, subjectOf(client.client_id));
}

/**
 * Changes a client that was read. One that is disabled loses its tokens.
 * @throws RegistryError `busy` when somebody else wrote since
 */
export async function updateSeenClient(
  registry: Registry,
  declared: DeclaredClient,
  seen: StoredItem,
  owner: string | undefined,
): Promise<void> {
  const before = parseClient(seen);
  const after = clientAsDeclared(declared, before, registry.now());
  const due = dueAfter(before, after, dueTokens(seen));
  const client = due === 'readmit' ? await withTokensFromNow(registry, after) : after;
  await writeSeen(registry, seen, withDueTokens(owned(clientItem(client), owner), due));
  if (due) await doWhatIsDue(registry, client, due);
}

/**
 * Disables a client that was read, revokes its tokens, and deletes it.
 * @throws RegistryError `busy` when somebody else wrote since
 */
export async function deleteSeenClient(
  registry: Registry,
  client_id: string,
  seen: StoredItem,
): Promise<void> {
  const disabled = { disabled: true, updated_at: registry.now() };
  await writeSeen(registry, seen, withDueTokens(disabled, 'revoke'));
  await revokeTokensOf(registry, client_id);
  // Who enables it meanwhile, or changes it, means it to stay.
  const revision = Number(seen.revision ?? 0) + 1;
  const isDeleted = await registry.store.delete(registryKey.client(client_id), { revision });
  if (!isDeleted) throw changedMeanwhile(client_id);
}

/** What is to be done about the tokens of a client behind a change, with what an earlier one has left to do. */
function dueAfter(
  before: Client,
  after: Client,
  left: DueTokens | undefined,
): DueTokens | undefined {
  const due = after.disabled ? 'revoke' : 'readmit';
  return before.disabled !== after.disabled || left === due ? due : undefined;
}

async function withTokensFromNow({ revocations }: Registry, client: Client): Promise<Client> {
  const from = revocations ? (await revocations.time()) + 1 : 0;
  return { ...client, tokens_not_before: Math.max(client.tokens_not_before ?? 0, from) };
}

async function doWhatIsDue(registry: Registry, client: Client, due: DueTokens): Promise<void> {
  const { client_id, tokens_not_before = 0 } = client;
  if (due === 'revoke') await revokeTokensOf(registry, client_id);
  else await readmitTokensOf(registry, client_id, tokens_not_before);
  await changeItem(registry, registryKey.client(client_id), (item) =>
    withDueTokens(item, undefined),
  );
}

function revokeTokensOf(registry: Registry, client_id: string): Promise<unknown> {
  const halfDone = `the client ${client_id} is disabled and gets no new tokens, but those that are out were not taken back: the same again does it`;
  return revokeTokensOfGone(registry, subjectOf(client_id), halfDone);
}

async function readmitTokensOf(
  registry: Registry,
  client_id: string,
  not_before: number,
): Promise<void> {
  if (!registry.revocations) return;
  const halfDone = `the client ${client_id} is enabled, but its new tokens may be refused for some minutes: the same again mends that`;
  await secondHalf(halfDone, () => readmit(registry, subjectOf(client_id), not_before));
}

const subjectOf = (id: string) => ({ kind: 'client', id }) as const;
