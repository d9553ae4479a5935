import { describe, expect, test } from 'vitest';
import { publishLead, retention } from '../../functions/oauth/key-times.ts';
import { roles } from '../support/key-rotation.ts';
import { deny, failing, onEs256, rotatedAtOnce } from './denied-calls.ts';
import { stranger } from './foreign-keys.ts';
import { interruptedRun } from './interrupted-run.ts';
import { type Deployment, day, first } from './test-deployment.ts';

/** KMS refuses one thing for good. All else is done, and each run fails, so that the alarm stays on. */

const another = 'arn:aws:iam::111122223333:role/another';

/** Whether the keys of the ring, in the order in which they came, are to be deleted. */
const deletions = async ({ keys }: Deployment) =>
  (await keys()).map(({ deletes_at }) => deletes_at !== undefined);

describe('a key that KMS does not delete', () => {
  test('keeps none after it from being deleted: not one that is revoked', async () => {
    const deployment = await rotatedAtOnce();
    const [stuck] = await deployment.keys();
    deny(deployment, 'ScheduleKeyDeletionCommand', stuck?.key_id);
    await failing(deployment.later(retention));
    await deployment.done({ command: 'rotate', now: true });
    const kid = (await deployment.keys())[1]?.kid;
    await deployment.done({ command: 'revoke', kid });
    expect(await deployment.states()).toEqual(['removed', 'removed', 'active']);
    expect(await deletions(deployment)).toEqual([false, true, false]);
    expect(await deployment.kmsStates()).toEqual(['Enabled', 'PendingDeletion', 'Enabled']);
    expect(deployment.audited).toContainEqual({
      outcome: 'failed',
      step: 'delete',
      kid: stuck?.kid,
      key_id: stuck?.key_id,
      reason: 'AccessDeniedException: denied',
    });
  });

  test('is tried again by each run, until KMS does it', async () => {
    const deployment = await rotatedAtOnce();
    const { key_id } = await first(deployment);
    deny(deployment, 'ScheduleKeyDeletionCommand', key_id);
    await failing(deployment.later(retention));
    await failing(deployment.later(300));
    expect(deployment.audited.filter(({ step }) => step === 'delete')).toHaveLength(2);
  });

  test('does not keep what KMS has deleted in the ring', async () => {
    const deployment = await rotatedAtOnce();
    await deployment.later(retention);
    await deployment.done({ command: 'rotate', now: true });
    const [gone, stuck] = await deployment.keys();
    deny(deployment, 'ScheduleKeyDeletionCommand', stuck?.key_id);
    await failing(deployment.later(retention));
    await failing(deployment.later(31 * day));
    const kids = (await deployment.keys()).map(({ kid }) => kid);
    expect(kids).toContain(stuck?.kid);
    expect(kids).not.toContain(gone?.kid);
  });
});

describe('where KMS deletes no key at all', () => {
  async function undeletable() {
    const deployment = await rotatedAtOnce();
    deny(deployment, 'ScheduleKeyDeletionCommand');
    await failing(deployment.later(retention));
    return deployment;
  }

  test('a run says of how many steps, and the log of each', async () => {
    const deployment = await undeletable();
    await deployment.done({ command: 'rotate', now: true });
    const message = '2 steps have failed, the first with AccessDeniedException: denied';
    await failing(deployment.later(retention), message);
    expect(deployment.audited.at(-1)).toEqual({ outcome: 'failed', reason: `Error: ${message}` });
    const stuck = (await deployment.keys()).slice(0, 2).map(({ kid }) => kid);
    const logged = deployment.audited.slice(-3, -1);
    expect(logged).toMatchObject(stuck.map((kid) => ({ outcome: 'failed', step: 'delete', kid })));
  });

  test('the policies name another role of the token function', async () => {
    const deployment = await undeletable();
    await failing(deployment.with({ alg: 'ES256', tokenRole: another }).done({ command: 'tend' }));
    expect(await deployment.keys()).toMatchObject([{}, { state: 'active', token_role: another }]);
  });

  test('a key that was left behind is taken in, and a plan without a key is given up', async () => {
    const deployment = await undeletable();
    const { kms } = deployment.services;
    const event = { command: 'rotate' };
    const key_id = await interruptedRun(deployment, kms, { event });
    await interruptedRun(deployment, kms, { at: 'before', event });
    await failing(deployment.later(3600));
    expect((await deployment.keys()).at(-1)).toMatchObject({ key_id, state: 'removed' });
    expect((await deployment.keyRing.load()).plans).toEqual([]);
  });

  test('keys of others are named in the log', async () => {
    const deployment = await undeletable();
    const tags = { 'countersign:registry': 'registry', 'countersign:algorithm': 'ES256' };
    const key_id = await stranger(deployment.services).makes(tags);
    await failing(deployment.later(300));
    expect(deployment.audited).toContainEqual(
      expect.objectContaining({ outcome: 'stranger', key_id }),
    );
  });

  test('a hundred of them do not use up the steps of a run', async () => {
    const deployment = await undeletable();
    const stuck = await first(deployment);
    const copy = (kid: string) => ({ ...stuck, kid, key_id: kid, jwk: { ...stuck.jwk, kid } });
    await deployment.corrupt((keys) => [
      ...Array.from({ length: 100 }, (_, index) => copy(`stuck-${index}`)),
      ...keys,
    ]);
    await failing(deployment.later(300), '101 steps have failed');
  });
});

