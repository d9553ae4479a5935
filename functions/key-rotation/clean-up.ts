import { inState, type RingKey } from '../oauth/key-ring.ts';
import type { Failed } from './failures.ts';
import { openPlans, plansOf } from './key-plan.ts';
import type { Observation } from './observation.ts';
import type { KeySettings } from './settings.ts';
import { changeOf, type Step } from './step.ts';

/** KMS deletes the keys that are off the JWK Set. */
export function kmsDeletesWhatWasRemoved(
  { ring }: Observation,
  _settings: KeySettings,
  failed: Failed,
): Step | undefined {
  const key = inState(ring.keys, 'removed').find(
    ({ key_id, deletes_at }) => deletes_at === undefined && !failed.keys.has(key_id),
  );
  return key && { do: 'delete', key, why: 'it was removed' };
}

/**
 * A key that a crash left behind enters the ring as removed, unless a rule before has used it. One that this
 * run has made, and could not let in, is for its next try.
 */
export function orphansAreTakenIn(
  { orphans }: Observation,
  _settings: KeySettings,
  failed: Failed,
): Step | undefined {
  const orphan = orphans.find(
    ({ key_id, isOwn }) => !failed.keys.has(key_id) && !(isOwn && failed.lifeCycle),
  );
  if (!orphan) return undefined;
  const { key_id: adopt, alg, plan } = orphan;
  return {
    do: 'enter',
    as: 'removed',
    adopt,
    alg,
    plan,
    why: 'it was left behind, and is not needed',
  };
}

/** A plan whose key never came is given up. Should the key yet come, it is a stranger. */
export function plansAreGivenUp(observation: Observation): Step | undefined {
  const { ring } = observation;
  const plans = openPlans(ring, observation);
  if (plans.length === plansOf(ring).length) return undefined;
  return { do: 'change', keys: ring.keys, plans, why: 'no key was made by its plan' };
}

/** Where other roles sign than before, such as one more, the keys let those sign. */
export function policiesNameTheRoles(
  { ring, isUsable }: Observation,
  { tokenRole }: KeySettings,
  failed: Failed,
): Step | undefined {
  const key = ring.keys
    .filter(({ token_role }) => token_role !== undefined && token_role !== tokenRole)
    .filter(({ key_id }) => !failed.keys.has(key_id))
    .find(isUsable);
  return key && { do: 'entrust', key, why: 'other roles sign than before' };
}

/** Seconds for which a deleted key may still be found by its tag. */
const tagsAreSlow = 86_400;

/**
 * What KMS has deleted leaves the ring. A key whose deletion somebody has cancelled in KMS stays: out
 * of the ring nobody would know it as ours, and delete it.
 */
export function whatIsGoneIsForgotten({ ring, exists, now }: Observation): Step | undefined {
  const isGone = (key: RingKey) =>
    key.deletes_at !== undefined && now >= key.deletes_at + tagsAreSlow && !exists(key);
  const keys = ring.keys.filter((key) => !isGone(key));
  return changeOf(ring.keys, keys, 'KMS has deleted it');
}
