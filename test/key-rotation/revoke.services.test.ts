import { NotFoundException } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { publishLead, retention } from '../../functions/oauth/key-times.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import type { Revocation } from '../../functions/oauth/revocation.ts';
import type { TestRotation } from '../support/key-rotation.ts';
import { day, startedAt, testDeployment } from './test-deployment.ts';

const kidsByState = async ({ keys }: Awaited<ReturnType<typeof testDeployment>>) =>
  Object.fromEntries((await keys()).map(({ state, kid }) => [state, kid]));

describe('revoke', () => {
  test('a retired key leaves the JWK Set at once, and KMS is to delete it', async () => {
    const deployment = await testDeployment();
    await deployment.reconcile();
    await deployment.command({ command: 'rotate', now: true });
    const { retired, active } = await kidsByState(deployment);
    expect(await deployment.command({ command: 'revoke', kid: retired })).toMatchObject({
      outcome: 'done',
      kid: active,
    });
    expect(await deployment.keys()).toMatchObject([
      { state: 'removed', revoked: true, removed_at: startedAt },
      { state: 'active', revoked: false },
    ]);
    expect(deployment.audited.at(-1)).toEqual({
      command: 'revoke',
      outcome: 'done',
      kid: retired,
      active_kid: active,
    });
    expect(await deployment.kmsStates()).toEqual(['PendingDeletion', 'Enabled']);
  });

  test('the active key: the next one signs from the same write on', async () => {
    const deployment = await testDeployment();
    await deployment.reconcile();
    await deployment.command({ command: 'rotate' });
    const { active, pending } = await kidsByState(deployment);
    const before = await deployment.keyRing.load();
    const reply = await deployment.command({ command: 'revoke', kid: active });
    expect(reply).toMatchObject({ kid: pending, known_to_all_at: startedAt + publishLead });
    expect(await deployment.states()).toEqual(['removed', 'active']);
    // One write for both, one for the deletion in KMS.
    expect((await deployment.keyRing.load()).revision).toBe(before.revision + 2);
  });

  test('the active key: a retired one that all know is better than a next one that some do not', async () => {
    const deployment = await testDeployment();
    await deployment.reconcile();
    await deployment.later(90 * day);
    await deployment.later(publishLead);
    await deployment.command({ command: 'rotate' });
    const { retired, active } = await kidsByState(deployment);
    const reply = await deployment.command({ command: 'revoke', kid: active });
    expect(reply).toMatchObject({ kid: retired });
    expect(await deployment.states()).toEqual(['active', 'removed', 'pending']);
  });

  test('the last key is refused, and says how', async () => {
    const { reconcile, command, keys, keyRing } = await testDeployment();
    await reconcile();
    const ring = await keyRing.load();
    const [{ kid } = { kid: '' }] = await keys();
    expect(await command({ command: 'revoke', kid })).toEqual({
      outcome: 'refused',
      reason: `${kid} is the last key, without which no token could be issued: --replace makes a new one first`,
    });
    expect(await keyRing.load()).toEqual(ring);
  });

  test('the last key, to be replaced: a new one signs, and it is gone', async () => {
    const deployment = await testDeployment();
    await deployment.reconcile();
    const { active } = await kidsByState(deployment);
    const reply = await deployment.command({ command: 'revoke', kid: active, replace: true });
    expect(await deployment.states()).toEqual(['removed', 'active']);
    expect(reply).toMatchObject({ kid: (await kidsByState(deployment)).active });
    expect(await deployment.kmsStates()).toEqual(['PendingDeletion', 'Enabled']);
  });

  test('the last key, to be replaced, while KMS makes none: it fails, and nothing has changed', async () => {
    const { reconcile, command, keys, keyRing, services } = await testDeployment();
    await reconcile();
    const ring = await keyRing.load();
    const [{ kid } = { kid: '' }] = await keys();
    services.kms.middlewareStack.add(
      (next, { commandName }) =>
        (input) =>
          commandName === 'CreateKeyCommand'
            ? Promise.reject(new Error('no more keys'))
            : next(input),
      { step: 'initialize' },
    );
    await expect(command({ command: 'revoke', kid, replace: true })).rejects.toThrow(
      'no more keys',
    );
    expect((await keyRing.load()).keys).toEqual(ring.keys);
  });

  test('a revocation holds though KMS does not take the order to delete', async () => {
    const { reconcile, command, keys, services, states, audited } = await testDeployment();
    await reconcile();
    await command({ command: 'rotate', now: true });
    const [{ kid } = { kid: '' }] = await keys();
    services.kms.middlewareStack.add(
      (next, { commandName }) =>
        (input) =>
          commandName === 'ScheduleKeyDeletionCommand'
            ? Promise.reject(new Error('busy'))
            : next(input),
      { step: 'initialize', name: 'busy' },
    );
    expect(await command({ command: 'revoke', kid })).toMatchObject({ outcome: 'done' });
    expect(audited).toContainEqual({ outcome: 'failed', reason: 'Error: busy' });
    // A key that cannot be deleted does not prevent a rotation either.
    expect(await command({ command: 'rotate', now: true })).toMatchObject({ outcome: 'done' });
    services.kms.middlewareStack.remove('busy');
    await reconcile();
    expect(await states()).toEqual(['removed', 'retired', 'active']);
    expect((await keys())[0]?.deletes_at).toBeDefined();
  });

  test('a young key that KMS does not know everywhere yet is deleted later, and not forgotten', async () => {
    const { reconcile, later, command, keys, services, audited, kmsStates } =
      await testDeployment();
    await reconcile();
    await command({ command: 'rotate', now: true });
    const [{ kid, key_id } = { kid: '', key_id: '' }] = await keys();
    services.kms.middlewareStack.add(
      (next) => (input) => {
        const { KeyId } = { KeyId: '', ...input.input };
        if (KeyId !== key_id) return next(input);
        const fault = { message: 'no such key', $metadata: {} };
        return Promise.reject(new NotFoundException(fault));
      },
      { step: 'initialize', name: 'slow' },
    );
    expect(await command({ command: 'revoke', kid })).toMatchObject({ outcome: 'done' });
    expect(audited.map(({ reason }) => reason)).toContainEqual(
      `Error: KMS does not know the key ${kid} yet, which is to be deleted`,
    );
    expect((await keys())[0]?.deletes_at).toBeUndefined();
    services.kms.middlewareStack.remove('slow');
    await later(299);
    expect((await keys())[0]?.deletes_at).toBeDefined();
    expect(await kmsStates()).toEqual(['PendingDeletion', 'Enabled']);
  });

  test.for([
    ['an unknown key', 'A'.repeat(43), 'there is no key AAA'],
    ['one that was removed', '', 'is off the JWK Set already, since 2023-11-14T22:13:20Z'],
  ] as const)('%s is refused', async ([, named, reason]) => {
    const { reconcile, command, keys } = await testDeployment();
    await reconcile();
    await command({ command: 'rotate', now: true });
    const [{ kid } = { kid: '' }] = await keys();
    await command({ command: 'revoke', kid });
    const reply = await command({ command: 'revoke', kid: named || kid });
    expect(reply).toEqual({ outcome: 'refused', reason: expect.stringContaining(reason) });
  });
});

