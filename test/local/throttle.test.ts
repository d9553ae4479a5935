import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createThrottle } from '../../local/gateway/throttle.ts';

test('A11: whenever requests come, no more pass than the burst and what the rate has added', () => {
  const settings = fc.record({ rate: fc.nat(50), burst: fc.nat(20) });
  const pauses = fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 80 });
  fc.assert(
    fc.property(settings, pauses, ({ rate, burst }, waits) => {
      let time = 1_700_000_000;
      const passes = createThrottle({ rate, burst }, () => time);
      const passed: number[] = [];
      for (const milliseconds of waits) {
        time += milliseconds / 1000;
        if (passes()) passed.push(time);
      }
      for (const [index, from] of passed.entries()) {
        const count = passed.length - index;
        const last = passed.at(-1) ?? from;
        expect(count).toBeLessThanOrEqual(burst + rate * (last - from) + 1e-3);
      }
      // Nothing is kept back either: after a second there is one again.
      time += 1;
      if (rate > 0) expect(passes()).toBe(burst > 0);
    }),
  );
});
