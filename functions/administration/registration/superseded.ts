import { ownerAttribute, ownerOf } from '../../../registry/declared/ownership.ts';
import { changeItem, type Registry } from '../../../registry/registry.ts';
import type { ItemKey, RegistryStore, StoredItem } from '../../../registry/registry-store.ts';

/**
 * A record that is taken from somebody keeps what it was, until it is certain that CloudFormation does not take
 * that back. CloudFormation does so by a deletion, like any other, and the record must not be gone then.
 */
const attribute = 'superseded';

/** A store in which whoever takes the record of a key keeps what it was. */
export function keepingSuperseded(
  store: RegistryStore,
  key: ItemKey,
  owner: string,
): RegistryStore {
  return {
    ...store,
    change: (before, after) => {
      const isTaken = before.pk === key.pk && ownerOf(before) !== owner && ownerOf(after) === owner;
      return store.change(before, isTaken ? { ...after, [attribute]: withoutRest(before) } : after);
    },
  };
}

/** What a record was before it was taken from somebody, if that can be taken back. */
export function supersededIn({ [attribute]: before }: StoredItem): StoredItem | undefined {
  return typeof before === 'object' && before !== null ? { ...before } : undefined;
}

/** Makes it certain: what an owner's record was before is forgotten. */
export async function forgetSuperseded(
  registry: Registry,
  key: ItemKey,
  isForgotten: (item: StoredItem) => boolean,
): Promise<void> {
  const item = await registry.store.read(key);
  if (!item || !(attribute in item) || !isForgotten(item)) return;
  await changeItem(registry, key, (today) =>
    isForgotten(today) ? { [attribute]: undefined } : {},
  );
}

/**
 * Makes a record what it was before it was taken from somebody. Tokens that were revoked since stay revoked.
 * @returns whether it did; else somebody else has changed it
 */
export function restoreSuperseded(
  { store, now }: Registry,
  today: StoredItem,
  before: StoredItem,
): Promise<boolean> {
  const times = [today, before].map(({ tokens_not_before }) => Number(tokens_not_before ?? 0));
  const notBefore = Math.max(...times);
  return store.change(today, {
    ...before,
    pk: today.pk,
    updated_at: now(),
    ...(notBefore > 0 && { tokens_not_before: notBefore }),
    [ownerAttribute]: before[ownerAttribute],
  });
}

const withoutRest = ({ [attribute]: _, revision: __, ...item }: StoredItem): StoredItem => item;
