import { type AuditEntry, reason } from '../oauth/audit.ts';
import type { KeyRing, RingKey } from '../oauth/key-ring.ts';
import type { Stranger } from './left-behind.ts';

/** An entry for each key that a change of the ring adds, alters or takes away. */
export function changeEntries(
  before: KeyRing,
  after: KeyRing,
  { why }: { readonly why: string },
): readonly AuditEntry[] {
  const known = new Map(before.keys.map((key) => [key.kid, key]));
  const left = new Set(after.keys.map(({ kid }) => kid));
  return [
    ...after.keys
      .filter((key) => key !== known.get(key.kid))
      .map((key) => changeEntry(key, known.get(key.kid)?.state, key.state)),
    ...before.keys.filter(({ kid }) => !left.has(kid)).map((key) => changeEntry(key, key.state)),
  ].map((entry) => ({ ...entry, reason: why }));
}

const changeEntry = (
  { kid, key_id, alg, deletes_at }: RingKey,
  from: string | undefined,
  to?: string,
): AuditEntry => ({ outcome: 'changed', kid, key_id, alg, from, to, deletes_at });

/** That a key has our tags, and is none of ours. */
export const strangerEntry = ({ key_id, reason: why }: Stranger): AuditEntry => ({
  outcome: 'stranger',
  key_id,
  reason: why,
});

/** That a command has failed. */
export const failureEntry = (error: unknown): AuditEntry => ({
  outcome: 'failed',
  reason: reason(error),
});
