import { describe, expect, test } from 'vitest';
import {
  type CachedRevocationsProps,
  cachedRevocations,
} from '../../../functions/authorizer/revocations/cached-revocations.ts';
import { nothingRevoked } from '../../../functions/authorizer/revocations/revocations.ts';
import type { Revoked } from '../../../functions/oauth/revoked.ts';

/** What a test names by one text. */
const list = (name: string): Revoked => ({ ...nothingRevoked, tokens: new Set([name]) });
const refused = { code: 'temporarily_unavailable', status: 503, retryAfter: 2 };

/** What is known, of loads that the test answers one by one. All times are seconds. */
function cached(special: Partial<CachedRevocationsProps> = {}) {
  const clock = { wall: 1_700_000_000, monotonic: 1000 };
  const loads: PromiseWithResolvers<Revoked>[] = [];
  const revocations = cachedRevocations({
    load: () => {
      const answer = Promise.withResolvers<Revoked>();
      loads.push(answer);
      return answer.promise;
    },
    clocks: { wall: () => clock.wall * 1000, monotonic: () => clock.monotonic * 1000 },
    maxAge: 5000,
    grace: 60_000,
    onStale: 'refuse',
    timeLimit: 2000,
    ...special,
  });
  return {
    revocations,
    clock,
    loads,
    pass(seconds: number) {
      clock.wall += seconds;
      clock.monotonic += seconds;
    },
    /** Answers the last load. */
    answer: (name: string) => loads.at(-1)?.resolve(list(name)),
    fail: () => loads.at(-1)?.reject(new Error('down')),
    /** What a request is told: a name, and `stale` where that counts though it is too old. */
    ask: async () => {
      const { revoked, isStale } = await revocations.current();
      const [name = 'nothing'] = revoked.tokens;
      return isStale ? `${name}, stale` : name;
    },
  };
}

/** Has what follows from the last answer be over. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Whether a promise is still waiting. */
const isWaiting = async (promise: Promise<unknown>): Promise<boolean> => {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  promise.then(over, over);
  await settled();
  return !isOver;
};

/** The same, that knows `first`. */
async function knowing(special: Partial<CachedRevocationsProps> = {}) {
  const all = cached(special);
  const first = all.ask();
  all.answer('first');
  expect(await first).toBe('first');
  return all;
}

describe('while the issuer answers', () => {
  test('I13: ten thousand requests that come together make one fetch', async () => {
    const { ask, answer, loads } = cached();
    const all = Array.from({ length: 10_000 }, ask);
    answer('first');
    expect(new Set(await Promise.all(all))).toEqual(new Set(['first']));
    expect(loads).toHaveLength(1);
  });

  test('I13: a request waits where what is known is too old, and is told what is new', async () => {
    const { ask, answer, pass, loads } = await knowing();
    pass(5);
    const asked = [ask(), ask()];
    expect(await isWaiting(Promise.race(asked))).toBe(true);
    answer('second');
    expect(await Promise.all(asked)).toEqual(['second', 'second']);
    expect(loads).toHaveLength(2);
  });

  test('I13: one list serves until it is too old, and no request waits before', async () => {
    const { ask, pass, loads } = await knowing();
    pass(4.9);
    expect(await ask()).toBe('first');
    expect(loads).toHaveLength(1);
  });

  test('I13: the age counts from the start of a fetch', async () => {
    const { ask, answer, pass, loads } = cached();
    const slow = ask();
    pass(1.9);
    answer('first');
    expect(await slow).toBe('first');
    pass(3.1);
    expect(await isWaiting(ask())).toBe(true);
    expect(loads).toHaveLength(2);
  });

  test('I13: a list that took longer to fetch than it may be old serves whom it was fetched for', async () => {
    const { ask, answer, pass, loads } = cached({ maxAge: 1000, grace: 0 });
    const first = ask();
    pass(1.5);
    answer('first');
    expect(await first).toBe('first');
    const second = ask();
    expect(await isWaiting(second)).toBe(true);
    expect(loads).toHaveLength(2);
    answer('second');
    expect(await second).toBe('second');
  });

  test('I13: with a max age of 0 each request knows what was taken back before it', async () => {
    const { ask, answer, pass, loads } = await knowing({ maxAge: 0, grace: 0 });
    pass(1);
    const second = ask();
    pass(0.1);
    // This one joins a fetch that may have begun too early for it.
    const third = ask();
    answer('second');
    expect(await second).toBe('second');
    expect(await isWaiting(third)).toBe(true);
    answer('third');
    expect(await third).toBe('third');
    expect(loads).toHaveLength(3);
  });
});

