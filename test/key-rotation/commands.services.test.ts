import { describe, expect, test } from 'vitest';
import { publishLead, retention } from '../../functions/oauth/key-times.ts';
import { day, startedAt, testDeployment } from './test-deployment.ts';

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
      strangers: [],
      strangers_left_out: 0,
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
    expect(await command({ command: 'list' })).toEqual({
      outcome: 'done',
      keys: [],
      strangers: [],
      strangers_left_out: 0,
    });
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
