import { describe, expect, test } from 'vitest';
import { cachedRevocations } from '../../../functions/authorizer/revocations/cached-revocations.ts';
import { currentRevocations } from '../../../functions/oauth/current-revocations.ts';
import { unavailable } from '../../../functions/oauth/oauth-error.ts';
import type { RevocationLog } from '../../../functions/oauth/revocation.ts';
import { start } from '../../support/access-tokens.ts';
import { memoryRevocations } from '../../support/memory/memory-revocations.ts';
import { httpEvent } from '../events.ts';
import { testAuthorizer } from '../test-authorizer.ts';

const allowed = { isAuthorized: true };
const unauthorized = /^Unauthorized$/;
const unknown = /^the authorizer cannot decide now$/;
const revoked = {
  kind: 'token',
  id: '0a1b2c3d4e5f',
  revoked_at: start,
  expires_at: start + 4000,
} as const;

/** An authorizer that reads the table in place of the list. */
async function tableAuthorizer() {
  const store = memoryRevocations(() => start);
  const table: { log: RevocationLog } = { log: store };
  const { clock, ...authorizer } = await testAuthorizer({
    revocations: ({ now }) => {
      const log: RevocationLog = { since: (at) => table.log.since(at) };
      const { current } = currentRevocations({ log, now, oldest: 0 });
      return cachedRevocations({
        load: async () => (await current()).revoked,
        clocks: { wall: () => now() * 1000, monotonic: () => now() * 1000 },
        maxAge: 5000,
        grace: 60_000,
        onStale: 'refuse',
        timeLimit: 2000,
      });
    },
  });
  return { ...authorizer, clock, store, table };
}

describe('an authorizer that reads the table', () => {
  test('I13: refuses what was taken back within the max age', async () => {
    const { handler, bearer, clock, store } = await tableAuthorizer();
    const event = httpEvent(await bearer());
    expect(await handler(event)).toMatchObject(allowed);
    await store.note(revoked);
    clock.now = start + 5;
    await expect(handler(event)).rejects.toThrow(unauthorized);
    expect(await handler(httpEvent(await bearer({ claims: { jti: 'another' } })))).toMatchObject(
      allowed,
    );
  });

  test('I14: goes by what it knows within the grace, and lets nobody in after', async () => {
    const { handler, bearer, clock, store } = await tableAuthorizer();
    await store.note(revoked);
    const [event, other] = [
      httpEvent(await bearer()),
      httpEvent(await bearer({ claims: { jti: 'another' } })),
    ];
    await expect(handler(event)).rejects.toThrow(unauthorized);
    store.trouble = unavailable('throttled');
    clock.now = start + 64;
    await expect(handler(event)).rejects.toThrow(unauthorized);
    expect(await handler(other)).toMatchObject(allowed);
    clock.now = start + 70;
    await expect(handler(other)).rejects.toThrow(unknown);
    store.trouble = undefined;
    clock.now = start + 71;
    expect(await handler(other)).toMatchObject(allowed);
  });

  test('I13: does not go by a reading that was frozen on its way', async () => {
    const { handler, bearer, clock, store, table } = await tableAuthorizer();
    const event = httpEvent(await bearer());
    expect(await handler(event)).toMatchObject(allowed);
    const page = Promise.withResolvers<void>();
    const frozen: RevocationLog = {
      async *since() {
        await page.promise;
        yield [];
      },
    };
    table.log = frozen;
    clock.now = start + 3;
    // It has the table read beside it, and the instance is frozen.
    expect(await handler(event)).toMatchObject(allowed);
    table.log = store;
    await store.note({ ...revoked, revoked_at: start + 100 });
    clock.now = start + 3000;
    const later = handler(event);
    page.resolve();
    await expect(later).rejects.toThrow(unauthorized);
  });
});
