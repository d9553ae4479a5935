import { registryKey } from '../../functions/aws/registry-items.ts';
import type { Registry } from '../registry.ts';
import { RegistryError } from '../registry-error.ts';
import { fingerprint } from './canonical.ts';
import { carryOut } from './carry-out.ts';
import type { Change } from './change.ts';
import type { Declaration } from './declaration.ts';
import { type Ownership, ownerOf } from './ownership.ts';
import { planChanges } from './plan.ts';
import type { Problem } from './problem.ts';

const mostAttempts = 10;

/**
 * Makes the registry be as declared, whoever else changes it at the same moment. What is so already stays as it is.
 * @param declaration in normal form
 * @throws RegistryError when a record cannot be as declared, or is somebody else's; when others changed it at every
 *   attempt; or when it is half done, and doing the same again does the rest
 */
export async function settle(
  registry: Registry,
  declaration: Declaration,
  ownership: Ownership = {},
): Promise<void> {
  await unlessBusy(async () => {
    const { changes, problems } = await planChanges(registry, declaration, {
      ...ownership,
      prune: false,
    });
    if (problems.length > 0) throw new RegistryError('contents', problems.map(inWords).join('; '));
    for (const change of changes) await carryOut(registry, change);
  });
}

/** A record that is to go, and whose it is. */
export interface DeclaredSubject extends Pick<Change, 'kind' | 'id'> {
  readonly owner: string;
}

/**
 * Deletes a record, and revokes its tokens, if it is its owner's.
 * @returns whether it did; else the record is gone, or another's
 * @throws RegistryError as settle does
 */
export async function withdraw(
  registry: Registry,
  { kind, id, owner }: DeclaredSubject,
): Promise<boolean> {
  const key = kind === 'client' ? registryKey.client(id) : registryKey.resourceServer(id);
  return unlessBusy(async () => {
    const item = await registry.store.read(key);
    if (!item || ownerOf(item) !== owner) return false;
    const deletion = { kind, id, action: 'delete', fields: [], isDefault: false } as const;
    await carryOut(registry, { ...deletion, seen: fingerprint(item) });
    return true;
  });
}

async function unlessBusy<Result>(act: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      const isBusy = error instanceof RegistryError && error.about === 'busy';
      if (!isBusy || attempt === mostAttempts) throw error;
    }
  }
}

const inWords = ({ place, sentence }: Problem): string => `${place}: ${sentence}`;
