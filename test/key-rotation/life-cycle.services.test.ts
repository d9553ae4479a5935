import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, test } from 'vitest';
import { publishLead, retention } from '../../functions/oauth/key-times.ts';
import { roles } from '../support/key-rotation.ts';
import { day, startedAt, testDeployment } from './test-deployment.ts';

describe('a new deployment', () => {
  test('has an active key after the first run, in the ring and in KMS with its tags', async () => {
    const { reconcile, keys, services, table, measured } = await testDeployment();
    await reconcile();
    const [key, ...others] = await keys();
    expect(others).toEqual([]);
    expect(key).toEqual({
      kid: await calculateJwkThumbprint(key?.jwk ?? {}),
      key_id: expect.any(String),
      custody: 'kms',
      wrapped_private_key: undefined,
      alg: 'RS256',
      jwk: {
        kty: 'RSA',
        use: 'sig',
        alg: 'RS256',
        kid: key?.kid,
        n: expect.any(String),
        e: 'AQAB',
      },
      state: 'active',
      published_at: startedAt,
      activated_at: startedAt,
      retired_at: undefined,
      removed_at: undefined,
      revoked: false,
      deletes_at: undefined,
      token_role: roles.token,
    });
    const { Tags } = await services.kms.send(new ListResourceTagsCommand({ KeyId: key?.key_id }));
    expect(Tags).toEqual([
      { TagKey: 'countersign:registry', TagValue: table },
      { TagKey: 'countersign:algorithm', TagValue: 'RS256' },
      // 256 random bits.
      { TagKey: 'countersign:plan', TagValue: expect.stringMatching(/^[\w-]{43}$/) },
    ]);
    expect(measured).toEqual([0]);
  });

  test('keeps the ring in one item of the registry', async () => {
    const { reconcile, services, table } = await testDeployment();
    await reconcile();
    const Key = { pk: { S: 'signing-keys' } };
    const { Item } = await services.dynamodb.send(new GetItemCommand({ TableName: table, Key }));
    expect(unmarshall(Item ?? {})).toMatchObject({
      revision: 2,
      plans: [],
      keys: [{ state: 'active' }],
    });
  });

  test('is left as it is by further runs', async () => {
    const { reconcile, keyRing, kmsStates } = await testDeployment();
    await reconcile();
    const ring = await keyRing.load();
    await reconcile();
    await reconcile();
    expect(await keyRing.load()).toEqual(ring);
    expect(await kmsStates()).toEqual(['Enabled']);
  });
});

describe('a rotation', () => {
  test('takes each step when it is due and not a second before', async () => {
    const { reconcile, later, states, kmsStates, clock, keys } = await testDeployment();
    await reconcile();
    await later(90 * day - 1);
    expect(await states()).toEqual(['active']);

    await later(1);
    expect(await states()).toEqual(['active', 'pending']);
    await later(publishLead - 1);
    expect(await states()).toEqual(['active', 'pending']);

    await later(1);
    expect(await states()).toEqual(['retired', 'active']);
    await later(retention - 1);
    expect(await states()).toEqual(['retired', 'active']);
    expect(await kmsStates()).toEqual(['Enabled', 'Enabled']);

    await later(1);
    expect(await states()).toEqual(['removed', 'active']);
    expect(await kmsStates()).toEqual(['PendingDeletion', 'Enabled']);
    expect((await keys())[0]?.deletes_at).toBe(clock.now + 30 * day);

    await later(30 * day);
    expect(await kmsStates()).toEqual(['Enabled']);
    await later(day);
    expect(await states()).toEqual(['active']);
  });

  test('notes the time of each change', async () => {
    const { reconcile, later, keys } = await testDeployment();
    await reconcile();
    await later(90 * day);
    await later(publishLead);
    await later(retention);
    const made = startedAt + 90 * day;
    expect(await keys()).toMatchObject([
      {
        published_at: startedAt,
        activated_at: startedAt,
        retired_at: made + publishLead,
        removed_at: made + publishLead + retention,
      },
      { published_at: made, activated_at: made + publishLead, retired_at: undefined },
    ]);
  });

  test('comes every so many days as the deployment says', async () => {
    const deployment = await testDeployment();
    await deployment.reconcile();
    const weekly = deployment.with({ rotationInterval: 7 * day });
    deployment.clock.now += 7 * day;
    await deployment.reconcile();
    expect(await deployment.states()).toEqual(['active']);
    await weekly.done({ command: 'tend' });
    expect(await deployment.states()).toEqual(['active', 'pending']);
  });

  test('that nobody drove for long is caught up with, a lead after the other', async () => {
    const { reconcile, later, states, measured } = await testDeployment();
    await reconcile();
    await later(400 * day);
    expect(await states()).toEqual(['active', 'pending']);
    await later(publishLead);
    expect(await states()).toEqual(['retired', 'active']);
    expect(measured.at(-1)).toBe(0);
  });

  test('leaves one line in the log for each change of a key', async () => {
    const { reconcile, later, audited, keys } = await testDeployment();
    await reconcile();
    await later(90 * day);
    await later(publishLead);
    const [first, second] = await keys();
    const line = { outcome: 'changed', alg: 'RS256' };
    expect(audited.filter(({ outcome }) => outcome === 'changed')).toEqual([
      expect.objectContaining({ ...line, kid: first?.kid, from: undefined, to: 'active' }),
      expect.objectContaining({ ...line, kid: second?.kid, from: undefined, to: 'pending' }),
      expect.objectContaining({ ...line, kid: first?.kid, from: 'active', to: 'retired' }),
      expect.objectContaining({ ...line, kid: second?.kid, from: 'pending', to: 'active' }),
    ]);
    for (const { reason } of audited.slice(0, 1)) expect(reason).toBe('the first key');
  });
});

describe('what is late is measured', () => {
  test('from when it was due', async () => {
    const { reconcile, clock, command, measured, services } = await testDeployment();
    await reconcile();
    clock.now += 90 * day + publishLead + 3 * 3600;
    services.kms.middlewareStack.add(() => () => Promise.reject(new Error('KMS is down')), {
      step: 'initialize',
    });
    await expect(command({ command: 'tend' })).rejects.toThrow('KMS is down');
    expect(measured).toEqual([0, 3 * 3600]);
  });
});