describe('while the issuer does not answer', () => {
  test('I14: with nothing known nobody gets in, and nobody asks again for a second', async () => {
    const { ask, fail, pass, loads } = cached();
    const first = ask();
    fail();
    await expect(first).rejects.toMatchObject(refused);
    pass(0.9);
    await expect(ask()).rejects.toMatchObject(refused);
    expect(loads).toHaveLength(1);
    pass(0.1);
    const again = ask();
    expect(loads).toHaveLength(2);
    fail();
    await expect(again).rejects.toMatchObject(refused);
  });

  test('I14: says why in the log alone', async () => {
    const { ask, fail } = cached();
    const first = ask();
    fail();
    await expect(first).rejects.toMatchObject({
      message: 'no answer can be given now, try again later',
      cause: { message: 'nobody knows what was taken back: Error: down' },
    });
  });

  test('I14: what is known serves for the grace, and not a moment longer', async () => {
    const { ask, fail, pass } = await knowing();
    pass(64.9);
    const within = ask();
    fail();
    expect(await within).toBe('first');
    pass(0.1);
    await expect(ask()).rejects.toMatchObject(refused);
    pass(5);
    const after = ask();
    fail();
    await expect(after).rejects.toMatchObject(refused);
  });

  test('I14: with a grace of 0 the promise holds whatever happens', async () => {
    const { ask, fail, pass } = await knowing({ grace: 0 });
    pass(4.9);
    expect(await ask()).toBe('first');
    pass(0.1);
    const after = ask();
    fail();
    await expect(after).rejects.toMatchObject(refused);
    await expect(ask()).rejects.toMatchObject(refused);
  });

  test('I14: one request in a second waits for an issuer that fails, and the others go on', async () => {
    const { ask, fail, pass, loads } = await knowing();
    pass(5);
    const first = ask();
    fail();
    expect(await first).toBe('first');
    for (let count = 0; count < 100; count += 1) expect(await ask()).toBe('first');
    expect(loads).toHaveLength(2);
    pass(1);
    const trying = ask();
    for (let count = 0; count < 100; count += 1) expect(await ask()).toBe('first');
    expect(await isWaiting(trying)).toBe(true);
    expect(loads).toHaveLength(3);
    fail();
    expect(await trying).toBe('first');
  });

  test('I14: with a max age of 0 requests share a fetch that began after them', async () => {
    const { ask, answer, pass, loads } = await knowing({ maxAge: 0, grace: 0 });
    pass(1);
    const begun = ask();
    pass(0.1);
    const later = Array.from({ length: 100 }, ask);
    answer('second');
    expect(await begun).toBe('second');
    await settled();
    answer('third');
    expect(new Set(await Promise.all(later))).toEqual(new Set(['third']));
    expect(loads).toHaveLength(3);
  });

  test('I14: after the grace its owner may let in whom the last list does not name, marked', async () => {
    const { ask, fail, pass } = await knowing({ onStale: 'allow' });
    pass(64.9);
    const within = ask();
    fail();
    expect(await within).toBe('first');
    pass(0.1);
    expect(await ask()).toBe('first, stale');
    pass(3600);
    const later = ask();
    fail();
    expect(await later).toBe('first, stale');
  });

  test('I14: after the grace the others go on only where its owner lets them', async () => {
    for (const onStale of ['allow', 'refuse'] as const) {
      const { ask, fail, pass, answer } = await knowing({ onStale });
      pass(70);
      const first = ask().catch(() => 'refused');
      fail();
      expect(await first).toBe(onStale === 'allow' ? 'first, stale' : 'refused');
      pass(1);
      const trying = ask();
      const other = ask();
      expect(await isWaiting(other)).toBe(onStale === 'refuse');
      answer('second');
      expect(await trying).toBe('second');
      expect(await other).toBe(onStale === 'allow' ? 'first, stale' : 'second');
    }
  });

  test('I14: its owner may let in everybody where nothing was ever known, marked', async () => {
    const { ask, fail } = cached({ onStale: 'allow' });
    const first = ask();
    fail();
    expect(await first).toBe('nothing, stale');
  });

  test('I14: a request a second after a failure is told what is new, if the issuer is there again', async () => {
    const { ask, fail, pass, answer } = await knowing();
    pass(5);
    const first = ask();
    fail();
    expect(await first).toBe('first');
    pass(1);
    const recovered = ask();
    answer('second');
    expect(await recovered).toBe('second');
  });

  test('I14: after the grace a request waits, so that the first one after an outage gets in', async () => {
    const { ask, fail, pass, answer } = await knowing();
    pass(70);
    const down = ask();
    fail();
    await expect(down).rejects.toMatchObject(refused);
    pass(1);
    const recovered = ask();
    answer('second');
    expect(await recovered).toBe('second');
  });

  test('I14: a load that never settles is given up, and the next request begins another', async () => {
    const { ask, pass, answer, loads } = cached({ timeLimit: 20 });
    await expect(ask()).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/there is no answer in time$/) },
    });
    pass(1);
    const next = ask();
    expect(loads).toHaveLength(2);
    answer('first');
    expect(await next).toBe('first');
  });

  test('I14: a load is told when it is given up', async () => {
    let told: AbortSignal | undefined;
    const { ask } = cached({
      timeLimit: 20,
      load: (signal) => {
        told = signal;
        return new Promise<never>(() => undefined);
      },
    });
    await expect(ask()).rejects.toMatchObject(refused);
    expect(told?.aborted).toBe(true);
  });
});

