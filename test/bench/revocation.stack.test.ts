import { afterAll, expect, test } from 'vitest';
import { startStand } from './revocation/stand.ts';

/** What the bench measures a hundred times, once. */

const stand = await startStand();
afterAll(stand[Symbol.asyncDispose]);

test('J05: a try of the bench ends when the API of the local stack has refused its token for seconds', async () => {
  const tries = await stand.tries('POST /revoke', 2);
  expect(tries).toHaveLength(2);
  for (const { first, last } of tries) {
    expect(first).toBeGreaterThan(0);
    expect(last).toBeLessThan(10);
  }
});
