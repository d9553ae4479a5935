import { activeKey, type RingKey } from '../oauth/key-ring.ts';
import { failureEntry } from './audit-entry.ts';
import type { Observation } from './observation.ts';
import { type Decide, reconcile, takeSteps } from './reconcile.ts';
import { dateText, type Refused, refused } from './reply.ts';
import { notingRevokedKeys } from './revoked-keys.ts';
import { entrance } from './rules.ts';
import { beginRun } from './run.ts';
import type { KeyRotation } from './settings.ts';
import type { Step } from './step.ts';
import { successor } from './successor.ts';
import { activated, revoked } from './transitions.ts';

/** Which key is to be trusted no more. */
export interface KeyRevocation {
  readonly kid: string;
  /** Whether a new key is made where no other can take its place. */
  readonly replace: boolean;
}

/**
 * Takes a key off the JWK Set at once. If it is the active one, another signs from the same write
 * on. Then it is noted for the revocation list, and its deletion in KMS is scheduled, and KMS no longer
 * signs with it; if either fails, the next run does it.
 * @returns the key that is active then
 * @throws Error when it could not be noted
 */
export async function revoke(
  rotation: KeyRotation,
  revocation: KeyRevocation,
): Promise<RingKey | Refused> {
  const refusal = await takeSteps(beginRun(rotation), revoking(rotation, revocation));
  return notingRevokedKeys(rotation, async () => {
    if (refusal) return refusal;
    // Before the active key is read, for this also mends a ring that has none.
    await reconcile(rotation).catch((error: unknown) => rotation.audit(failureEntry(error)));
    return activeKey(await rotation.keyRing.load());
  });
}

function revoking(rotation: KeyRotation, revocation: KeyRevocation): Decide {
  const { kid } = revocation;
  const tried = { once: false };
  return (observation) => {
    const { ring, now } = observation;
    const key = ring.keys.find((candidate) => candidate.kid === kid);
    if (!key) return refused(`there is no key ${kid}`);
    // Removed by a step of this command, or by somebody else before it.
    if (key.state === 'removed') return tried.once && key.revoked ? undefined : gone(key);
    tried.once = true;
    if (key.state === 'active') return replacing(key, observation, rotation, revocation);
    return { do: 'change', keys: revoked(ring.keys, kid, now), why };
  };
}

/** The active key goes when another one signs, and not before. */
function replacing(
  key: RingKey,
  observation: Observation,
  { settings }: KeyRotation,
  { kid, replace }: KeyRevocation,
): Step | Refused {
  const { ring, now } = observation;
  const next = successor(observation, key);
  if (next) {
    const keys = revoked(activated(ring.keys, next.kid, now), kid, now);
    return { do: 'change', keys, why };
  }
  if (!replace) return last(kid);
  return entrance(observation, settings, 'active', `${kid} is revoked, and was the last key`);
}

const why = 'it was revoked';

const gone = ({ kid, removed_at = 0 }: RingKey): Refused =>
  refused(`the key ${kid} is off the JWK Set already, since ${dateText(removed_at)}`);

const last = (kid: string): Refused =>
  refused(
    `${kid} is the last key, without which no token could be issued: --replace makes a new one first`,
  );
