import { disableClient } from '../../../registry/client-revocation.ts';
import { changeClient, listClients } from '../../../registry/clients.ts';
import { ownerOf } from '../../../registry/declared/ownership.ts';
import { withdraw } from '../../../registry/declared/settle.ts';
import { isKeptBy } from '../../../registry/kept-secrets.ts';
import type { Registry } from '../../../registry/registry.ts';
import { RegistryError } from '../../../registry/registry-error.ts';
import type { StoredItem } from '../../../registry/registry-store.ts';
import { parseClient } from '../../aws/registry-items.ts';
import type { Client } from '../../oauth/client.ts';
import { ownerFor, type Registrar, type SubjectRequest } from './register.ts';
import type { Subject } from './subject.ts';
import { forgetSuperseded, restoreSuperseded, supersededIn } from './superseded.ts';

/** What removes clients and resource servers. */
export interface Remover extends Pick<Registrar, 'registryFor'> {
  /** Whether CloudFormation is taking the stack of this id back to what it was. */
  readonly isRollingBack: (stackId: string) => Promise<boolean>;
}

/**
 * Removes what a request's owner has registered: it is disabled, its tokens are revoked, and it is deleted. Where
 * CloudFormation takes back that it was taken from somebody, it is what it was before. What is somebody else's by
 * now stays, without the secret that is about to go.
 * @throws RegistryError when clients of others need it
 */
export async function remove(
  remover: Remover,
  request: SubjectRequest,
  subject: Subject,
): Promise<void> {
  const owner = ownerFor(request);
  const registry = remover.registryFor(request);
  const item = await registry.store.read(subject.key);
  if (!item) return;
  if (ownerOf(item) !== owner) return leave(registry, subject, owner);
  const before = supersededIn(item);
  if (before && (await remover.isRollingBack(request.StackId))) {
    return giveBack(registry, subject, { item, before });
  }
  if (subject.kind === 'resource_server') await checkUnused(registry, subject.id);
  const isGone = await withdraw(registry, { kind: subject.kind, id: subject.id, owner });
  // Somebody may have taken it at the last moment.
  if (!isGone) await leave(registry, subject, owner);
}

async function giveBack(
  registry: Registry,
  { kind, id }: Subject,
  { item, before }: { readonly item: StoredItem; readonly before: StoredItem },
): Promise<void> {
  if (!(await restoreSuperseded(registry, item, before))) {
    throw new RegistryError('busy', `somebody else is changing ${id}; try again`);
  }
  // It may have got tokens meanwhile.
  if (kind === 'client' && before.disabled !== false) await disableClient(registry, id);
}

/** It is another's for good, and of ours nothing is left in it. */
async function leave(registry: Registry, subject: Subject, owner: string): Promise<void> {
  await forgetSuperseded(registry, subject.key, (item) => {
    const before = supersededIn(item);
    return before !== undefined && ownerOf(before) === owner;
  });
  const { secretArn, key, id } = subject;
  const item = secretArn === undefined ? undefined : await registry.store.read(key);
  if (secretArn === undefined || !item || subject.kind !== 'client') return;
  const without = (client: Client): Client => ({
    ...client,
    secrets: client.secrets.filter((secret) => !isKeptBy(secret, secretArn)),
  });
  const client = parseClient(item);
  if (without(client).secrets.length === client.secrets.length) return;
  await changeClient(registry, id, without);
}

/** Clients of others would lose what they may do. */
async function checkUnused(registry: Registry, resource: string): Promise<void> {
  const granted = (await listClients(registry)).filter(({ grants }) => grants.has(resource));
  if (granted.length === 0) return;
  const [first, ...others] = granted.map(({ client_id }) => client_id);
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  throw new RegistryError(
    'contents',
    `clients have grants for ${resource}: ${first}${more}; take these away first`,
  );
}
