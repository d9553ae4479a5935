import type { KeyRing } from '../oauth/key-ring.ts';
import { strangerEntries } from './audit-entry.ts';
import { beginFailures } from './failures.ts';
import type { Observation } from './observation.ts';
import type { Refused } from './reply.ts';
import { nextStep, type Rules } from './rules.ts';
import { beginRun, type Run } from './run.ts';
import type { KeyRotation } from './settings.ts';
import type { Step } from './step.ts';

/** More steps than any ring can need: what takes more is a fault, and must not go on for ever. */
const mostStepsOfRules = 60;

/**
 * Takes the steps that are due until the ring is as it should be. May run at any time, several times
 * at once, and be cut off anywhere: each step follows from the clock, the ring and KMS alone. A step
 * that fails is left out for this time, and does not keep the others from being taken.
 * @returns the ring as it then is
 * @throws Error when a step has failed, KMS or the registry fail, or the ring does not come to rest
 */
export async function reconcile(
  rotation: KeyRotation,
  run: Run = beginRun(rotation),
  which: Rules = 'all',
): Promise<KeyRing> {
  const failures = beginFailures(rotation.audit);
  for (let steps = 0; steps < mostStepsOfRules + failures.count(); steps += 1) {
    const observation = await run.observe();
    // At first: whatever fails after it, the operator is told.
    if (steps === 0) strangerEntries(observation).forEach(rotation.audit);
    const step = nextStep(observation, rotation.settings, { which, failed: failures });
    if (!step) {
      failures.throwIfAny();
      if (which === 'all') throwIfUntold(observation);
      return observation.ring;
    }
    await run.take(step, observation).catch((error: unknown) => failures.add(step, error));
  }
  throw new Error(`the key ring has not come to rest after ${mostStepsOfRules} steps`);
}

/** The schedule works around such a key, and somebody has to hear of it. */
function throwIfUntold({ untold }: Observation): void {
  if (untold.length === 0) return;
  const kids = untold.map(({ kid }) => kid).join(', ');
  throw new Error(`KMS does not let us ask how keys of the ring stand: ${kids}`);
}

/** Says what the next step of a command is; undefined: the command is done. */
export type Decide = (observation: Observation) => Step | Refused | undefined;

/** A command needs one or two; the others are for runs that change the ring at the same time. */
const mostStepsOfCommand = 10;

/**
 * Takes the steps that a command needs.
 * @returns the refusal, if the command is refused
 * @throws Error when KMS or the registry fail, or others change the ring again and again
 */
export async function takeSteps(run: Run, decide: Decide): Promise<Refused | undefined> {
  for (let steps = 0; steps < mostStepsOfCommand; steps += 1) {
    const observation = await run.observe();
    const decided = decide(observation);
    if (decided === undefined || 'outcome' in decided) return decided;
    await run.take(decided, observation);
  }
  throw new Error('somebody else is changing the key ring: try again');
}
