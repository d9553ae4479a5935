import { describe, expect, test } from 'vitest';
import { cachedKeyRing } from '../../functions/oauth/cached-key-ring.ts';
import type { KeyRing } from '../../functions/oauth/key-ring.ts';

/** A ring whose revision counts the reads, from a registry that may be in trouble. */
function held(freshness = 60) {
  const clock = { now: 1_700_000_000 };
  const registry = { reads: 0, trouble: undefined as Error | undefined };
  const load = async (): Promise<KeyRing> => {
    registry.reads += 1;
    if (registry.trouble) throw registry.trouble;
    return { keys: [], revision: registry.reads };
  };
  const ring = cachedKeyRing({ load }, { now: () => clock.now, freshness });
  const revision = async (): Promise<number> => (await ring.current()).ring.revision;
  return { clock, registry, ring, revision };
}

const busy = new Error('the registry is busy');
const unavailable = { status: 503, cause: busy };

describe('a held key ring', () => {
  test('is read once while it is fresh, and by one for all who ask together', async () => {
    const { clock, revision } = held();
    expect(await Promise.all([revision(), revision(), revision()])).toEqual([1, 1, 1]);
    clock.now += 59;
    expect(await revision()).toBe(1);
    clock.now += 1;
    expect(await Promise.all([revision(), revision()])).toEqual([2, 2]);
  });

  test.for([1, 3600])(
    'is read again when the clock was put back by %i s: what was revoked meanwhile is not kept',
    async (seconds) => {
      const { clock, registry, revision } = held();
      expect(await revision()).toBe(1);
      clock.now -= seconds;
      expect(await revision()).toBe(2);
      registry.trouble = busy;
      clock.now -= seconds;
      await expect(revision()).rejects.toMatchObject(unavailable);
    },
  );

  test('tells when it was read', async () => {
    const { clock, ring } = held();
    const { at } = await ring.current();
    clock.now += 30;
    expect((await ring.current()).at).toBe(at);
  });

  test('is read at once by who needs to know', async () => {
    const { ring, revision } = held();
    await revision();
    expect((await ring.reread()).ring.revision).toBe(2);
    expect(await revision()).toBe(2);
  });

  test('is good for five minutes while the registry is in trouble, and no longer', async () => {
    const { clock, registry, revision } = held();
    await revision();
    registry.trouble = busy;
    clock.now += 299;
    expect(await revision()).toBe(1);
    clock.now += 1;
    await expect(revision()).rejects.toMatchObject(unavailable);
    registry.trouble = undefined;
    expect(await revision()).toBe(registry.reads);
  });

  test('that was never read is 503 while the registry is in trouble, for all who ask', async () => {
    const { registry, ring, revision } = held();
    registry.trouble = busy;
    const asked = await Promise.allSettled([revision(), revision()]);
    expect(asked).toEqual([
      { status: 'rejected', reason: expect.objectContaining(unavailable) },
      { status: 'rejected', reason: expect.objectContaining(unavailable) },
    ]);
    expect(registry.reads).toBe(1);
    await expect(ring.reread()).rejects.toMatchObject(unavailable);
  });

  test('that Lambda has frozen on its way is not for who asks an hour later', async () => {
    const clock = { now: 1_700_000_000 };
    const pages = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let revision = 0;
    const load = async (): Promise<KeyRing> => {
      revision += 1;
      const read = { keys: [], revision };
      await pages[revision - 1]?.promise;
      return read;
    };
    const ring = cachedKeyRing({ load }, { now: () => clock.now, freshness: 1 });
    const before = ring.current();
    clock.now += 3600;
    const asked = [ring.current(), ring.reread()];
    for (const { resolve } of pages) resolve();
    expect((await before).ring.revision).toBe(1);
    const answers = await Promise.all(asked);
    expect(answers.map((one) => [one.ring.revision, one.at])).toEqual([
      [2, clock.now],
      [2, clock.now],
    ]);
    expect((await ring.current()).ring.revision).toBe(2);
  });
});
