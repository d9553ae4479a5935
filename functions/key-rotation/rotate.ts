import { hasRoom, type RingKey } from '../oauth/key-ring.ts';
import { mostPublished, publishLead } from '../oauth/key-times.ts';
import { type Decide, reconcile, takeSteps } from './reconcile.ts';
import { dateText, type Refused, refused } from './reply.ts';
import { entrance } from './rules.ts';
import { beginRun, type Run } from './run.ts';
import type { KeyRotation } from './settings.ts';
import { activated } from './transitions.ts';

/**
 * Starts a rotation that is not due: a new key is published, and signs after the publish lead.
 * With `now` it signs at once, as does one that is waiting.
 * @returns the key that is to sign, or does
 */
export async function rotate(
  rotation: KeyRotation,
  { now: atOnce }: { readonly now: boolean },
): Promise<RingKey | Refused> {
  const run = beginRun(rotation);
  // By the rules of the life cycle alone: a key that KMS cannot delete must not prevent a rotation.
  await reconcile(rotation, run, 'lifeCycle');
  const chosen = { kid: '' };
  const decide = atOnce ? rotatingNow(rotation, run, chosen) : rotating(rotation, run, chosen);
  const refusal = await takeSteps(run, decide);
  if (refusal) return refusal;
  const { keys } = await rotation.keyRing.load();
  const key = keys.find(({ kid }) => kid === chosen.kid);
  if (key) return key;
  throw new Error('the new key has left the ring again: somebody else is changing it');
}

function rotating({ settings }: KeyRotation, run: Run, chosen: { kid: string }): Decide {
  return (observation) => {
    const { ring } = observation;
    const pending = ring.keys.find(({ state }) => state === 'pending');
    if (pending && run.hasLetIn(pending)) {
      chosen.kid = pending.kid;
      return undefined;
    }
    if (pending) return underWay(pending);
    if (!hasRoom(ring)) return full;
    return entrance(observation, settings, 'pending', 'a rotation was asked for');
  };
}

function rotatingNow({ settings }: KeyRotation, run: Run, chosen: { kid: string }): Decide {
  return (observation) => {
    const { ring, now } = observation;
    const active = ring.keys.find(({ state }) => state === 'active');
    if (active && (run.hasLetIn(active) || active.kid === chosen.kid)) {
      chosen.kid = active.kid;
      return undefined;
    }
    const pending = ring.keys.find(({ state }) => state === 'pending');
    const why = 'a rotation was asked for, at once';
    if (pending) {
      chosen.kid = pending.kid;
      return { do: 'change', keys: activated(ring.keys, pending.kid, now), why };
    }
    if (!hasRoom(ring)) return full;
    return entrance(observation, settings, 'active', why);
  };
}

const underWay = ({ kid, published_at }: RingKey): Refused =>
  refused(
    `a rotation is under way: ${kid} becomes active at ${dateText(published_at + publishLead)}, or at once with --now`,
  );

const full = refused(
  `${mostPublished} keys are published, as many as may be: wait until one of them is removed, or revoke one`,
);
