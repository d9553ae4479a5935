import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds: what takes longer goes on while requests are answered. */
const patience = 1000;

/**
 * Does while a function starts what its first request would have to wait for, if it can: code that runs
 * for the first time is slow, and Lambda gives a function more of a processor while it starts than
 * later. What fails here fails again, and is told, when a request needs it.
 */
export async function warmUp(work: () => Promise<unknown>): Promise<void> {
  const done = work().catch(() => undefined);
  await Promise.race([done, delay(patience, undefined, { ref: false })]);
}
