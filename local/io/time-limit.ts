/** What `inTime` gives for a promise that took too long. */
export const late = Symbol('late');

/** Waits for a promise for some seconds and no longer. */
export async function inTime<Value>(
  seconds: number,
  promise: Promise<Value>,
): Promise<Value | typeof late> {
  const { promise: limit, resolve } = Promise.withResolvers<typeof late>();
  const timer = setTimeout(resolve, seconds * 1000, late);
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
