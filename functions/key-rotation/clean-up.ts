import { inState, type RingKey } from '../oauth/key-ring.ts';
import type { Observation } from './observation.ts';
import { changeOf, type Step } from './step.ts';

/** KMS deletes the keys that are off the JWK Set. */
export function kmsDeletesWhatWasRemoved({ ring }: Observation): Step | undefined {
  const key = inState(ring.keys, 'removed').find(({ deletes_at }) => deletes_at === undefined);
  return key && { do: 'delete', key, why: 'it was removed' };
}

/** Seconds after which the run that made a key is over: if the key is not in the ring, it is an orphan. */
const runsAreOver = 300;

/** A key that a crash left behind enters the ring as removed, unless a rule before has used it. */
export function orphansAreTakenIn({ orphans, now }: Observation): Step | undefined {
  const orphan = orphans.find(({ created_at }) => now >= created_at + runsAreOver);
  if (!orphan) return undefined;
  const why = 'it was left behind, and is not needed';
  return { do: 'enter', as: 'removed', adopt: orphan.key_id, alg: orphan.alg, why };
}

/** Seconds for which a deleted key may still be found by its tag. */
const tagsAreSlow = 86_400;

/**
 * What KMS has deleted leaves the ring. A key whose deletion somebody has cancelled in KMS stays: out
 * of the ring it would be taken for an orphan.
 */
export function whatIsGoneIsForgotten({ ring, exists, now }: Observation): Step | undefined {
  const isGone = (key: RingKey) =>
    key.deletes_at !== undefined && now >= key.deletes_at + tagsAreSlow && !exists(key);
  const keys = ring.keys.filter((key) => !isGone(key));
  return changeOf(ring.keys, keys, 'KMS has deleted it');
}
