import { reconcile } from '../../functions/key-rotation/reconcile.ts';
import { notingRevokedKeys } from '../../functions/key-rotation/revoked-keys.ts';
import type { KeyRotation, KeySettings } from '../../functions/key-rotation/settings.ts';
import { begin, type SteppedRun } from './interleaving.ts';
import { type ModelWorld, modelWorld } from './model-world.ts';
import type { Event } from './script.ts';

/** What may begin in a world. */
export type Runs = readonly ((rotation: KeyRotation, world: ModelWorld) => Promise<unknown>)[];

/** What the schedule does. */
export const tend = (rotation: KeyRotation) =>
  notingRevokedKeys(rotation, () => reconcile(rotation));

/** Seconds after which Lambda ends a run. */
const timeout = 60;

/**
 * Lets a script happen, and then lets everything settle.
 * @param lag seconds until a new key is found by its tag
 */
export async function happening(
  runs: Runs,
  { script, lag, settings }: { script: readonly Event[]; lag: number; settings: KeySettings },
): Promise<ModelWorld> {
  const { world, rotation } = modelWorld(settings, lag);
  const going: { readonly run: SteppedRun; readonly until: number }[] = [];
  const start = (kind: number): void => {
    const run = begin(async (turn) => runs[kind]?.(rotation(turn), world));
    going.push({ run, until: world.now + timeout });
  };
  for (const event of script) {
    if ('waits' in event) world.now += event.waits;
    if ('begins' in event) start(event.begins);
    if ('calls' in event) {
      const living = going.filter(({ run, until }) => !run.hasEnded() && world.now <= until);
      await living[event.calls % living.length]?.run.step(event.fate);
    }
  }
  // Twice, since a key that a dead run left behind counts as an orphan only after some minutes.
  for (const seconds of [600, 600]) {
    world.now += seconds;
    await tend(rotation(async () => 'go'));
  }
  return world;
}
