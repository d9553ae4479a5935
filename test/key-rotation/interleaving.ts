import type { Fate, Turn } from './model-world.ts';

/** A run that somebody steps through its calls. */
export interface SteppedRun {
  /** Lets it make its next call; does nothing when it has ended. */
  step(fate: Fate): Promise<void>;
  readonly hasEnded: () => boolean;
}

/** Begins a run that waits at each of its calls until it is told what becomes of it. */
export function begin(run: (turn: Turn) => Promise<unknown>): SteppedRun {
  const waiting: ((fate: Fate) => void)[] = [];
  let ended = false;
  let arrived = Promise.withResolvers<void>();
  const turn: Turn = () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      arrived.resolve();
    });
  void run(turn)
    .catch(() => undefined)
    .finally(() => {
      ended = true;
      arrived.resolve();
    });
  return {
    hasEnded: () => ended,
    async step(fate) {
      await arrived.promise;
      const next = waiting.shift();
      if (!next) return;
      if (waiting.length === 0) arrived = Promise.withResolvers();
      next(fate);
      // What it does until its next call takes a few turns of the microtask queue.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
