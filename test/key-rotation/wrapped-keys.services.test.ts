import { DecryptCommand, DescribeKeyCommand, EnableKeyCommand } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import type { RingKey } from '../../functions/oauth/key-ring.ts';
import { publishLead, retention } from '../../functions/oauth/key-times.ts';
import { makeWrappingKey } from '../support/key-rotation.ts';
import { day, startedAt, testDeployment } from './test-deployment.ts';

/** A deployment that wraps its keys from the start. */
const wrapped = () => testDeployment({}, { wraps: true });

describe('a wrapped signing key', () => {
  test('is made by KMS, which keeps nothing of it, and lies encrypted in the ring', async () => {
    const { reconcile, keys, kmsStates, wrappingKey, services, table } = await wrapped();
    await reconcile();
    const [key, ...others] = await keys();
    expect(others).toEqual([]);
    expect(key).toMatchObject({
      key_id: wrappingKey,
      custody: 'kms-wrapped',
      alg: 'RS256',
      state: 'active',
      activated_at: startedAt,
    });
    expect(await kmsStates()).toEqual([]);
    const ofThisDeployment = {
      'countersign:registry': table,
      'countersign:algorithm': 'RS256',
    };
    const ofAnother = { ...ofThisDeployment, 'countersign:registry': 'another' };
    const decrypt = (EncryptionContext: Record<string, string>) =>
      services.kms.send(
        new DecryptCommand({
          KeyId: wrappingKey,
          CiphertextBlob: Buffer.from(key?.wrapped_private_key ?? '', 'base64'),
          EncryptionContext,
        }),
      );
    expect((await decrypt(ofThisDeployment)).Plaintext?.length).toBeGreaterThan(1000);
    await expect(decrypt(ofAnother)).rejects.toThrow('');
  });

  test('lives as one in KMS does: published, signing, retired, removed', async () => {
    const { reconcile, later, states } = await wrapped();
    await reconcile();
    await later(90 * day);
    expect(await states()).toEqual(['active', 'pending']);
    await later(publishLead - 1);
    expect(await states()).toEqual(['active', 'pending']);
    await later(1);
    expect(await states()).toEqual(['retired', 'active']);
    await later(retention);
    expect(await states()).toEqual(['removed', 'active']);
    await later(day);
    expect(await states()).toEqual(['active']);
  });

  test('is destroyed in the write that takes it off the JWK Set', async () => {
    const { reconcile, keys, done, audited, clock } = await wrapped();
    await reconcile();
    const [first] = await keys();
    await done({ command: 'revoke', kid: first?.kid, replace: true });
    const [revoked, active] = await keys();
    expect(revoked).toMatchObject({
      state: 'removed',
      revoked: true,
      wrapped_private_key: undefined,
      deletes_at: clock.now,
    });
    expect(active).toMatchObject({ state: 'active', custody: 'kms-wrapped' });
    expect(JSON.stringify(audited)).not.toContain(first?.wrapped_private_key);
  });

  test('is shown by its custody, and without its private half', async () => {
    const { done } = await wrapped();
    const { keys } = await done({ command: 'tend' });
    expect(keys).toMatchObject([{ custody: 'kms-wrapped' }]);
    expect(keys[0]).not.toHaveProperty('wrapped_private_key');
  });

  test('cannot sign while the key that wraps it is disabled, nor can another be made', async () => {
    const { reconcile, states, disable, wrappingKey, services } = await wrapped();
    await reconcile();
    await disable(wrappingKey);
    await expect(reconcile()).rejects.toThrow('disabled');
    expect(await states()).toEqual(['active']);
    await services.kms.send(new EnableKeyCommand({ KeyId: wrappingKey }));
    await reconcile();
    expect(await states()).toEqual(['active']);
  });
});

describe('when the custody changes', () => {
  test('a wrapped key takes over from one in KMS as any new key does', async () => {
    const deployment = await testDeployment();
    await deployment.reconcile();
    const after = deployment.with({ wrappingKey: deployment.wrappingKey });
    await after.done({ command: 'tend' });
    expect(await deployment.keys()).toMatchObject([
      { state: 'active', custody: 'kms' },
      { state: 'pending', custody: 'kms-wrapped' },
    ]);
    deployment.clock.now += publishLead;
    const { keys } = await after.done({ command: 'tend' });
    expect(keys).toMatchObject([{ state: 'active' }, { state: 'retired' }]);
    expect(after.audited).toMatchObject([
      { to: 'pending', reason: expect.stringContaining('wrapped by KMS') },
      expect.objectContaining({ outcome: 'done' }),
      { from: 'active', to: 'retired' },
      { from: 'pending', to: 'active' },
      expect.objectContaining({ outcome: 'done' }),
    ]);
  });

  test('and back: the wrapped key signs until the one in KMS is known to all', async () => {
    const deployment = await wrapped();
    await deployment.reconcile();
    const after = deployment.with({});
    const { keys } = await after.done({ command: 'tend' });
    expect(keys).toMatchObject([
      { state: 'pending', custody: 'kms' },
      { state: 'active', custody: 'kms-wrapped' },
    ]);
    expect(keys[1]?.next_change).toEqual({
      to: 'retired',
      at: deployment.clock.now + publishLead,
    });
    deployment.clock.now += publishLead;
    await after.done({ command: 'tend' });
    expect(await deployment.states()).toEqual(['retired', 'active']);
  });

  test('a wrapped key that was never used goes when the change is taken back', async () => {
    const deployment = await testDeployment();
    await deployment.reconcile();
    await deployment.with({ wrappingKey: deployment.wrappingKey }).done({ command: 'tend' });
    await deployment.reconcile();
    expect(await deployment.keys()).toMatchObject([
      { state: 'active', custody: 'kms' },
      { state: 'removed', wrapped_private_key: undefined },
    ]);
  });

  test('a key that was wrapped by another key gives way to one of the present', async () => {
    const deployment = await wrapped();
    await deployment.reconcile();
    const another = await makeWrappingKey(deployment.services);
    const after = deployment.with({ wrappingKey: another });
    await after.done({ command: 'tend' });
    expect(await deployment.keys()).toMatchObject([
      { state: 'active', key_id: deployment.wrappingKey },
      { state: 'pending', key_id: another },
    ]);
  });

  test('a key that wraps is never asked to be deleted, whatever the ring says of it', async () => {
    const deployment = await testDeployment();
    await deployment.reconcile();
    const { wrappingKey, services } = deployment;
    // As a release that knows no custody leaves it: removed, its deletion not scheduled.
    await deployment.corrupt((keys) => [
      ...keys,
      ...keys.map(
        (key): RingKey => ({
          ...key,
          kid: 'other',
          jwk: { ...key.jwk, kid: 'other' },
          key_id: wrappingKey,
          state: 'removed',
          removed_at: startedAt,
        }),
      ),
    ]);
    await deployment.reconcile();
    const { KeyMetadata } = await services.kms.send(new DescribeKeyCommand({ KeyId: wrappingKey }));
    expect(KeyMetadata?.KeyState).toBe('Enabled');
    expect((await deployment.keys()).map(({ state }) => state)).toEqual(['active', 'removed']);
    await deployment.later(2 * day);
    expect((await deployment.keys()).map(({ state }) => state)).toEqual(['active']);
  });
});
