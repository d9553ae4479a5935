import { registryKey } from '../functions/aws/registry-items.ts';
import { changeItem, type Registry } from './registry.ts';
import type { StoredItem } from './registry-store.ts';
import {
  requireRevocations,
  revocationBefore,
  revocationOfGone,
  type Subject,
  type SubjectRevocation,
} from './revocations.ts';
import { secondHalf } from './second-half.ts';

/** Whose tokens were revoked, and how. */
export interface RevokedSubject {
  readonly revocation: SubjectRevocation;
  /** Whether the registry has it; its tokens may be out though it was deleted. */
  readonly isRegistered: boolean;
}

/**
 * Revokes all tokens of a subject up to now: those that are out, and those that instances of the token
 * function would give out again. The registry comes first, so that none of them is given out later.
 * @throws RegistryError when the deployment is older than revocation, or when the first half alone was done
 */
export async function revokeTokens(registry: Registry, subject: Subject): Promise<RevokedSubject> {
  const revocations = requireRevocations(registry);
  const not_before = (await revocations.time()) + 1;
  const item = await stamp(registry, subject, not_before);
  const halfDone = `no token of ${subject.id} that is out was taken back yet: run the command again`;
  const revocation = await secondHalf(halfDone, async () => {
    // Looked up again: who reads what is new looks back a minute, and the registry may have taken longer.
    const at = await revocations.time();
    const taken = isGone(subject, item)
      ? revocationOfGone(subject, at)
      : revocationBefore(not_before, subject, at);
    await revocations.note(taken);
    return taken;
  });
  return { revocation, isRegistered: item !== undefined };
}

/**
 * Revokes the tokens of a subject that was disabled or deleted, with those that it yet gets.
 * @param halfDone what was done before, in one sentence that says how the rest can be done
 * @throws RegistryError with that sentence when it fails
 */
export function revokeTokensOfGone(
  registry: Registry,
  subject: Subject,
  halfDone: string,
): Promise<SubjectRevocation> {
  return secondHalf(halfDone, async () => {
    const revocations = requireRevocations(registry);
    // Looked up here, behind the change of the registry: instances may have read it until then.
    const revocation = revocationOfGone(subject, await revocations.time());
    await revocations.note(revocation);
    return revocation;
  });
}

/**
 * Lets the tokens count of a subject that is there again, from a time on. Whoever takes it away at the same
 * moment has the last word.
 * @param not_before NumericDate
 * @returns whether its tokens were ever taken back, as far as that is not forgotten
 */
export async function readmit(
  registry: Registry,
  subject: Subject,
  not_before: number,
): Promise<boolean> {
  const revocations = requireRevocations(registry);
  const lifted = revocationBefore(not_before, subject, await revocations.time());
  // Whoever notes the first one does so behind this.
  if (!(await revocations.lift(lifted))) return false;
  // Whoever writes the registry behind this look notes his revocation behind it, too.
  const item = await registry.store.read(keyOf(subject));
  const now = await revocations.time();
  if (isGone(subject, item)) await revocations.note(revocationOfGone(subject, now));
  else if (notBeforeOf(item) > not_before) {
    await revocations.note(revocationBefore(notBeforeOf(item), subject, now));
  }
  return true;
}

/**
 * The same for a subject that was registered a moment ago, and perhaps before: its tokens may have been taken back
 * under this name, and none of them is given out again. Where that fails, it is registered no more.
 */
export async function readmitNew(registry: Registry, subject: Subject): Promise<void> {
  const { revocations } = registry;
  if (!revocations) return;
  try {
    const not_before = (await revocations.time()) + 1;
    if (await readmit(registry, subject, not_before)) await stamp(registry, subject, not_before);
  } catch (error) {
    const halfDone = `${subject.id} is registered, but its tokens may be refused for some minutes: delete it, and register it again`;
    await secondHalf(halfDone, () => registry.store.delete(keyOf(subject)));
    throw error;
  }
}

/** Has the token function give out no token again that was issued before. */
const stamp = (registry: Registry, subject: Subject, not_before: number) =>
  changeItem(registry, keyOf(subject), (before) => ({
    tokens_not_before: Math.max(notBeforeOf(before), not_before),
    updated_at: registry.now(),
  }));

const keyOf = ({ kind, id }: Subject) =>
  kind === 'client' ? registryKey.client(id) : registryKey.resourceServer(id);

const notBeforeOf = (item: StoredItem | undefined): number => Number(item?.tokens_not_before ?? 0);

/** Whether it is to get no tokens. Of a client, whatever is not a plain `false` disables it. */
const isGone = ({ kind }: Subject, item: StoredItem | undefined): boolean =>
  item === undefined || (kind === 'client' && item.disabled !== false);
