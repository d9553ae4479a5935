import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rotationSteps } from '../../../functions/administration/secret-rotation/rotation-event.ts';
import { aRotation, day } from './a-rotation.ts';

/** What a rotation may write with: each of these is one write, before and after which a run may die. */
type Write = (...given: never[]) => Promise<unknown>;

/**
 * The world of a rotation in which each write is told of. Whoever has read the current secret must be able to use
 * it from then on, until an overlap after it was replaced.
 */
async function aWatchedRotation() {
  const world = await aRotation();
  const { rotation, registry, keeper, clock, secretIn, works, secrets, byHand } = world;
  const lastCurrent = new Map<string, number>();
  const look = async () => {
    lastCurrent.set(secretIn(keeper.at('AWSCURRENT') ?? ''), clock.now);
    for (const [secret, seen] of lastCurrent) {
      if (clock.now < seen + day) expect(await works(secret)).toBe(true);
    }
    expect(await works(byHand)).toBe(true);
    expect((await secrets()).length).toBeLessThanOrEqual(5);
  };
  const around = { before: async () => {}, after: async () => {} };
  const watched =
    <Kind extends Write>(write: Kind) =>
    async (...given: Parameters<Kind>): Promise<Awaited<ReturnType<Kind>>> => {
      await around.before();
      const written = await write(...given);
      await look();
      await around.after();
      return written as Awaited<ReturnType<Kind>>;
    };
  const { keepers } = rotation;
  keepers.put = watched(keepers.put);
  keepers.makeCurrent = watched(keepers.makeCurrent);
  registry.store.change = watched(registry.store.change);
  const wait = async (seconds: number) => {
    await look();
    clock.now += seconds;
    await look();
  };
  /** After a rotation in which nothing goes wrong, all is as if nothing ever had. */
  const expectWhole = async () => {
    const replaced = secretIn(keeper.at('AWSCURRENT') ?? '');
    const version = await world.rotate();
    expect(keeper.at('AWSCURRENT')).toBe(version);
    await wait(day - 1);
    expect(await works(replaced)).toBe(true);
    await wait(1);
    const living = (await secrets()).filter(
      ({ expires_at = clock.now + 1 }) => expires_at > clock.now,
    );
    expect(living).toHaveLength(2);
    expect([await works(secretIn(version)), await works(byHand)]).toEqual([true, true]);
  };
  return { ...world, around, wait, expectWhole };
}

/** A rotation in which runs die: before or after writes of these numbers. Then it goes on, or is given up. */
const aTroubledRotation = fc.record({
  deaths: fc.array(fc.record({ at: fc.nat(4), after: fc.boolean() }), { maxLength: 4 }),
  again: fc.subarray([...rotationSteps]),
  isGivenUp: fc.boolean(),
  pause: fc.integer({ min: day, max: 3 * day }),
});

type TroubledRotation = typeof aTroubledRotation extends fc.Arbitrary<infer Value> ? Value : never;
type World = Awaited<ReturnType<typeof aWatchedRotation>>;

test('a run may die before and after any write, and no secret that somebody reads stops working', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aTroubledRotation, { maxLength: 5 }), async (rotations) => {
      const world = await aWatchedRotation();
      for (const rotation of rotations) await troubled(world, rotation);
      await world.expectWhole();
    }),
    { numRuns: 150 },
  );
});

async function troubled(
  world: World,
  { deaths, again, isGivenUp, pause }: TroubledRotation,
): Promise<void> {
  const version = world.begin();
  for (const death of deaths) await dying(world, version, death);
  for (const name of again) await world.step(name, version).catch(() => {});
  if (!isGivenUp) await inOrder(world.step, version);
  if (world.keeper.at('AWSCURRENT') !== version) world.keeper.remove('AWSPENDING');
  await world.wait(pause);
}

/** A run that dies before or after the write of a number; so far it may not come. */
async function dying(
  { around, step }: World,
  version: string,
  { at, after }: { readonly at: number; readonly after: boolean },
): Promise<void> {
  let count = 0;
  around[after ? 'after' : 'before'] = async () => {
    count += 1;
    if (count === at + 1) throw new Error('died');
  };
  await inOrder(step, version).catch(onlyDeath);
  Object.assign(around, { before: async () => {}, after: async () => {} });
}

test('two rotations at once, and each step twice at once, end in the state of the last one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, isOther) => {
      const { around, begin, step, wait, expectWhole } = await aWatchedRotation();
      const turn = () => scheduler.schedule(Promise.resolve());
      Object.assign(around, { before: turn, after: turn });
      const first = begin();
      const second = async () => {
        await turn();
        return isOther ? begin() : first;
      };
      const ended = Promise.all([
        inOrder(step, first).catch(() => {}),
        second().then((version) => inOrder(step, version).catch(() => {})),
      ]);
      await scheduler.waitFor(ended);
      Object.assign(around, { before: async () => {}, after: async () => {} });
      await wait(60);
      await expectWhole();
    }),
    { numRuns: 300 },
  );
});

async function inOrder(
  step: Awaited<ReturnType<typeof aRotation>>['step'],
  version: string,
): Promise<void> {
  for (const name of rotationSteps) await step(name, version);
}

function onlyDeath(error: unknown): void {
  if (!(error instanceof Error) || error.message !== 'died') throw error;
}
