import { describe, expect, test } from 'vitest';
import { publishLead } from '../../functions/oauth/key-times.ts';
import { day, startedAt, testDeployment } from './test-deployment.ts';

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
