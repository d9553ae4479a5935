/**
 * Waits so many milliseconds for work, and not longer, whatever it does with its signal.
 * @throws Error when that is over
 */
export async function within<Value>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const signal = AbortSignal.timeout(milliseconds);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('there is no answer in time')));
  });
  return await Promise.race([work(signal), late]);
}