describe('of what else KMS refuses', () => {
  test('a policy for one key does not keep the one that signs from getting its own', async () => {
    const deployment = await rotatedAtOnce();
    const { key_id } = await first(deployment);
    deny(deployment, 'PutKeyPolicyCommand', key_id);
    const after = deployment.with({ alg: 'ES256', tokenRole: another });
    await failing(after.done({ command: 'tend' }));
    expect(await deployment.keys()).toMatchObject([
      { state: 'retired', token_role: roles.token },
      { state: 'active', token_role: another },
    ]);
  });

  test('the public key of one that was left behind does not keep another from being taken in', async () => {
    const deployment = await onEs256();
    const { kms } = deployment.services;
    const event = { command: 'rotate' };
    const taken = await interruptedRun(deployment, kms, { event });
    deployment.clock.now += 1;
    const stuck = await interruptedRun(deployment, kms, { event });
    deny(deployment, 'GetPublicKeyCommand', stuck);
    await failing(deployment.later(300));
    expect(await deployment.keys()).toMatchObject([
      { state: 'active' },
      { key_id: taken, state: 'removed', deletes_at: expect.any(Number) },
    ]);
    expect(deployment.audited).toContainEqual({
      outcome: 'failed',
      step: 'enter',
      key_id: stuck,
      reason: 'AccessDeniedException: denied',
    });
  });

  test('a new key does not keep a rotation that is due from removing and deleting the old ones', async () => {
    const deployment = await rotatedAtOnce();
    deny(deployment, 'CreateKeyCommand');
    const after = deployment.with({ alg: 'ES256', tokenRole: another });
    deployment.clock.now += 90 * day;
    await failing(after.done({ command: 'tend' }));
    expect(await deployment.keys()).toMatchObject([
      { state: 'removed', deletes_at: expect.any(Number) },
      { state: 'active', token_role: another },
    ]);
  });

  test('nor does it keep a key that is of the wrong family from giving the new role its policy', async () => {
    const deployment = await onEs256();
    deny(deployment, 'CreateKeyCommand');
    await failing(deployment.with({ alg: 'PS256', tokenRole: another }).done({ command: 'tend' }));
    // And no key of another family is published beside it.
    expect(await deployment.keys()).toMatchObject([{ state: 'active', token_role: another }]);
  });

  test('a key that the run has made, and not let in yet, is not deleted for it', async () => {
    const deployment = await onEs256();
    const made: string[] = [];
    deployment.services.kms.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === 'GetPublicKeyCommand' && made.length === 0) {
            made.push(String((args.input as { KeyId?: string }).KeyId));
            throw new Error('denied');
          }
          return next(args);
        },
      { step: 'initialize' },
    );
    await failing(deployment.later(90 * day));
    expect(made).toHaveLength(1);
    expect(await deployment.states()).toEqual(['active']);
    await deployment.later(publishLead);
    expect(await deployment.states()).toEqual(['active', 'pending', 'removed']);
  });
});
