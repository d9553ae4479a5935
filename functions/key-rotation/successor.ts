import type { RingKey } from '../oauth/key-ring.ts';
import { publishLead } from '../oauth/key-times.ts';
import type { Observation } from './observation.ts';

/** Whether a key has been published for so long that no verifier has an older JWK Set. */
export const isKnownToAll = ({ published_at }: RingKey, now: number): boolean =>
  now >= published_at + publishLead;

/**
 * The usable key of the ring that can best take the place of the active one in an emergency. First the
 * pending key, if all verifiers know it; then the known key that was retired last; then the key that
 * was published first, which they will know soonest.
 * @param without the key whose place is to be taken
 */
export function successor(
  { ring, isUsable, now }: Observation,
  without: RingKey | undefined,
): RingKey | undefined {
  const candidates = ring.keys
    .filter(
      ({ kid, state }) => kid !== without?.kid && (state === 'pending' || state === 'retired'),
    )
    .filter(isUsable);
  const known = candidates.filter((key) => isKnownToAll(key, now));
  const latest = known.toSorted((a, b) => (b.retired_at ?? 0) - (a.retired_at ?? 0));
  const soonest = candidates.toSorted((a, b) => a.published_at - b.published_at);
  return known.find(({ state }) => state === 'pending') ?? latest[0] ?? soonest[0];
}