describe('an instance that Lambda has frozen', () => {
  test.for([
    ['and by both clocks it was an hour', 3600],
    ['and its monotonic clock stood still', 0],
  ])('I13: does not decide by the list that it had, %s', async ([, monotonic]) => {
    const { ask, clock, answer, fail } = await knowing();
    clock.wall += 3600;
    clock.monotonic += Number(monotonic);
    const next = ask();
    expect(await isWaiting(next)).toBe(true);
    fail();
    await expect(next).rejects.toMatchObject(refused);
    clock.wall += 1;
    const another = ask();
    answer('second');
    expect(await another).toBe('second');
  });

  test('I13: takes an answer that it was frozen with for as old as it is', async () => {
    const { ask, pass, answer, loads } = await knowing();
    pass(5);
    // Its request is over without an answer, as when Lambda ends it.
    const ended = ask();
    pass(3600);
    answer('an hour old');
    expect(await ended).toBe('an hour old');
    const next = ask();
    expect(await isWaiting(next)).toBe(true);
    expect(loads).toHaveLength(3);
    answer('new');
    expect(await next).toBe('new');
  });

  test('I13: does not wait for a fetch that it was frozen with, nor takes its answer later', async () => {
    const { ask, pass, answer, loads } = await knowing();
    pass(5);
    ask().catch(() => undefined);
    const [, frozen] = loads;
    pass(3600);
    const next = ask();
    expect(loads).toHaveLength(3);
    answer('new');
    expect(await next).toBe('new');
    frozen?.resolve(list('an hour old'));
    await settled();
    expect(await ask()).toBe('new');
  });

  test('I14: does not take the failure of a fetch that it was frozen with for one of now', async () => {
    const { ask, pass, fail, answer, loads } = await knowing();
    pass(5);
    ask().catch(() => undefined);
    pass(3600);
    // The connection is gone, which says nothing of the issuer.
    fail();
    await settled();
    const next = ask();
    expect(loads).toHaveLength(3);
    answer('new');
    expect(await next).toBe('new');
  });

  test('I14: says that what is known is too old, where nothing has failed', async () => {
    const { ask, pass, fail } = cached();
    const first = ask();
    pass(3600);
    fail();
    await expect(first).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/what is known is too old$/) },
    });
  });
});

describe('a clock that is put', () => {
  test.for([1, 3, 3600])('I13: back by %i s makes no list younger', async (seconds) => {
    const { ask, clock, answer } = await knowing();
    clock.wall -= seconds;
    clock.monotonic += 1;
    const next = ask();
    expect(await isWaiting(next)).toBe(true);
    answer('second');
    expect(await next).toBe('second');
  });

  test('I13: back while time passes does not have a list serve for longer', async () => {
    const { ask, clock } = await knowing();
    clock.wall += 1;
    clock.monotonic += 5;
    expect(await isWaiting(ask())).toBe(true);
  });

  test.for([1, 3600])(
    'I14: back by %i s does not prolong the pause after a failure',
    async (seconds) => {
      const { ask, fail, clock, loads } = cached();
      const first = ask();
      fail();
      await expect(first).rejects.toMatchObject(refused);
      clock.wall -= seconds;
      const again = ask();
      expect(loads).toHaveLength(2);
      fail();
      await expect(again).rejects.toMatchObject(refused);
    },
  );

  test('I13: forward, and back again, ends with a list that is as old as it is', async () => {
    const { ask, clock, answer } = cached();
    clock.wall += 3600;
    const ahead = ask();
    answer('first');
    expect(await ahead).toBe('first');
    clock.wall -= 3600;
    const back = ask();
    expect(await isWaiting(back)).toBe(true);
    answer('second');
    expect(await back).toBe('second');
  });
});
