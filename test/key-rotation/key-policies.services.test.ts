import { GetKeyPolicyCommand, MalformedPolicyDocumentException } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { publishLead, retention } from '../../functions/oauth/key-times.ts';
import { roles } from '../support/key-rotation.ts';
import { allows } from '../support/policy-evaluation.ts';
import { type Deployment, day, settings, testDeployment } from './test-deployment.ts';

const context = {
  'kms:SigningAlgorithm': 'ECDSA_SHA_256',
  'kms:MessageType': 'DIGEST',
};
const another = 'arn:aws:iam::111122223333:role/another';
const onEs256 = () => testDeployment({ settings: { ...settings, alg: 'ES256' } });

interface Checked {
  readonly BypassPolicyLockoutSafetyCheck?: boolean;
}
const malformed = new MalformedPolicyDocumentException({
  message: 'The new key policy will not allow you to update the key policy in the future.',
  $metadata: {},
});

/** Which of two roles may sign with a key, if IAM lets both sign with any. */
async function signers({ services: { kms } }: Deployment, KeyId: string) {
  const { Policy = '' } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
  const request = { action: 'kms:Sign', context, iam: ['kms:Sign'] };
  return [roles.token, another].filter((role) => allows(JSON.parse(Policy), { ...request, role }));
}

const signersOfAll = async (deployment: Deployment) => {
  const keys = await deployment.keys();
  return Promise.all(keys.map(({ key_id }) => signers(deployment, key_id)));
};

describe('a signing key in KMS', () => {
  test('is made with a policy by which the token function signs, and nobody else', async () => {
    const deployment = await onEs256();
    await deployment.reconcile();
    await deployment.done({ command: 'rotate' });
    expect(await signersOfAll(deployment)).toEqual([[roles.token], [roles.token]]);
  });

  test('gets another policy when the token function has another role, and none anew before', async () => {
    const deployment = await onEs256();
    await deployment.reconcile();
    await deployment.done({ command: 'rotate' });
    const after = deployment.with({ alg: 'ES256', tokenRole: another });
    await after.done({ command: 'tend' });
    expect(await deployment.states()).toEqual(['active', 'pending']);
    expect(await signersOfAll(deployment)).toEqual([[another], [another]]);
    const { revision } = await deployment.keyRing.load();
    await after.done({ command: 'tend' });
    expect((await deployment.keyRing.load()).revision).toBe(revision);
  });

  test('of a release in which one function signed lets two more sign, and that one all the time', async () => {
    const deployment = await onEs256();
    await deployment.reconcile();
    await deployment.done({ command: 'rotate' });
    const tokenRole = `${roles.token} ${another}`;
    const after = deployment.with({ alg: 'ES256', tokenRole });
    await after.done({ command: 'tend' });
    expect(await signersOfAll(deployment)).toEqual([
      [roles.token, another],
      [roles.token, another],
    ]);
    expect(await deployment.keys()).toMatchObject([
      { token_role: tokenRole },
      { token_role: tokenRole },
    ]);
    await deployment.done({ command: 'tend' });
    expect(await signersOfAll(deployment)).toEqual([[roles.token], [roles.token]]);
  });

  test.for([
    ['refuses conditions: it goes without the check', true],
    ['passes, and nobody may go without it', false],
  ] as const)(
    'is made, and entrusted, where the lockout check of KMS %s',
    async ([, isRefused]) => {
      const deployment = await onEs256();
      const { middlewareStack } = deployment.services.kms;
      middlewareStack.add(
        (next) => (args) => {
          const { BypassPolicyLockoutSafetyCheck: isBypassed } = args.input as Checked;
          if (isRefused && isBypassed === false) throw malformed;
          if (!isRefused && isBypassed) throw new Error('AccessDeniedException');
          return next(args);
        },
        { step: 'initialize' },
      );
      await deployment.reconcile();
      await deployment.with({ alg: 'ES256', tokenRole: another }).done({ command: 'tend' });
      expect(await signersOfAll(deployment)).toEqual([[another]]);
      expect(await deployment.kmsStates()).toEqual(['Enabled']);
    },
  );

  test('that KMS cannot sign with gets none', async () => {
    const deployment = await onEs256();
    await deployment.reconcile();
    await deployment.done({ command: 'rotate', now: true });
    const [retired] = await deployment.keys();
    await deployment.disable(String(retired?.key_id));
    await deployment.with({ alg: 'ES256', tokenRole: another }).done({ command: 'tend' });
    expect(await signersOfAll(deployment)).toEqual([[roles.token], [another]]);
  });

  test('whose policy cannot be put raises the alarm, and a rotation at once helps', async () => {
    const deployment = await onEs256();
    await deployment.reconcile();
    const after = deployment.with({ alg: 'ES256', tokenRole: another });
    deployment.services.kms.middlewareStack.add(
      (next, { commandName }) =>
        (input) =>
          commandName === 'PutKeyPolicyCommand'
            ? Promise.reject(new Error('not allowed'))
            : next(input),
      { step: 'initialize' },
    );
    await expect(after.done({ command: 'tend' })).rejects.toThrow('not allowed');
    await after.done({ command: 'rotate', now: true });
    const [, active] = await deployment.keys();
    expect(active).toMatchObject({ state: 'active', token_role: another });
    expect(await signers(deployment, String(active?.key_id))).toEqual([another]);
  });
});

describe('a ring of a release that gave its keys no policy', () => {
  /** As that release has left it, with a second key on its way. */
  async function ofBefore() {
    const deployment = await onEs256();
    await deployment.reconcile();
    const { keys, revision } = await deployment.keyRing.load();
    const old = keys.map((key) => ({ ...key, token_role: undefined }));
    await deployment.keyRing.store({ keys: old, revision: revision + 1 });
    return deployment;
  }

  test('keeps its keys, which are ours; one with a policy takes over by a rotation', async () => {
    const deployment = await ofBefore();
    const [old] = await deployment.keys();
    await deployment.reconcile();
    expect(await deployment.keys()).toMatchObject([
      { kid: old?.kid, state: 'active', token_role: undefined },
      { state: 'pending', token_role: roles.token },
    ]);
    await deployment.later(publishLead);
    expect(await deployment.states()).toEqual(['retired', 'active']);
    await deployment.later(retention);
    expect(await deployment.states()).toEqual(['removed', 'active']);
    expect(await deployment.kmsStates()).toEqual(['PendingDeletion', 'Enabled']);
    await deployment.later(day);
    expect((await deployment.done({ command: 'list' })).strangers).toEqual([]);
  });

  test('shows the rotation as due', async () => {
    const deployment = await ofBefore();
    const { keys } = await deployment.done({ command: 'list' });
    expect(keys[0]?.next_change?.at).toBe(deployment.clock.now + publishLead);
  });

  test('a wrapped key needs no policy of its own', async () => {
    const deployment = await testDeployment({}, { wraps: true });
    await deployment.reconcile();
    await deployment.later(day);
    expect(await deployment.keys()).toMatchObject([{ state: 'active', token_role: undefined }]);
  });
});
