import { CancelKeyDeletionCommand, EnableKeyCommand, type KeyMetadata } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { stranger } from './foreign-keys.ts';
import { interruptedRun } from './interrupted-run.ts';
import {
  activeOf,
  type Deployment,
  day,
  first,
  rotated,
  settings,
  testDeployment,
} from './test-deployment.ts';

/** Has a run killed right after KMS has made a key for it; gives the key. */
const leftBehind = (deployment: Deployment, event?: object): Promise<string> =>
  interruptedRun(deployment, deployment.services.kms, event && { event });

/** A deployment with an active key, and another that a killed rotation left behind. */
async function withOrphan() {
  const deployment = await testDeployment();
  await deployment.reconcile();
  const orphan = await leftBehind(deployment, { command: 'rotate' });
  return { ...deployment, orphan };
}

const plansOf = async ({ keyRing }: Deployment) => (await keyRing.load()).plans;
const strangersOf = async ({ done }: Deployment) => (await done({ command: 'list' })).strangers;

describe('a key that a killed run left behind', () => {
  test.for([0, 299, 300, 3000])(
    'never signs: a key that is needed is made, after %i s',
    async (seconds) => {
      const deployment = await testDeployment();
      const key_id = await leftBehind(deployment);
      expect(await plansOf(deployment)).toMatchObject([{ alg: 'RS256' }]);
      await deployment.later(seconds);
      const [active] = await deployment.keys();
      expect(active).toMatchObject({ state: 'active' });
      expect(active?.key_id).not.toBe(key_id);
      await deployment.later(300);
      expect(await deployment.keys()).toMatchObject([
        { state: 'active' },
        { key_id, state: 'removed', activated_at: undefined },
      ]);
      expect(await plansOf(deployment)).toEqual([]);
    },
  );

  test('is deleted once its run is surely over', async () => {
    const deployment = await withOrphan();
    await deployment.later(299);
    expect(await deployment.states()).toEqual(['active']);
    await deployment.later(1);
    expect(await deployment.keys()).toMatchObject([
      { state: 'active' },
      { key_id: deployment.orphan, state: 'removed' },
    ]);
    expect(await deployment.kmsStates()).toEqual(['Enabled', 'PendingDeletion']);
    expect(await strangersOf(deployment)).toEqual([]);
  });

  test('whose id somebody has copied is as little ours as the copy: both are let alone, and named', async () => {
    const deployment = await withOrphan();
    const other = stranger(deployment.services);
    const copy = await other.makes(await other.readsTags(deployment.orphan), 'RSA_2048');
    await deployment.later(300);
    await deployment.done({ command: 'rotate', now: true });
    await deployment.later(day);
    expect(await deployment.states()).toEqual(['retired', 'active']);
    expect(await deployment.kmsStates()).toEqual(['Enabled', 'Enabled', 'Enabled', 'Enabled']);
    const strangers = await strangersOf(deployment);
    expect(strangers?.map(({ key_id }) => key_id).toSorted()).toEqual(
      [deployment.orphan, copy].toSorted(),
    );
  });

  const strange: Readonly<Record<string, Partial<KeyMetadata>>> = {
    'is for encryption': { KeyUsage: 'ENCRYPT_DECRYPT' },
    'has a private half that came from elsewhere': { Origin: 'EXTERNAL' },
    'is in a key store of CloudHSM': { Origin: 'AWS_CLOUDHSM' },
    'is in a key store elsewhere': { Origin: 'EXTERNAL_KEY_STORE' },
    'may be in other Regions': { MultiRegion: true },
    'is of another kind than its tag says': { KeySpec: 'ECC_NIST_P256' },
    'was made before its plan': { CreationDate: new Date(1_699_999_000_000) },
    'was made when its run was over': { CreationDate: new Date(1_700_000_301_000) },
    'is disabled': { KeyState: 'Disabled' },
  };
  test.for(Object.entries(strange))('is none of ours if it %s', async ([, metadata]) => {
    const deployment = await withOrphan();
    const { middlewareStack } = deployment.services.kms;
    middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { KeyMetadata } = result.output as { KeyMetadata?: KeyMetadata };
        if (KeyMetadata?.KeyId === deployment.orphan) Object.assign(KeyMetadata, metadata);
        return result;
      },
      { step: 'initialize', name: 'strange' },
    );
    await deployment.later(700);
    await deployment.done({ command: 'rotate', now: true });
    expect(await deployment.states()).toEqual(['retired', 'active']);
    expect(await strangersOf(deployment)).toEqual([
      { key_id: deployment.orphan, reason: 'it is not as it was planned' },
    ]);
    middlewareStack.remove('strange');
    expect((await deployment.kmsStates())[1]).toBe('Enabled');
  });

  test('a key whose deletion somebody called off is never taken for one, however old', async () => {
    const deployment = await rotated();
    const revoked = await first(deployment);
    await deployment.done({ command: 'revoke', kid: revoked.kid });
    const { kms } = deployment.services;
    await kms.send(new CancelKeyDeletionCommand({ KeyId: revoked.key_id }));
    await kms.send(new EnableKeyCommand({ KeyId: revoked.key_id }));
    await deployment.later(45 * day);
    expect(await deployment.states()).toEqual(['removed', 'active']);
    const [active] = await activeOf(deployment);
    await deployment.disable(String(active?.key_id));
    await deployment.reconcile();
    expect((await activeOf(deployment)).map(({ kid }) => kid)).not.toContain(revoked.kid);
  });
});

describe('a plan whose key never came', () => {
  test('is given up after an hour; a key that comes later is none of ours', async () => {
    const deployment = await testDeployment();
    await deployment.reconcile();
    const event = { command: 'rotate' };
    expect(await interruptedRun(deployment, deployment.services.kms, { at: 'before', event })).toBe(
      '',
    );
    await deployment.later(3599);
    expect(await plansOf(deployment)).toHaveLength(1);
    await deployment.later(1);
    expect(await plansOf(deployment)).toEqual([]);
    expect(await deployment.states()).toEqual(['active']);
  });

  test('holds nobody up: whoever needs a key makes a plan of his own', async () => {
    const deployment = await testDeployment();
    await interruptedRun(deployment, deployment.services.kms, { at: 'before' });
    await deployment.reconcile();
    expect(await deployment.states()).toEqual(['active']);
    expect(await plansOf(deployment)).toHaveLength(1);
  });

  test("is its run's alone: of many runs at once one makes the key that signs, and no key is left", async () => {
    const deployment = await testDeployment({ settings: { ...settings, alg: 'ES256' } });
    const runs = [1, 2, 3, 4].map(() => deployment.with({ alg: 'ES256' }));
    await Promise.all(runs.map((run) => run.done({ command: 'tend' })));
    expect(await activeOf(deployment)).toHaveLength(1);
    await deployment.later(300);
    expect(await plansOf(deployment)).toEqual([]);
    expect(await activeOf(deployment)).toHaveLength(1);
    const states = await deployment.kmsStates();
    expect(states.filter((state) => state === 'Enabled')).toHaveLength(1);
    expect(await strangersOf(deployment)).toEqual([]);
  });

  test('does not pile up while KMS makes no keys', async () => {
    const deployment = await testDeployment();
    for (let run = 0; run < 40; run += 1) {
      deployment.clock.now += 300;
      await interruptedRun(deployment, deployment.services.kms, { at: 'before' });
    }
    expect((await plansOf(deployment))?.length).toBeLessThanOrEqual(13);
  });
});
