import type { StoredItem } from '../registry-store.ts';

/** Whose the declared records are. */
export interface Ownership {
  /** Who declares them, and no one else changes them from then on. @default nobody in particular */
  readonly owner?: string | undefined;
  /** Whether a record may be taken from its owner, or from nobody in particular. @default no */
  readonly mayTakeFrom?: ((owner: string | undefined) => boolean) | undefined;
}

/** The attribute of an item that has its owner. */
export const ownerAttribute = 'managed_by';

/** The owner of a registered record; undefined: nobody in particular. */
export const ownerOf = ({ [ownerAttribute]: owner }: StoredItem): string | undefined =>
  typeof owner === 'string' ? owner : undefined;

/** Why a registered record may not be changed in this name; undefined: it may. */
export function ownershipProblem(
  item: StoredItem,
  { owner, mayTakeFrom }: Ownership,
): string | undefined {
  const today = ownerOf(item);
  if (today === owner || mayTakeFrom?.(today)) return undefined;
  if (today === undefined) return 'is registered already, by somebody who did not declare it here';
  return `is managed by ${today}, which would set it back: change it there`;
}
