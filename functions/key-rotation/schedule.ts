import type { KeyRing, RingKey } from '../oauth/key-ring.ts';
import { publishLead, retention } from '../oauth/key-times.ts';
import type { NextChange } from './reply.ts';
import { isAsWanted, type KeySettings } from './settings.ts';

/** What becomes of a key next, if nobody does anything about it. */
export function nextChange(
  key: RingKey,
  ring: KeyRing,
  settings: KeySettings,
): NextChange | undefined {
  if (key.state === 'pending') return { to: 'active', at: key.published_at + publishLead };
  if (key.state === 'active') return { to: 'retired', at: retirement(key, ring, settings) };
  if (key.state === 'retired') return { to: 'removed', at: (key.retired_at ?? 0) + retention };
  return key.deletes_at === undefined ? undefined : { to: 'deleted', at: key.deletes_at };
}

/** Seconds by which the change is late that should have come first; 0: none is. */
export function overdueSeconds(ring: KeyRing, settings: KeySettings, now: number): number {
  const due = ring.keys
    .filter(({ state }) => state !== 'removed')
    .map((key) => nextChange(key, ring, settings)?.at ?? now);
  return Math.max(0, ...due.map((at) => now - at));
}

/** When the next key takes over: as soon as it has been published for long enough. */
function retirement(active: RingKey, { keys }: KeyRing, settings: KeySettings): number {
  const next = keys.find(({ state }) => state === 'pending');
  if (next) return next.published_at + publishLead;
  // A key of another kind than the wanted one is due from the start.
  const age = isAsWanted(active, settings) ? settings.rotationInterval : 0;
  return (active.activated_at ?? 0) + age + publishLead;
}
