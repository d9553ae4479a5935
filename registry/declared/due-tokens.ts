import type { StoredItem } from '../registry-store.ts';

/**
 * A record says which half of a change is yet to be done: whoever disables or enables a client writes the registry
 * first, and then revokes its tokens or lets them count. Between the two he may be gone.
 */
const attribute = 'tokens_due';

/** What can be due. */
export type DueTokens = 'revoke' | 'readmit';

/** What is yet to be done about the tokens of a record; undefined: nothing. */
export const dueTokens = ({ [attribute]: due }: StoredItem): DueTokens | undefined =>
  due === 'revoke' || due === 'readmit' ? due : undefined;

/** An item that says what is yet to be done about its tokens. */
export const withDueTokens = (item: StoredItem, due: DueTokens | undefined): StoredItem => ({
  ...item,
  [attribute]: due,
});
