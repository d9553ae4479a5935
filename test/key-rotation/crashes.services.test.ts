import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../functions/key-rotation/commands.ts';
import type { KeySettings } from '../../functions/key-rotation/settings.ts';
import type { KeyRing, RingKey } from '../../functions/oauth/key-ring.ts';
import { keyRotation, makeWrappingKey, type TestRotation } from '../support/key-rotation.ts';
import { startServices } from '../support/services.ts';
import { type CrashScenario, crashScenarios } from './crash-scenarios.ts';
import { stranger } from './foreign-keys.ts';
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
async function killed(scenario: CrashScenario, at: number, { fate, isCopied }: Death) {
  const rotation = await prepared(scenario);
  const other = stranger(services);
  await other.makes(tagsOf(rotation));
  const [seconds, command] = scenario.killed;
  clock.now += seconds;
  const before = await rotation.keyRing.load();
  const aimed = 'kid' in command ? { ...command, kid: activeKids(before)[0] } : command;
  const life = mortal(services, at, fate);
  const reply = await rotation.command(aimed).catch(() => undefined);
  life.end();
  const after = await rotation.keyRing.load();
  const left = isCopied ? await rotation.strangers(other.made()) : [];
  for (const key_id of left) await other.makes(await other.readsTags(key_id));
  if (!reply) await repeated(rotation, aimed, before, after);
  clock.now += 300;
  await rotation.done({ command: 'tend' });
  const ring = await rotation.keyRing.load();
  // A key whose id was copied is nobody's any more.
  return { isOver: life.isOver(), before, after, ring, rotation, other, nobodys: left };
}

/** How a run dies, and whether somebody then copies the tags of the key that it left behind. */
interface Death {
  readonly fate: MortalFate;
  readonly isCopied: boolean;
}

/** Our two tags, which anybody can read. */
const tagsOf = ({ registry }: TestRotation) => ({
  'countersign:registry': registry,
  'countersign:algorithm': 'ES256',
});

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

/** A key that entered the ring to be deleted, since a killed run had left it behind. */
const wasLeftBehind = ({ state, published_at, removed_at }: RingKey): boolean =>
  state === 'removed' && published_at === removed_at;

type Outcome = Awaited<ReturnType<typeof killed>>;

/** Nothing is lost, nothing is doubled, and nothing of ours is left behind. */
async function expectNoHarm(
  { before, after, ring, rotation }: Outcome,
  ends: CrashScenario['ends'],
) {
  // There is always exactly one key that signs, also right after a run has died.
  expect(activeKids(after).length).toBe(after.keys.length === 0 ? 0 : 1);
  if (before.keys.length > 0) expect(after.keys.length).toBeGreaterThan(0);
  const states = ring.keys.filter((key) => !wasLeftBehind(key)).map(({ state }) => state);
  expect(states).toEqual(ends);
  // The keys in KMS that can sign are those of the ring, and no others.
  const published = ring.keys.filter(isInKms).filter(({ state }) => state !== 'removed');
  expect(await usable(ring)).toEqual(published.map(({ key_id }) => key_id));
  // Whoever reads the revocation list learns of each key that was revoked.
  const noted = new Set((await rotation.noted()).map(({ id }) => id));
  const revoked = ring.keys.filter((key) => key.revoked).map(({ kid }) => kid);
  expect(revoked.filter((kid) => !noted.has(kid))).toEqual([]);
}

/** No key of somebody else was ever let in, or is to be deleted. */
async function expectOthersUntouched({ before, after, ring, rotation, other, nobodys }: Outcome) {
  const made = other.made();
  const all = [before, after, ring].flatMap(({ keys }) => keys);
  expect(all.filter(({ key_id }) => made.includes(key_id))).toEqual([]);
  expect(new Set(await other.states())).toEqual(new Set(['Enabled']));
  expect(await rotation.strangers(made)).toEqual(nobodys);
}

describe.for(crashScenarios)('$name', (scenario) => {
  test.for<Death>([
    { fate: 'die before', isCopied: false },
    { fate: 'die after', isCopied: true },
  ])(
    'a run may $fate any of its calls: it has done no harm, no key of others is touched, and the next runs end it (copied: $isCopied)',
    async (death) => {
      const deaths = { at: 1 };
      for (let isOver = true; isOver; deaths.at += 1) {
        const outcome = await killed(scenario, deaths.at, death);
        isOver = outcome.isOver;
        await expectNoHarm(outcome, scenario.ends).catch(at(deaths.at));
        await expectOthersUntouched(outcome).catch(at(deaths.at));
      }
      // The last run ended before it made as many calls: a run has been killed at each of them.
      expect(deaths.at).toBeGreaterThan(4);
    },
  );
});

/** Says at which call the run was killed. */
const at = (call: number) => (cause: unknown) => {
  throw new Error(`after a death at call ${call}`, { cause });
};
