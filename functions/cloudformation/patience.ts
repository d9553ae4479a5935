/** What waits. */
export interface Patience {
  /** NumericDate. */
  readonly now: () => number;
  readonly wait: (seconds: number) => Promise<void>;
}

/** Seconds for which a deployment tries again: the permissions of a new role take effect late. */
export const patience = 40;
const pause = 5;

/**
 * Tries something again until a time.
 * @param isHopeless whether no further attempt can help
 */
export async function patiently<T>(
  { now, wait }: Patience,
  lastTry: number,
  attempt: () => Promise<T>,
  isHopeless: (error: unknown) => boolean = () => false,
): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (now() >= lastTry || isHopeless(error)) throw error;
      await wait(pause);
    }
  }
}
