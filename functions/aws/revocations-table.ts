import type { RevocableKind } from '../oauth/revocation.ts';

/**
 * How the table of revocations is laid out. Each thing that was taken back is one item, so that whatever is
 * repeated counts once; an index has the same items by the time when that was.
 */
export const revocationsTable = {
  /** Partition of what was taken back; its sort keys are `KIND#ID`. */
  revoked: 'revoked',
  /** Partition of the count of tokens, by which they get their places in status lists. */
  numbers: 'numbers',
  /** The index, and what it is sorted by. */
  byTime: 'by-time',
  revokedAt: 'revoked_at',
  expiresAt: 'expires_at',
} as const;

/** The key of the item of what was taken back. */
export const revokedKey = (kind: RevocableKind, id: string) => ({
  pk: revocationsTable.revoked,
  sk: `${kind}#${id}`,
});
