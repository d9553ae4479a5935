import type { Observation } from './observation.ts';
import type { Refused } from './reply.ts';
import type { Run } from './run.ts';
import type { Step } from './step.ts';

/** Says what is to be done next for a command; undefined: it is done. */
export type Decide = (observation: Observation) => Step | Refused | undefined;

/** Each is tried again from the start when somebody else has changed the ring meanwhile. */
const mostSteps = 10;

/**
 * Takes the steps that a command needs.
 * @returns the refusal, if it is one
 * @throws Error when KMS or the registry fail, or others change the ring without an end
 */
export async function takeDecided(run: Run, decide: Decide): Promise<Refused | undefined> {
  for (let steps = 0; steps < mostSteps; steps += 1) {
    const observation = await run.observe();
    const decided = decide(observation);
    if (decided === undefined || 'outcome' in decided) return decided;
    await run.take(decided, observation);
  }
  throw new Error('somebody else is changing the key ring: try again');
}

/** The refusal of a command; a sentence without a full stop. */
export const refused = (reason: string): Refused => ({ outcome: 'refused', reason });

/** A NumericDate for people. */
export const date = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
