import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reconcile } from '../../functions/key-rotation/reconcile.ts';
import { revoke } from '../../functions/key-rotation/revoke.ts';
import { rotate } from '../../functions/key-rotation/rotate.ts';
import type { KeySettings } from '../../functions/key-rotation/settings.ts';
import type { KeyState } from '../../functions/oauth/key-ring.ts';
import { publishLead, retention } from '../../functions/oauth/key-times.ts';
import { happening, type Runs } from './happening.ts';
import { brokenInvariants, brokenPromises, leftBehind } from './invariants.ts';
import type { ModelWorld } from './model-world.ts';
import { scripts } from './script.ts';

/**
 * Several runs of the key rotation at once. Chance decides which of them makes its next call to the
 * registry or to KMS, which run is killed, and how much time passes in between.
 */

const settings: KeySettings = {
  alg: 'RS256',
  wrappingKey: undefined,
  rotationInterval: 90 * 86_400,
  mixedFamilies: false,
};

const reconciling: Runs = [(rotation) => reconcile(rotation)];
const everything: Runs = [
  ...reconciling,
  (rotation) => rotate(rotation, { now: false }),
  (rotation) => rotate(rotation, { now: true }),
  (rotation, world) => revoke(rotation, { kid: kidOf(world, 'active'), replace: true }),
  (rotation, world) => revoke(rotation, { kid: kidOf(world, 'retired'), replace: false }),
  async (_, { kms }) => {
    // Somebody disables a key by hand.
    const [latest] = [...kms.values()].filter(({ state }) => state === 'Enabled').toReversed();
    if (latest) latest.state = 'Disabled';
  },
];

const kidOf = ({ ring }: ModelWorld, state: KeyState): string =>
  ring.keys.find((key) => key.state === state)?.kid ?? 'none';

/** Lets many things happen, and hands each world over. */
async function inManyWorlds(
  runs: Runs,
  check: (world: ModelWorld) => void,
  special: Partial<KeySettings> = {},
): Promise<void> {
  const chance = [scripts(runs.length, settings.rotationInterval), fc.nat({ max: 120 })] as const;
  const property = fc.asyncProperty(...chance, async (script, lag) =>
    check(await happening(runs, { script, lag, settings: { ...settings, ...special } })),
  );
  await fc.assert(property, { numRuns: 400 });
}

describe('any interleaving of runs, with deaths anywhere', () => {
  test('the schedule alone: one active key, none signs unknown, none goes too soon, none is lost', async () => {
    const seen = { calls: 0, deaths: 0, changes: new Set<string>() };
    await inManyWorlds(reconciling, (world) => {
      expect(brokenInvariants(world)).toEqual([]);
      expect(brokenPromises(world, settings)).toEqual([]);
      expect(leftBehind(world)).toEqual([]);
      seen.calls += world.calls;
      seen.deaths += world.deaths;
      for (const why of world.reasons) seen.changes.add(why);
    });
    // The worlds were busy enough for that to mean something.
    expect(seen.calls).toBeGreaterThan(10_000);
    expect(seen.deaths).toBeGreaterThan(500);
    expect([...seen.changes].sort()).toEqual(
      [
        'the first key',
        'the active key is old',
        `it has been published for ${publishLead} s`,
        `it has not signed for ${retention} s`,
        'it was removed',
        'it was left behind, and is not needed',
        'KMS has deleted it',
      ].sort(),
    );
  });

  test('with rotations, revocations and keys disabled by hand: one active key, none is lost', async () => {
    await inManyWorlds(everything, (world) => {
      expect(brokenInvariants(world)).toEqual([]);
      expect(leftBehind(world)).toEqual([]);
    });
  });

  test('the same of keys that KMS wraps', async () => {
    const seen = { wrapped: 0 };
    const check = (world: ModelWorld) => {
      expect(brokenInvariants(world)).toEqual([]);
      expect(leftBehind(world)).toEqual([]);
      expect(world.kms.size).toBe(0);
      seen.wrapped += world.wrapped;
    };
    await inManyWorlds(everything, check, { wrappingKey: 'wrapping' });
    expect(seen.wrapped).toBeGreaterThan(400);
  });
});
