import { hash } from 'node:crypto';

/** JSON in which members stand in one order, and those that are undefined not at all. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** What tells one state of an item from another, and nothing of what is in it. */
export const fingerprint = (item: object): string =>
  hash('sha256', canonicalJson(item), 'base64url');
