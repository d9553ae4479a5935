import { isYounger } from './age.ts';

/** Seconds: a reading that began so long before somebody asked still answers him. */
export const sharedFor = 1;

/** A reading that is on its way, and when it began (NumericDate). */
export interface Begun<Read> {
  readonly at: number;
  readonly done: Promise<Read>;
}

/**
 * Has requests share a reading. It says what was so when it began, and Lambda may have frozen it with the instance for
 * an hour: who asks more than a second after its beginning waits until it is over, whatever comes of it, and shares the
 * next one. So no two are on their way at the same time.
 * @param read is told when it begins (NumericDate), and has to end in time by itself
 * @param now NumericDate
 */
export function sharedReading<Read>(
  read: (at: number) => Promise<Read>,
  now: () => number,
): () => Promise<Read> {
  let reading: Begun<Read> | undefined;
  const begin = (): Begun<Read> => {
    const at = now();
    const done = read(at).finally(() => {
      reading = undefined;
    });
    return { at, done };
  };
  return async () => {
    const earlier = reading;
    if (earlier && !isYounger(earlier.at, sharedFor, now())) await settled(earlier.done);
    reading ??= begin();
    return await reading.done;
  };
}

const settled = (work: Promise<unknown>): Promise<void> =>
  work.then(
    () => undefined,
    () => undefined,
  );
