import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds: what takes longer goes on while requests are answered. */
const patience = 1000;

/**
 * Does the work while the function starts, so that the first request need not wait for it. Code that runs
 * for the first time is slow, and Lambda gives a function more processor time while it starts. A failure
 * is ignored: the first request that needs the work meets it again, and reports it.
 */
export async function warmUp(work: () => Promise<unknown>): Promise<void> {
  const done = work().catch(() => undefined);
  await Promise.race([done, delay(patience, undefined, { ref: false })]);
}
