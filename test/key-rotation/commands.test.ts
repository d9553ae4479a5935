import { NotFoundException } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { publishLead, retention } from '../../functions/oauth/key-times.ts';
import { day, startedAt, testDeployment } from './test-deployment.ts';

const kidsByState = async ({ keys }: Awaited<ReturnType<typeof testDeployment>>) =>
  Object.fromEntries((await keys()).map(({ state, kid }) => [state, kid]));

describe('list', () => {
  test('shows the keys, the newest first, without a public half, and what becomes of them', async () => {
    const { reconcile, later, command, keys } = await testDeployment();
    await reconcile();
    await later(90 * day);
    const [first, second] = await keys();
    const due = startedAt + 90 * day + publishLead;
    expect(await command({ command: 'list' })).toEqual({
      outcome: 'done',
      keys: [
        expect.objectContaining({ kid: second?.kid, next_change: { to: 'active', at: due } }),
        expect.objectContaining({ kid: first?.kid, next_change: { to: 'retired', at: due } }),
      ],
    });
    expect(JSON.stringify(await command({ command: 'list' }))).not.toContain('"jwk"');
  });

  test('says when a key is retired, removed and deleted', async () => {
    const { reconcile, later, command, keys } = await testDeployment();
    const next = async () => {
      const reply = await command({ command: 'list' });
      return reply.outcome === 'done' && reply.keys.map(({ next_change }) => next_change);
    };
    await reconcile();
    const retired = startedAt + 90 * day + publishLead;
    expect(await next()).toEqual([{ to: 'retired', at: retired }]);
    await later(90 * day);
    await later(publishLead);
    const [, removed] = [0, { to: 'removed', at: retired + retention }];
    expect(await next()).toEqual([
      { to: 'retired', at: retired + 90 * day + publishLead },
      removed,
    ]);
    await later(retention);
    const deleted = { to: 'deleted', at: (await keys())[0]?.deletes_at };
    expect(((await next()) || [])[1]).toEqual(deleted);
  });

  test('changes nothing, not even what is due', async () => {
    const { reconcile, command, clock, keyRing } = await testDeployment();
    await reconcile();
    const ring = await keyRing.load();
    clock.now += 100 * day;
    await command({ command: 'list' });
    expect(await keyRing.load()).toEqual(ring);
  });

  test('of a deployment that has none is empty', async () => {
    const { command } = await testDeployment();
    expect(await command({ command: 'list' })).toEqual({ outcome: 'done', keys: [] });
  });
});

describe('rotate', () => {
  test('starts the normal cycle before its time', async () => {
    const { reconcile, later, command, states, keys } = await testDeployment();
    await reconcile();
    const reply = await command({ command: 'rotate' });
    const [, pending] = await keys();
    expect(reply).toMatchObject({
      outcome: 'done',
      kid: pending?.kid,
      known_to_all_at: startedAt + publishLead,
    });
    expect(await states()).toEqual(['active', 'pending']);
    await later(publishLead);
    expect(await states()).toEqual(['retired', 'active']);
  });

  test('is refused while a rotation is under way, with the time of it', async () => {
    const { reconcile, command, keys, keyRing } = await testDeployment();
    await reconcile();
    await command({ command: 'rotate' });
    const ring = await keyRing.load();
    expect(await command({ command: 'rotate' })).toEqual({
      outcome: 'refused',
      reason: `a rotation is under way: ${(await keys())[1]?.kid} becomes active at 2023-11-15T00:28:20Z, or at once with --now`,
    });
    expect(await keyRing.load()).toEqual(ring);
  });

  test('now: the new key signs at once, the old one is published on', async () => {
    const { reconcile, command, states, keys } = await testDeployment();
    await reconcile();
    const reply = await command({ command: 'rotate', now: true });
    expect(await states()).toEqual(['retired', 'active']);
    expect(reply).toMatchObject({
      kid: (await keys())[1]?.kid,
      known_to_all_at: startedAt + publishLead,
    });
  });

  test('now: the key that is waiting signs at once, and no other is made', async () => {
    const { reconcile, later, command, states, keys } = await testDeployment();
    await reconcile();
    await later(90 * day);
    const reply = await command({ command: 'rotate', now: true });
    expect(await states()).toEqual(['retired', 'active']);
    expect(reply).toMatchObject({ kid: (await keys())[1]?.kid });
  });

  test('is refused while ten keys are published', async () => {
    const { reconcile, command, states } = await testDeployment();
    await reconcile();
    for (let count = 1; count < 10; count += 1) await command({ command: 'rotate', now: true });
    expect(await states()).toHaveLength(10);
    const refusal = {
      outcome: 'refused',
      reason:
        '10 keys are published, as many as may be: wait until one of them is removed, or revoke one',
    };
    expect(await command({ command: 'rotate', now: true })).toEqual(refusal);
    expect(await command({ command: 'rotate' })).toEqual(refusal);
  });
});

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
    expect(await keyRing.load()).toEqual(ring);
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
    // Nor does what cannot be deleted stand in the way of a rotation.
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

describe('an event that is no command', () => {
  test.for([
    [undefined],
    [null],
    ['tend'],
    [{}],
    [{ command: 'destroy' }],
    [{ command: 'toString' }],
    [{ command: 'rotate', now: 'yes' }],
    [{ command: 'revoke' }],
    [{ command: 'revoke', kid: 1 }],
    [{ RequestType: 'Create' }],
  ])('%j fails, and changes nothing', async ([event]) => {
    const { handler, keys, audited } = await testDeployment();
    await expect(handler(event)).rejects.toThrow('neither a command nor a request');
    expect(await keys()).toEqual([]);
    expect(audited).toMatchObject([{ outcome: 'failed' }]);
  });

  test.for([
    [{}, 'missing command'],
    [{ command: 'rotate', now: 'yes' }, 'malformed now'],
    [{ command: 'revoke', replace: 1 }, 'missing kid, malformed replace'],
  ] as const)('%j fails with what is wrong with it', async ([event, wrong]) => {
    const { handler } = await testDeployment();
    await expect(handler(event)).rejects.toThrow(
      `the event is neither a command nor a request of CloudFormation: ${wrong}`,
    );
  });
});
