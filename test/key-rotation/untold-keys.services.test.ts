import { describe, expect, test } from 'vitest';
import { publishLead } from '../../functions/oauth/key-times.ts';
import { deny, failing, onEs256, rotatedAtOnce } from './denied-calls.ts';
import { stranger } from './foreign-keys.ts';
import { day, first } from './test-deployment.ts';

describe('a key that KMS does not let us ask about', () => {
  const message = 'KMS does not let us ask how keys of the ring stand';

  test('of somebody else with our tags: it is named, and nothing fails', async () => {
    const deployment = await onEs256();
    const tags = { 'countersign:registry': 'registry', 'countersign:algorithm': 'ES256' };
    const key_id = await stranger(deployment.services).makes(tags);
    deny(deployment, 'DescribeKeyCommand', key_id);
    await deployment.later(90 * day);
    expect(await deployment.states()).toEqual(['active', 'pending']);
    const reason = 'KMS does not let us ask what it is';
    expect(await deployment.done({ command: 'list' })).toMatchObject({
      strangers: [{ key_id, reason }],
    });
  });

  test.for(['retired', 'active', 'pending'] as const)(
    'of the ring, %s: the rotation goes on, and each run fails',
    async (state) => {
      const deployment = await rotatedAtOnce();
      await deployment.done({ command: 'rotate' });
      const key = (await deployment.keys()).find((one) => one.state === state);
      deny(deployment, 'DescribeKeyCommand', key?.key_id);
      await failing(deployment.reconcile(), `${message}: ${key?.kid}`);
      expect(await deployment.states()).toEqual(['retired', 'active', 'pending']);
      await failing(deployment.later(publishLead), message);
      expect(await deployment.states()).toEqual(['retired', 'retired', 'active']);
    },
  );

  test('of the ring, and revoked: another one signs', async () => {
    const deployment = await rotatedAtOnce();
    const [, active] = await deployment.keys();
    deny(deployment, 'DescribeKeyCommand', active?.key_id);
    await deployment.done({ command: 'revoke', kid: active?.kid });
    expect(await deployment.states()).toEqual(['active', 'removed']);
  });

  test('of the ring: a rotation at once helps', async () => {
    const deployment = await onEs256();
    const { key_id } = await first(deployment);
    deny(deployment, 'DescribeKeyCommand', key_id);
    await deployment.done({ command: 'rotate', now: true });
    expect(await deployment.states()).toEqual(['retired', 'active']);
  });

  test('since KMS is busy: nothing is done, and the next run tries again', async () => {
    const deployment = await onEs256();
    const busy = () => Promise.reject(new Error('busy'));
    deployment.services.kms.middlewareStack.add(() => busy, { step: 'initialize' });
    await failing(deployment.later(90 * day), 'busy');
    expect(await deployment.states()).toEqual(['active']);
  });
});
