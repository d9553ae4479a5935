import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from 'vitest';
import type { RingKey } from '../../functions/oauth/key-ring.ts';
import { retention } from '../../functions/oauth/key-times.ts';
import {
  activeOf,
  type Deployment,
  day,
  first,
  rotated,
  settings,
  testDeployment,
} from './test-deployment.ts';

/** A deployment whose second key is waiting for its time. */
async function waiting(): Promise<Deployment> {
  const deployment = await testDeployment();
  await deployment.reconcile();
  await deployment.later(90 * day);
  return deployment;
}

const inState = (state: RingKey['state']) => (keys: readonly RingKey[]) =>
  keys.map((key) => ({ ...key, state }));

describe('a ring without exactly one active key', () => {
  test('two: the one that began to sign last goes on, the other is retired', async () => {
    const deployment = await rotated();
    await deployment.corrupt(inState('active'));
    await deployment.reconcile();
    expect(await deployment.states()).toEqual(['retired', 'active']);
  });

  test('none, and a retired one: it signs again, since every verifier knows it, and the next one is made', async () => {
    const deployment = await testDeployment();
    await deployment.reconcile();
    await deployment.corrupt(inState('retired'));
    await deployment.reconcile();
    expect(await deployment.states()).toEqual(['active']);
  });

  test('none, and a pending one: it signs before its time', async () => {
    const deployment = await testDeployment();
    await deployment.reconcile();
    await deployment.corrupt(inState('pending'));
    await deployment.reconcile();
    expect(await deployment.states()).toEqual(['active']);
  });

  test('none at all: a new one is made, and signs at once', async () => {
    const deployment = await testDeployment();
    await deployment.reconcile();
    await deployment.corrupt(inState('removed'));
    await deployment.reconcile();
    expect(await deployment.states()).toEqual(['removed', 'active']);
    expect(await deployment.kmsStates()).toEqual(['PendingDeletion', 'Enabled']);
  });

  test('two pending ones: the first stays, the other goes, having never signed', async () => {
    const deployment = await rotated();
    await deployment.done({ command: 'rotate' });
    await deployment.corrupt((keys) =>
      keys.map((key, index) => ({
        ...key,
        ...(index === 0 && { state: 'pending', published_at: deployment.clock.now }),
      })),
    );
    expect(await deployment.states()).toEqual(['pending', 'active', 'pending']);
    await deployment.reconcile();
    expect(await deployment.states()).toEqual(['pending', 'active', 'removed']);
  });
});

describe('an active key that KMS cannot sign with', () => {
  const troubles = {
    disabled: ({ disable }: Deployment, KeyId: string) => disable(KeyId),
    'to be deleted': ({ services: { kms } }: Deployment, KeyId: string) =>
      kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 })),
    gone: async ({ services: { kms }, clock }: Deployment, KeyId: string) => {
      await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
      clock.now += 7 * day;
    },
  };

  test.for(Object.entries(troubles))(
    '%s: the one before takes its place, and a new one is on its way',
    async ([, trouble]) => {
      const deployment = await rotated();
      const [active] = await activeOf(deployment);
      await trouble(deployment, String(active?.key_id));
      await deployment.reconcile();
      expect((await activeOf(deployment)).map(({ kid }) => kid)).not.toContain(active?.kid);
      expect((await deployment.states()).filter((state) => state === 'active')).toHaveLength(1);
      expect(await deployment.states()).toContain('pending');
    },
  );

  test.for(Object.entries(troubles))('%s: the next one takes its place', async ([, trouble]) => {
    const deployment = await waiting();
    await trouble(deployment, (await first(deployment)).key_id);
    await deployment.reconcile();
    expect((await deployment.states()).slice(0, 2)).toEqual(['retired', 'active']);
  });

  test.for(Object.entries(troubles))(
    '%s, and the only one: a new one does',
    async ([, trouble]) => {
      const deployment = await testDeployment();
      await deployment.reconcile();
      await trouble(deployment, (await first(deployment)).key_id);
      await deployment.reconcile();
      expect(await deployment.states()).toEqual(['retired', 'active']);
    },
  );

  test('with ten published and none that works: a new one signs, in the place of the oldest', async () => {
    const deployment = await testDeployment({ settings: { ...settings, alg: 'ES256' } });
    await deployment.reconcile();
    for (let count = 1; count < 10; count += 1) {
      deployment.clock.now += 60;
      await deployment.done({ command: 'rotate', now: true });
    }
    for (const { key_id } of await deployment.keys()) await deployment.disable(key_id);
    await deployment.reconcile();
    const states = await deployment.states();
    expect(states).toEqual(['removed', ...Array(9).fill('retired'), 'active']);
  });

  test('what it has signed stays verifiable: it is published for as long as any other', async () => {
    const deployment = await testDeployment();
    await deployment.reconcile();
    await deployment.disable((await first(deployment)).key_id);
    await deployment.reconcile();
    await deployment.later(retention - 1);
    expect(await deployment.states()).toEqual(['retired', 'active']);
  });

  test('a pending one that is disabled is replaced before its time comes', async () => {
    const deployment = await waiting();
    const [, pending] = await deployment.keys();
    await deployment.disable(String(pending?.key_id));
    await deployment.reconcile();
    expect(await deployment.states()).toEqual(['active', 'removed', 'pending']);
  });
});

describe('the rest raises the alarm: the run fails, and changes nothing', () => {
  test('a ring that we did not write', async () => {
    const { reconcile, services, table, audited } = await testDeployment();
    await reconcile();
    const Item = marshall({ pk: 'signing-keys', revision: 7, keys: 'none' });
    await services.dynamodb.send(new PutItemCommand({ TableName: table, Item }));
    await expect(reconcile()).rejects.toThrow('registry item signing-keys: malformed keys');
    expect(audited.at(-1)).toMatchObject({ outcome: 'failed' });
  });

  test('a ring that was deleted is made anew, with a new key: the old ones are let alone', async () => {
    const { reconcile, later, services, table, keys, kmsStates, done } = await testDeployment();
    await reconcile();
    const [before] = await keys();
    const Key = marshall({ pk: 'signing-keys' });
    await services.dynamodb.send(new DeleteItemCommand({ TableName: table, Key }));
    await reconcile();
    await later(day);
    const [after, ...others] = await keys();
    expect(after).toMatchObject({ state: 'active' });
    expect(after?.kid).not.toBe(before?.kid);
    expect(others).toEqual([]);
    expect(await kmsStates()).toEqual(['Enabled', 'Enabled']);
    const { strangers } = await done({ command: 'list' });
    expect(strangers).toMatchObject([{ key_id: before?.key_id }]);
  });

  const throttled = () => () =>
    Promise.reject(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }));
  const refusing: Readonly<Record<string, (services: Deployment['services']) => void>> = {
    KMS: ({ kms }) => kms.middlewareStack.add(throttled, { step: 'initialize' }),
    'the tags': ({ tagging }) => tagging.middlewareStack.add(throttled, { step: 'initialize' }),
    'the registry': ({ dynamodb }) =>
      dynamodb.middlewareStack.add(throttled, { step: 'initialize' }),
  };
  test.for(Object.entries(refusing))('%s is busy', async ([, refuse]) => {
    const { reconcile, services } = await testDeployment();
    refuse(services);
    await expect(reconcile()).rejects.toThrow('ThrottlingException: slow down');
  });
});
