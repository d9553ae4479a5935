import { ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { stranger } from './foreign-keys.ts';
import { interruptedRun } from './interrupted-run.ts';
import { activeOf, type Deployment, day, settings, testDeployment } from './test-deployment.ts';

/** Somebody else makes a key and tags it as ours. Whatever happens, it is let alone. */

const two = { 'countersign:registry': 'registry', 'countersign:algorithm': 'ES256' };
/** Keys of a curve are made much faster than those of RSA. */
const onEs256 = () => testDeployment({ settings: { ...settings, alg: 'ES256' } });

type Tags = Readonly<Record<string, string>>;

/** What he tags his key with. */
const foreign: Readonly<Record<string, (deployment: Deployment) => Promise<Tags> | Tags>> = {
  'our two tags': () => two,
  'our two tags, for an algorithm of another key': () => ({
    ...two,
    'countersign:algorithm': 'ES384',
  }),
  'our two tags, for an algorithm that is none of ours': () => ({
    ...two,
    'countersign:algorithm': 'HS256',
  }),
  'an id that he made up': () => ({ ...two, 'countersign:plan': 'a'.repeat(43) }),
  'an empty id': () => ({ ...two, 'countersign:plan': '' }),
  'the tags of the active key': async (deployment) => {
    const [active] = await activeOf(deployment);
    return stranger(deployment.services).readsTags(String(active?.key_id));
  },
  'the tags of a key that a killed run has left behind': async (deployment) => {
    const { kms } = deployment.services;
    const left = await interruptedRun(deployment, kms, { event: { command: 'rotate' } });
    return stranger(deployment.services).readsTags(left);
  },
  'what the ring tells of a plan': async ({ command, keyRing, services }) => {
    const event = { command: 'rotate' };
    await interruptedRun({ command }, services.kms, { at: 'before', event });
    const [plan] = (await keyRing.load()).plans ?? [];
    return { ...two, 'countersign:plan': String(plan?.id_hash) };
  },
};

/** What may happen to the deployment then. */
const happenings: Readonly<Record<string, (deployment: Deployment) => Promise<unknown>>> = {
  'time passes': ({ later }) => later(0),
  'a rotation is due': ({ later }) => later(90 * day),
  'a rotation is asked for': ({ done }) => done({ command: 'rotate' }),
  'a rotation is asked for, at once': ({ done }) => done({ command: 'rotate', now: true }),
  'the active key is revoked': async (deployment) => {
    const [active] = await activeOf(deployment);
    return deployment.done({ command: 'revoke', kid: active?.kid, replace: true });
  },
  'the active key is disabled': async (deployment) => {
    const [active] = await activeOf(deployment);
    await deployment.disable(String(active?.key_id));
    return deployment.reconcile();
  },
  'another algorithm is deployed': (deployment) =>
    deployment.with({ alg: 'ES384' }).done({ command: 'tend' }),
};

describe.for(Object.entries(foreign))('a key of somebody else with %s', ([, tags]) => {
  test.for(Object.entries(happenings))('is let alone: %s', async ([, happens]) => {
    const deployment = await onEs256();
    await deployment.reconcile();
    const other = stranger(deployment.services);
    const chosen = await tags(deployment);
    const isForEs384 = chosen['countersign:algorithm'] === 'ES384';
    await other.makes(chosen, isForEs384 ? 'ECC_NIST_P384' : 'ECC_NIST_P256');
    const seen = new Set<string>();
    for (const seconds of [0, 60, 300, 3600, day]) {
      deployment.clock.now += seconds;
      // A rotation may be under way.
      await happens(deployment).catch(({ message }) => expect(message).toMatch(/^a rotation is/));
      for (const { key_id } of await deployment.keys()) seen.add(key_id);
    }
    expect(seen.size).toBeGreaterThan(0);
    expect(other.made().filter((key_id) => seen.has(key_id))).toEqual([]);
    expect(await other.states()).toEqual(['Enabled']);
  });
});

describe('of a key with our tags that is none of ours', () => {
  test('the operator is told, each time, in the log and by `list`', async () => {
    const deployment = await onEs256();
    await deployment.reconcile();
    const key_id = await stranger(deployment.services).makes(two);
    await deployment.later(299);
    expect(deployment.audited.filter(({ outcome }) => outcome === 'stranger')).toEqual([]);
    await deployment.later(1);
    const reason = 'no plan of ours has the id in its tag';
    expect(deployment.audited).toContainEqual({ outcome: 'stranger', key_id, reason });
    expect(await deployment.done({ command: 'list' })).toMatchObject({
      strangers: [{ key_id, reason }],
    });
  });

  test.for([
    ['of another deployment', { ...two, 'countersign:registry': 'other' }],
    ['without tags', {}],
    ['with the tag of a wrapping key alone', { 'countersign:registry': 'registry' }],
  ] as const)('a key %s is not one', async ([, tags]) => {
    const deployment = await onEs256();
    await deployment.reconcile();
    await stranger(deployment.services).makes(tags);
    await deployment.later(day);
    expect(await deployment.done({ command: 'list' })).toMatchObject({ strangers: [] });
  });

  test('nor is one that is to be deleted', async () => {
    const deployment = await onEs256();
    await deployment.reconcile();
    const { kms } = deployment.services;
    const KeyId = await stranger(deployment.services).makes(two);
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId }));
    await deployment.later(day);
    expect(await deployment.done({ command: 'list' })).toMatchObject({ strangers: [] });
  });

  test('no more than a few are looked at, however many there are, and our own in any case', async () => {
    const deployment = await onEs256();
    await deployment.reconcile();
    const { kms } = deployment.services;
    const other = stranger(deployment.services);
    for (let count = 0; count < 50; count += 1) await other.makes(two);
    const left = await interruptedRun(deployment, kms, { event: { command: 'rotate' } });
    const calls: string[] = [];
    kms.middlewareStack.add(
      (next, { commandName }) =>
        (input) => {
          calls.push(String(commandName));
          return next(input);
        },
      { step: 'initialize' },
    );
    deployment.clock.now += 300;
    const { strangers, strangers_left_out } = await deployment.done({ command: 'list' });
    expect(strangers).toHaveLength(20);
    expect(strangers_left_out).toBe(30);
    // The active key, the one that was left behind, and these.
    expect(calls.filter((call) => call === 'DescribeKeyCommand')).toHaveLength(22);
    await deployment.later(0);
    expect(await deployment.keys()).toMatchObject([
      { state: 'active' },
      { key_id: left, state: 'removed' },
    ]);
    expect(new Set(await other.states())).toEqual(new Set(['Enabled']));
  });

  describe('with many others of somebody', () => {
    async function crowded() {
      const deployment = await onEs256();
      await deployment.reconcile();
      const other = stranger(deployment.services);
      for (let count = 0; count < 30; count += 1) await other.makes(two);
      const { kms } = deployment.services;
      const leftBehind = () => interruptedRun(deployment, kms, { event: { command: 'rotate' } });
      const named = async () => {
        deployment.clock.now += 300;
        const { strangers = [] } = await deployment.done({ command: 'list' });
        return strangers.map(({ key_id }) => key_id);
      };
      return { deployment, other, leftBehind, named };
    }

    test('our own and its copy are named all the same, and the log says how many are not', async () => {
      const { deployment, other, leftBehind, named } = await crowded();
      const left = await leftBehind();
      const copy = await other.makes(await other.readsTags(left));
      expect(await named()).toEqual(expect.arrayContaining([left, copy]));
      deployment.audited.splice(0);
      await deployment.reconcile();
      const logged = deployment.audited.filter(({ outcome }) => outcome === 'stranger');
      expect(logged).toHaveLength(21);
      expect(logged.at(-1)).toEqual({
        outcome: 'stranger',
        reason: 'so many others with our tags were not looked at: 12',
      });
    });

    test('and though another of ours was copied many times', async () => {
      const { other, leftBehind, named } = await crowded();
      const tags = await other.readsTags(await leftBehind());
      for (let count = 0; count < 25; count += 1) await other.makes(tags);
      const left = await leftBehind();
      const copy = await other.makes(await other.readsTags(left));
      expect(await named()).toEqual(expect.arrayContaining([left, copy]));
    });

    test('and though the copy does not say what it is for', async () => {
      const { other, leftBehind, named } = await crowded();
      const left = await leftBehind();
      const { 'countersign:algorithm': _, ...tags } = await other.readsTags(left);
      const copy = await other.makes(tags);
      expect(await named()).toEqual(expect.arrayContaining([left, copy]));
    });
  });

  test('the ring is shown though KMS does not tell', async () => {
    const deployment = await onEs256();
    await deployment.reconcile();
    const busy = () => () => Promise.reject(new Error('busy'));
    deployment.services.tagging.middlewareStack.add(busy, { step: 'initialize' });
    const reply = await deployment.done({ command: 'list' });
    expect(reply.keys).toHaveLength(1);
    expect(reply.strangers).toBeUndefined();
  });
});
