import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  EnableKeyCommand,
  type KeyMetadata,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import {
  activeOf,
  type Deployment,
  day,
  first,
  rotated,
  testDeployment,
} from './test-deployment.ts';

describe('keys that a crash left behind', () => {
  const orphan = async ({ services: { kms } }: Deployment, tags: Record<string, string>) => {
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({
        KeySpec: 'RSA_2048',
        KeyUsage: 'SIGN_VERIFY',
        Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      }),
    );
    return String(KeyMetadata?.KeyId);
  };
  const ours = { 'countersign:registry': 'registry', 'countersign:algorithm': 'RS256' };

  test('are taken in where a key is needed', async () => {
    const deployment = await testDeployment();
    const key_id = await orphan(deployment, ours);
    await deployment.reconcile();
    expect(await deployment.keys()).toMatchObject([{ key_id, state: 'active' }]);
    const next = await orphan(deployment, ours);
    await deployment.later(90 * day);
    expect(await deployment.keys()).toMatchObject([{ key_id }, { key_id: next, state: 'pending' }]);
    expect(await deployment.kmsStates()).toEqual(['Enabled', 'Enabled']);
  });

  test('are deleted where none is needed, once no run can be about to use them', async () => {
    const deployment = await testDeployment();
    await deployment.reconcile();
    await orphan(deployment, ours);
    await deployment.later(299);
    expect(await deployment.states()).toEqual(['active']);
    await deployment.later(1);
    expect(await deployment.states()).toEqual(['active', 'removed']);
    expect(await deployment.kmsStates()).toEqual(['Enabled', 'PendingDeletion']);
  });

  test.for([
    ['of another deployment', { ...ours, 'countersign:registry': 'other' }],
    ['without tags', {}],
    ['for an algorithm that is none of ours', { ...ours, 'countersign:algorithm': 'HS256' }],
    ['of another kind than their tag says', { ...ours, 'countersign:algorithm': 'ES256' }],
  ] as const)('keys %s are let alone', async ([, tags]) => {
    const deployment = await testDeployment();
    await orphan(deployment, tags);
    await deployment.reconcile();
    await deployment.later(day);
    expect(await deployment.states()).toEqual(['active']);
    expect(await deployment.kmsStates()).toEqual(['Enabled', 'Enabled']);
  });

  test.for([
    ['for encryption', { KeyUsage: 'ENCRYPT_DECRYPT' }],
    ['whose private half came from elsewhere', { Origin: 'EXTERNAL' }],
  ] as const)('keys %s are let alone', async ([, strange]) => {
    const deployment = await testDeployment();
    await deployment.reconcile();
    const key_id = await orphan(deployment, ours);
    deployment.services.kms.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { KeyMetadata } = result.output as { KeyMetadata?: KeyMetadata };
        if (KeyMetadata?.KeyId === key_id) Object.assign(KeyMetadata, strange);
        return result;
      },
      { step: 'initialize' },
    );
    await deployment.later(day);
    expect(await deployment.states()).toEqual(['active']);
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
