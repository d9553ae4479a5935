import { sameFamily } from '../aws/signing-algorithms.ts';
import { hasRoom, inState, type RingKey } from '../oauth/key-ring.ts';
import { publishLead, retention } from '../oauth/key-times.ts';
import {
  kmsDeletesWhatWasRemoved,
  orphansAreTakenIn,
  plansAreGivenUp,
  policiesNameTheRoles,
  whatIsGoneIsForgotten,
} from './clean-up.ts';
import type { Failed } from './failures.ts';
import type { Observation } from './observation.ts';
import { isAsWanted, type KeySettings } from './settings.ts';
import { changeOf, type Entrance, type Step } from './step.ts';
import { isKnownToAll, successor } from './successor.ts';
import { activated, removed, retired } from './transitions.ts';

/** Says what to do about one thing that is not as it should be; undefined: it is. */
type Rule = (observation: Observation, settings: KeySettings, failed: Failed) => Step | undefined;

/**
 * Rules that lead to the keys that should sign and be published. The next key, which KMS may refuse, comes
 * after what the ring can do by itself.
 */
const lifeCycle: readonly Rule[] = [
  onlyOneSigns,
  theActiveKeyWorks,
  oneFamily,
  uselessPendingKeysGo,
  thePendingKeyIsDue,
  noTokenNeedsTheRetiredKey,
  theNextKeyIsDue,
];

/** Rules that clean up after it, what a deployment waits for first. */
const cleanUp: readonly Rule[] = [
  policiesNameTheRoles,
  orphansAreTakenIn,
  plansAreGivenUp,
  whatIsGoneIsForgotten,
  kmsDeletesWhatWasRemoved,
];

/** Which rules are followed: those of the life cycle come first. */
export type Rules = 'all' | 'lifeCycle';

/**
 * The next step towards the ring that should be, by rules on what there is now: the first rule that returns
 * a step decides.
 * @returns undefined: the ring is as it should be, but for what was tried without success
 */
export function nextStep(
  observation: Observation,
  settings: KeySettings,
  { which, failed }: { readonly which: Rules; readonly failed: Failed },
): Step | undefined {
  const rules = [...(failed.lifeCycle ? [] : lifeCycle), ...(which === 'all' ? cleanUp : [])];
  for (const rule of rules) {
    const step = rule(observation, settings, failed);
    if (step) return step;
  }
  return undefined;
}

/**
 * How a key of the wanted algorithm comes in: one that this run has made while another was quicker, else a
 * new one. In KMS none is made before the ring has its plan.
 */
export function entrance(
  { orphans, planned }: Observation,
  { alg, wrappingKey }: KeySettings,
  as: Entrance,
  why: string,
): Step {
  if (wrappingKey) return { do: 'enter', as, alg, adopt: undefined, plan: undefined, why };
  const orphan = orphans.find((key) => key.isOwn && key.alg === alg);
  const plan = orphan?.plan ?? planned.find((one) => one.alg === alg)?.id;
  if (plan === undefined) return { do: 'plan', alg, why };
  return { do: 'enter', as, alg, adopt: orphan?.key_id, plan, why };
}

function onlyOneSigns({ ring, isUsable, now }: Observation): Step | undefined {
  const signing = inState(ring.keys, 'active');
  if (signing.length < 2) return undefined;
  const latest = [...signing].sort((a, b) => (b.activated_at ?? 0) - (a.activated_at ?? 0));
  const chosen = latest.find(isUsable) ?? latest[0];
  const keys = retired(ring.keys, (key) => key !== chosen, now);
  return { do: 'change', keys, why: 'more than one key was active' };
}

function theActiveKeyWorks(observation: Observation, settings: KeySettings): Step | undefined {
  const { ring, isUsable, now } = observation;
  const [active] = inState(ring.keys, 'active');
  if (active && isUsable(active)) return undefined;
  const why = active ? 'KMS cannot sign with the active key' : 'there was no active key';
  const next = successor(observation, active);
  if (next) return { do: 'change', keys: activated(ring.keys, next.kid, now), why };
  return entrance(observation, settings, 'active', ring.keys.length > 0 ? why : 'the first key');
}

function oneFamily(observation: Observation, settings: KeySettings): Step | undefined {
  if (settings.mixedFamilies) return undefined;
  const { ring, isUsable, now } = observation;
  const why = `the JWK Set is to have keys of the family of ${settings.alg} alone`;
  const isStrange = ({ alg }: RingKey) => !sameFamily(alg, settings.alg);
  if (!inState(ring.keys, 'active').some(isStrange)) {
    return changeOf(ring.keys, removed(ring.keys, isStrange, now), why);
  }
  const next = inState(ring.keys, 'pending').find(
    (key) => isAsWanted(key, settings) && isUsable(key),
  );
  if (!next) return entrance(observation, settings, 'active', why);
  const keys = removed(activated(ring.keys, next.kid, now), isStrange, now);
  return { do: 'change', keys, why };
}

/** A pending key that will not sign leaves the ring: it has signed nothing, so no token needs it. */
function uselessPendingKeysGo(
  { ring, isUsable, now }: Observation,
  settings: KeySettings,
): Step | undefined {
  const pending = inState(ring.keys, 'pending');
  const kept = pending.find((key) => isAsWanted(key, settings) && isUsable(key));
  const keys = removed(ring.keys, (key) => key.state === 'pending' && key !== kept, now);
  return changeOf(ring.keys, keys, 'it will not be used');
}

function thePendingKeyIsDue({ ring, now }: Observation): Step | undefined {
  const next = inState(ring.keys, 'pending').find((key) => isKnownToAll(key, now));
  if (!next) return undefined;
  return {
    do: 'change',
    keys: activated(ring.keys, next.kid, now),
    why: `it has been published for ${publishLead} s`,
  };
}

function theNextKeyIsDue(observation: Observation, settings: KeySettings): Step | undefined {
  const { ring, now } = observation;
  const [active] = inState(ring.keys, 'active');
  const isWaiting = inState(ring.keys, 'pending').length > 0;
  if (!active || isWaiting || !hasRoom(ring)) return undefined;
  const isOld = now >= (active.activated_at ?? 0) + settings.rotationInterval;
  if (!isOld && isAsWanted(active, settings)) return undefined;
  const where = settings.wrappingKey
    ? 'wrapped by KMS'
    : 'in KMS, with a policy that says who signs';
  const wanted = `tokens are to be signed with ${settings.alg} by a key that is ${where}`;
  const why = isOld ? 'the active key is old' : wanted;
  return entrance(observation, settings, 'pending', why);
}

function noTokenNeedsTheRetiredKey({ ring, now }: Observation): Step | undefined {
  const isOver = ({ state, retired_at = 0 }: RingKey) =>
    state === 'retired' && now >= retired_at + retention;
  const why = `it has not signed for ${retention} s`;
  return changeOf(ring.keys, removed(ring.keys, isOver, now), why);
}
