import { type AuditEntry, reason } from '../oauth/audit.ts';
import type { KeyRing, RingKey } from '../oauth/key-ring.ts';
import type { Observation } from './observation.ts';

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

/** Which keys have our tags, and are none of ours. */
export function strangerEntries({
  strangers,
  leftOut,
}: Pick<Observation, 'strangers' | 'leftOut'>): readonly AuditEntry[] {
  const outcome = 'stranger';
  const named = strangers.map(({ key_id, reason: why }) => ({ outcome, key_id, reason: why }));
  const others = `so many others with our tags were not looked at: ${leftOut}`;
  return leftOut > 0 ? [...named, { outcome, reason: others }] : named;
}

/** That a command has failed. */
export const failureEntry = (error: unknown): AuditEntry => ({
  outcome: 'failed',
  reason: reason(error),
});
