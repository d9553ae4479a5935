import type { KeyRing } from '../oauth/key-ring.ts';
import type { KeyRotation } from './key-rotation.ts';
import { nextStep, type Rules } from './rules.ts';
import { beginRun, type Run } from './run.ts';

/** More steps than any ring can need: what takes more is a fault, and must not go on for ever. */
const mostSteps = 60;

/**
 * Does what is due, step by step, until nothing is. May be run at any time, by several at once, and
 * be cut off anywhere: what is to be done follows from the clock, the ring and KMS alone.
 * @returns the ring as it then is
 * @throws Error when KMS or the registry fail, or the ring does not come to rest
 */
export async function tend(
  rotation: KeyRotation,
  run: Run = beginRun(rotation),
  which: Rules = 'all',
): Promise<KeyRing> {
  for (let steps = 0; steps < mostSteps; steps += 1) {
    const observation = await run.observe();
    const step = nextStep(observation, rotation.settings, which);
    if (!step) return observation.ring;
    await run.take(step, observation);
  }
  throw new Error(`the key ring has not come to rest after ${mostSteps} steps`);
}