describe('I13 a revoked key is noted for the revocation list', () => {
  const failing = (
    what: { fails: boolean },
    { revocations }: Pick<TestRotation, 'revocations'>,
  ) => ({
    note: async (revocation: Revocation) => {
      if (what.fails) throw unavailable(new Error('the table is throttled'));
      await revocations.note(revocation);
    },
  });

  /** A deployment with a retired and an active key. */
  async function withTwo(special: Parameters<typeof testDeployment>[0] = {}) {
    const deployment = await testDeployment(special);
    await deployment.reconcile();
    await deployment.command({ command: 'rotate', now: true });
    const { retired: kid = '' } = await kidsByState(deployment);
    return { ...deployment, kid };
  }

  test('from the write of the ring on, until no token of it is alive, and once', async () => {
    const { command, noted, later, reconcile, kid } = await withTwo();
    expect(await noted()).toEqual([]);
    await command({ command: 'revoke', kid });
    const revocation = { kind: 'key', id: kid, revoked_at: startedAt };
    expect(await noted()).toMatchObject([{ ...revocation, expires_at: startedAt + retention }]);
    await later(300);
    await command({ command: 'revoke', kid });
    await reconcile();
    expect(await noted()).toMatchObject([{ ...revocation, expires_at: startedAt + retention }]);
  });

  test('a key that was retired and removed by itself is no revoked one', async () => {
    const { later, noted, states } = await withTwo();
    await later(retention);
    expect(await states()).toEqual(['removed', 'active']);
    expect(await noted()).toEqual([]);
  });

  test('where that fails the command fails and says what holds, and the next run does it', async () => {
    const what = { fails: true };
    const other = await testDeployment();
    const { command, noted, later, states, audited, kid } = await withTwo({
      revocations: failing(what, other),
    });
    const sentence =
      'a revoked key is off the JWK Set, but could not be noted for the revocation list, which the next run does, within five minutes: Error: the table is throttled';
    await expect(command({ command: 'revoke', kid })).rejects.toThrow(sentence);
    expect(await states()).toEqual(['removed', 'active']);
    expect(audited.at(-1)).toEqual({ outcome: 'failed', reason: `Error: ${sentence}` });
    // The runs fail, which sets off the alarm, and do the rest all the same.
    await expect(later(300)).rejects.toThrow(sentence);
    await expect(command({ command: 'revoke', kid })).rejects.toThrow(sentence);
    what.fails = false;
    await later(300);
    expect(await noted()).toEqual([]);
    // As late as it is, whoever reads what is new finds it.
    expect(await other.noted()).toMatchObject([
      { id: kid, revoked_at: startedAt + 600, expires_at: startedAt + retention },
    ]);
  });

  test('what else fails in the same run is told, and not hidden', async () => {
    const { command, later, audited, services, kid } = await withTwo({
      revocations: { note: () => Promise.reject(unavailable(new Error('no table'))) },
    });
    await expect(command({ command: 'revoke', kid })).rejects.toThrow('no table');
    services.kms.middlewareStack.add(() => () => Promise.reject(new Error('KMS is away')), {
      step: 'initialize',
    });
    await expect(later(300)).rejects.toThrow('KMS is away');
    expect(audited.at(-2)?.reason).toMatch(/could not be noted .*: Error: no table$/);
    expect(audited.at(-1)).toEqual({ outcome: 'failed', reason: 'Error: KMS is away' });
  });
});
