import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../functions/key-rotation/commands.ts';
import type { KeySettings } from '../../functions/key-rotation/settings.ts';
import type { KeyRing, RingKey } from '../../functions/oauth/key-ring.ts';
import { keyRotation, makeWrappingKey, type TestRotation } from '../support/key-rotation.ts';
import { startServices } from '../support/services.ts';
import { type CrashScenario, crashScenarios } from './crash-scenarios.ts';
import { type MortalFate, mortal } from './mortal-clients.ts';
import { settings, startedAt } from './test-deployment.ts';

/** Each run is killed at each of its calls to DynamoDB, KMS and the tags; then the next run goes on. */

const clock = { now: startedAt };
const services = await startServices(() => clock.now);
const count = { tables: 0 };
const wrappingKey = await makeWrappingKey(services);

/** A new deployment, in the state in which the scenario begins. */
async function prepared({
  before,
  settings: changed,
  wrapped,
}: CrashScenario): Promise<TestRotation> {
  count.tables += 1;
  clock.now = startedAt;
  const registry = `registry-${count.tables}`;
  await services.createTable(registry);
  const rotationWith = (special: Partial<KeySettings>, wrapper?: string) => {
    // Keys of a curve are made much faster than those of RSA.
    const all = { settings: { ...settings, alg: 'ES256', ...special } as const };
    return keyRotation(services, () => clock.now, all, {
      registry,
      ...(wrapper && { wrappingKey: wrapper }),
    });
  };
  const rotation = rotationWith({});
  for (const [seconds, command] of before) {
    clock.now += seconds;
    await rotation.command(command);
  }
  if (!changed && !wrapped) return rotation;
  return rotationWith(changed ?? {}, wrapped && wrappingKey);
}

const activeKids = ({ keys }: KeyRing): readonly string[] =>
  keys.filter(({ state }) => state === 'active').map(({ kid }) => kid);

/** Kills a run at the call of this number, if it makes as many, and lets the next runs go on. */
async function killed(scenario: CrashScenario, at: number, fate: MortalFate) {
  const rotation = await prepared(scenario);
  const [seconds, command] = scenario.killed;
  clock.now += seconds;
  const before = await rotation.keyRing.load();
  const aimed = 'kid' in command ? { ...command, kid: activeKids(before)[0] } : command;
  const life = mortal(services, at, fate);
  const reply = await rotation.command(aimed).catch(() => undefined);
  life.end();
  const after = await rotation.keyRing.load();
  if (!reply) await repeated(rotation, aimed, before, after);
  clock.now += 300;
  await rotation.done({ command: 'tend' });
  return { isOver: life.isOver(), before, after, ring: await rotation.keyRing.load(), rotation };
}

/** The schedule goes on by itself; an administrator looks, and sends a command again that was not done. */
async function repeated(
  rotation: TestRotation,
  command: Partial<Command>,
  before: KeyRing,
  after: KeyRing,
): Promise<void> {
  await rotation.done({ command: 'tend' });
  const isDone = activeKids(after)[0] !== activeKids(before)[0];
  const revoked = 'kid' in command && after.keys.find(({ kid }) => kid === command.kid)?.revoked;
  if (command.command === 'rotate' && !isDone) await rotation.done(command);
  if (command.command === 'revoke' && !revoked) await rotation.done(command);
}

const isInKms = ({ custody }: RingKey): boolean => custody === 'kms';

/** The keys in KMS that can sign, of those that carry this deployment's tag or ever were in its ring. */
async function usable({ keys }: KeyRing): Promise<readonly (string | undefined)[]> {
  const described = keys
    .filter(isInKms)
    .map(({ key_id: KeyId }) => services.kms.send(new DescribeKeyCommand({ KeyId })));
  return (await Promise.all(described))
    .filter(({ KeyMetadata }) => KeyMetadata?.Enabled)
    .map(({ KeyMetadata }) => KeyMetadata?.KeyId);
}

describe.for(crashScenarios)('$name', (scenario) => {
  test.for(['die before', 'die after'] as const)(
    'a run may %s any of its calls: it has done no harm, and the next runs end it',
    async (fate) => {
      const deaths = { at: 1 };
      for (let isOver = true; isOver; deaths.at += 1) {
        const outcome = await killed(scenario, deaths.at, fate);
        isOver = outcome.isOver;
        const { before, after, ring, rotation } = outcome;
        const where = `${fate} call ${deaths.at}`;
        // There is always exactly one key that signs, also right after a run has died.
        expect(activeKids(after).length, where).toBe(after.keys.length === 0 ? 0 : 1);
        if (before.keys.length > 0) expect(after.keys.length, where).toBeGreaterThan(0);
        expect(
          ring.keys.map(({ state }) => state),
          where,
        ).toEqual(scenario.ends);
        // The keys in KMS that can sign are those of the ring, and no others.
        const published = ring.keys.filter(isInKms).filter(({ state }) => state !== 'removed');
        expect(await usable(ring), where).toEqual(published.map(({ key_id }) => key_id));
        expect(await rotation.strangers(), where).toEqual([]);
      }
      // The last run ended before it made as many calls: a run has been killed at each of them.
      expect(deaths.at).toBeGreaterThan(4);
    },
  );
});
