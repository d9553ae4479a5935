import { describe, expect, test } from 'vitest';
import { sharedReading } from '../../functions/oauth/shared-reading.ts';

/** Readings that go on until they are let end; each reads how many there were. */
function readings() {
  const clock = { now: 1_700_000_000 };
  const begun: { readonly at: number; readonly end: PromiseWithResolvers<void> }[] = [];
  const share = sharedReading(
    async (at) => {
      const end = Promise.withResolvers<void>();
      const count = begun.push({ at, end });
      await end.promise;
      return count;
    },
    () => clock.now,
  );
  /** Lets the last one end, and what waits for it go on. */
  const end = async (trouble?: Error) => {
    const last = begun.at(-1)?.end;
    if (trouble) last?.reject(trouble);
    else last?.resolve();
    await new Promise(setImmediate);
  };
  return { clock, begun, share, end };
}

const trouble = new Error('throttled');

describe('a reading', () => {
  test('is shared by those who ask within a second of its beginning', async () => {
    const { begun, share, end } = readings();
    const asked = [share(), share()];
    expect(begun).toHaveLength(1);
    await end();
    expect(await Promise.all(asked)).toEqual([1, 1]);
    const next = share();
    await end();
    expect(await next).toBe(2);
  });

  test.for([1, 3600, -1])(
    'is not what they get who ask %i s later: they share the next, which begins when it is over',
    async (seconds) => {
      const { clock, begun, share, end } = readings();
      const first = share();
      clock.now += seconds;
      const later = [share(), share()];
      await new Promise(setImmediate);
      expect(begun).toHaveLength(1);
      await end();
      expect(await first).toBe(1);
      expect(begun.map(({ at }) => at)).toEqual([clock.now - seconds, clock.now]);
      await end();
      expect(await Promise.all(later)).toEqual([2, 2]);
      expect(begun).toHaveLength(2);
    },
  );

  test('that fails fails for those who share it, and not for who has asked later', async () => {
    const { clock, share, end } = readings();
    const first = Promise.allSettled([share(), share()]);
    clock.now += 60;
    const later = share();
    await end(trouble);
    const failed = { status: 'rejected', reason: trouble };
    expect(await first).toEqual([failed, failed]);
    await end();
    expect(await later).toBe(2);
  });
});
