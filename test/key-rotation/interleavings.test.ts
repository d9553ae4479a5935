import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { revoke } from '../../functions/key-rotation/revoke.ts';
import { rotate } from '../../functions/key-rotation/rotate.ts';
import type { KeySettings } from '../../functions/key-rotation/settings.ts';
import type { KeyState } from '../../functions/oauth/key-ring.ts';
import { publishLead, retention } from '../../functions/oauth/key-times.ts';
import { happening, type Runs, tend } from './happening.ts';
import { brokenInvariants, brokenPromises, leftBehind, notNoted, touched } from './invariants.ts';
import type { ModelWorld } from './model-world.ts';
import { scripts } from './script.ts';

/**
 * Several runs of the key rotation at once. Chance decides which of them makes its next call to the
 * registry or to KMS, which run is killed, and how much time passes in between.
 */

const settings: KeySettings = {
  alg: 'RS256',
  wrappingKey: undefined,
  tokenRole: 'arn:aws:iam::111122223333:role/token',
  rotationInterval: 90 * 86_400,
  mixedFamilies: false,
};

const reconciling: Runs = [(rotation) => tend(rotation)];
const everything: Runs = [
  ...reconciling,
  (rotation) => rotate(rotation, { now: false }),
  (rotation) => rotate(rotation, { now: true }),
  (rotation, world) => revoke(rotation, { kid: kidOf(world, 'active'), replace: true }),
  (rotation, world) => revoke(rotation, { kid: kidOf(world, 'retired'), replace: false }),
  async (_, { kms }) => {
    // Somebody disables a key by hand.
    const enabled = [...kms.values()].filter(
      ({ state, foreign }) => state === 'Enabled' && !foreign,
    );
    const [latest] = enabled.toReversed();
    if (latest) latest.state = 'Disabled';
  },
];

/** Somebody else makes a key, and tags it as ours, by whatever he can have read. */
const attacks: Runs = [
  // The two tags that say whose key it is, and what for.
  async (_, world) => void world.make({ alg: 'RS256', plan: '', foreign: true }),
  // An id that he has read in the tags of one of our keys: the latest, or that of a dead run.
  async (_, world) => {
    const ours = [...world.kms.values()].filter(({ foreign }) => !foreign).at(-1);
    if (ours) world.make({ alg: 'RS256', plan: ours.plan, foreign: true });
  },
  // What he has read in the ring.
  async (_, world) => {
    const plan = world.ring.plans?.at(-1)?.id_hash ?? '';
    world.make({ alg: 'RS256', plan, foreign: true });
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
    const seen = { noted: 0 };
    await inManyWorlds(everything, (world) => {
      expect(brokenInvariants(world)).toEqual([]);
      expect(leftBehind(world)).toEqual([]);
      expect(notNoted(world)).toEqual([]);
      seen.noted += world.noted.size;
    });
    expect(seen.noted).toBeGreaterThan(0);
  });

  test('and with keys that others tag as ours: none of them is let in, or deleted', async () => {
    const seen = { foreign: 0, copied: 0 };
    const runs = [...everything, ...attacks, ...attacks];
    await inManyWorlds(runs, (world) => {
      expect(brokenInvariants(world)).toEqual([]);
      expect(touched(world)).toEqual([]);
      expect(leftBehind(world)).toEqual([]);
      const foreign = [...world.kms.values()].filter((key) => key.foreign);
      seen.foreign += foreign.length;
      seen.copied += foreign.filter(({ plan }) => plan !== '').length;
    });
    expect(seen.foreign).toBeGreaterThan(1000);
    expect(seen.copied).toBeGreaterThan(300);
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
