import { describe, expect, test } from 'vitest';
import { longestAccessTokenLifetime } from '../../functions/oauth/key-times.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import {
  deleteClientWithTokens,
  disableClient,
  enableClient,
} from '../../registry/client-revocation.ts';
import { updateClient } from '../../registry/client-update.ts';
import {
  createClient,
  deleteClient,
  findClient,
  setClientDisabled,
} from '../../registry/clients.ts';
import type { Registry } from '../../registry/registry.ts';
import { revokeTokens } from '../../registry/subject-revocation.ts';
import { aRegistry, startedAt } from './a-registry.ts';

const billing = { kind: 'client', id: 'billing' } as const;

const create = (registry: Registry, client_id = 'billing') =>
  createClient(registry, { client_id, client_name: client_id });

/** A deployment with a client, and ten seconds later. */
async function withClient() {
  const deployment = await aRegistry();
  await create(deployment.registry);
  deployment.clock.now += 10;
  return { ...deployment, now: startedAt + 10 };
}

const noted = (not_before: number, revoked_at: number) => ({
  ...billing,
  not_before,
  revoked_at,
  expires_at: not_before + longestAccessTokenLifetime + 60,
});

describe('tokens of a client are taken back', () => {
  test('revoke-tokens: those up to this second of the store, and none of them is given out again', async () => {
    const { registry, now, ...deployment } = await withClient();
    expect(await revokeTokens(registry, billing)).toEqual({
      isRegistered: true,
      revocation: noted(now + 1, now),
    });
    expect(await deployment.noted()).toEqual([noted(now + 1, now)]);
    expect(await findClient(registry, 'billing')).toMatchObject({
      tokens_not_before: now + 1,
      disabled: false,
    });
  });

  test('revoke-tokens: readers of what is new see it, however long the registry has taken', async () => {
    const { registry, clock, now, ...deployment } = await withClient();
    const change: Registry['store']['change'] = async (...items) => {
      clock.now += 90;
      return await registry.store.change(...items);
    };
    const slow = { ...registry, store: { ...registry.store, change } };
    const { revocation } = await revokeTokens(slow, billing);
    expect(revocation).toEqual(noted(now + 1, now + 90));
    expect(await deployment.noted()).toEqual([revocation]);
  });

  test('disable: those too that instances yet give it which do not know', async () => {
    const { registry, now, ...deployment } = await withClient();
    const { client, revocation } = await disableClient(registry, 'billing');
    expect(client.disabled).toBe(true);
    expect(revocation).toEqual(noted(now + 331, now));
    expect(await deployment.noted()).toEqual([revocation]);
  });

  test('delete: the same', async () => {
    const { registry, now, ...deployment } = await withClient();
    expect(await deleteClientWithTokens(registry, 'billing')).toEqual(noted(now + 331, now));
    expect(await deployment.noted()).toHaveLength(1);
    await expect(findClient(registry, 'billing')).rejects.toThrow('there is no client billing');
  });

  test('a client that was never registered, or long ago: its tokens may be out', async () => {
    const { registry, now } = await withClient();
    await deleteClient(registry, 'billing');
    expect(await revokeTokens(registry, billing)).toEqual({
      isRegistered: false,
      revocation: noted(now + 331, now),
    });
  });

  test('a disabled client: those too that it may yet get', async () => {
    const { registry, now } = await withClient();
    await setClientDisabled(registry, 'billing', true);
    const { revocation } = await revokeTokens(registry, billing);
    expect(revocation).toEqual(noted(now + 331, now));
  });

  test('a record that no release has written: its tokens are taken back all the same', async () => {
    const { registry, now } = await withClient();
    await registry.store.replace({ pk: 'client#billing', disabled: 'no' });
    const { revocation } = await revokeTokens(registry, billing);
    expect(revocation.not_before).toBe(now + 331);
  });
});

describe('a client that gets tokens again', () => {
  test('enable: those from the next second on count', async () => {
    const { registry, clock, now, ...deployment } = await withClient();
    await disableClient(registry, 'billing');
    clock.now += 20;
    expect(await enableClient(registry, 'billing')).toMatchObject({
      disabled: false,
      tokens_not_before: now + 21,
    });
    expect(await deployment.noted()).toEqual([noted(now + 21, now + 20)]);
  });

  test('enable: of a client that nobody disabled, no token is lost', async () => {
    const { registry, clock, now, ...deployment } = await withClient();
    await revokeTokens(registry, billing);
    clock.now += 20;
    expect(await enableClient(registry, 'billing')).toMatchObject({ tokens_not_before: now + 1 });
    expect(await deployment.noted()).toEqual([noted(now + 1, now)]);
  });

  test('enable: one that disabled is so for an hour: what was revoked stays so', async () => {
    const { registry, clock, now, ...deployment } = await withClient();
    await disableClient(registry, 'billing');
    clock.now += 3600;
    await enableClient(registry, 'billing');
    expect(await deployment.noted()).toEqual([noted(now + 331, now)]);
  });

  test('the same client_id, registered anew: it has no tokens of the old one', async () => {
    const { registry, clock, now, ...deployment } = await withClient();
    await deleteClientWithTokens(registry, 'billing');
    clock.now += 5;
    await create(registry);
    expect(await deployment.noted()).toEqual([noted(now + 6, now + 5)]);
    expect(await findClient(registry, 'billing')).toMatchObject({ tokens_not_before: now + 6 });
  });

  test('a client_id that never had any tokens taken back: nothing is noted of it', async () => {
    const { registry, ...deployment } = await withClient();
    const { tokens_not_before } = await findClient(registry, 'billing');
    expect(tokens_not_before).toBeUndefined();
    expect(await deployment.noted()).toEqual([]);
  });

  test('registered anew long after: none of the old tokens is given out again', async () => {
    const { registry, clock, now, ...deployment } = await withClient();
    await deleteClientWithTokens(registry, 'billing');
    clock.now += 3600;
    await create(registry);
    expect(await deployment.noted()).toEqual([noted(now + 331, now)]);
    const { tokens_not_before } = await findClient(registry, 'billing');
    expect(tokens_not_before).toBe(now + 3601);
  });

  test('a client_id that nobody chose is new: nothing is asked', async () => {
    const { registry } = await withClient();
    registry.revocations.trouble = new Error('nobody answers');
    const { client } = await createClient(registry, { client_name: 'N' });
    expect(client.tokens_not_before).toBeUndefined();
  });
});

describe('what is half done is not called done, and can be done again', () => {
  const trouble = unavailable(new Error('no answer'));
  const failing = (registry: Registry, what: 'note' | 'lift'): Registry => ({
    ...registry,
    ...(registry.revocations && {
      revocations: { ...registry.revocations, [what]: () => Promise.reject(trouble) },
    }),
  });

  test.for([
    [
      'disable',
      (registry: Registry) => disableClient(registry, 'billing'),
      'the client billing is disabled and gets no new tokens, but those that are out were not taken back: `countersign client disable billing` can be run again',
    ],
    [
      'delete',
      (registry: Registry) => deleteClientWithTokens(registry, 'billing'),
      'the client billing is deleted and gets no new tokens, but those that are out were not taken back: `countersign client revoke-tokens billing` does it',
    ],
    [
      'revoke-tokens',
      (registry: Registry) => revokeTokens(registry, billing),
      'no token of billing that is out was taken back yet: run the command again',
    ],
  ] as const)('%s, and the note fails', async ([, act, sentence]) => {
    const { registry, ...deployment } = await withClient();
    await expect(act(failing(registry, 'note'))).rejects.toMatchObject({
      about: 'half-done',
      message: sentence,
      cause: trouble,
    });
    expect(await deployment.noted()).toEqual([]);
    const again = /delete/.test(sentence) ? revokeTokens(registry, billing) : act(registry);
    await again;
    expect(await deployment.noted()).toHaveLength(1);
  });

  test('disable in a deployment that is older than revocation: it is disabled, and that is said', async () => {
    const { registry } = await withClient();
    const old = { ...registry, revocations: undefined };
    await expect(disableClient(old, 'billing')).rejects.toMatchObject({
      about: 'half-done',
      cause: { message: expect.stringContaining('deploy it again') },
    });
    expect(await findClient(old, 'billing')).toMatchObject({ disabled: true });
    expect(await enableClient(old, 'billing')).toMatchObject({ disabled: false });
    await expect(revokeTokens(old, billing)).rejects.toThrow('can take no token back yet');
  });

  test('disable, while nobody knows the time', async () => {
    const { registry } = await withClient();
    registry.revocations.trouble = trouble;
    await expect(disableClient(registry, 'billing')).rejects.toMatchObject({ about: 'half-done' });
    expect(await findClient(registry, 'billing')).toMatchObject({ disabled: true });
  });

  test('enable, and the revocation stays: it can be run again', async () => {
    const { registry, clock, now, ...deployment } = await withClient();
    await disableClient(registry, 'billing');
    await expect(enableClient(failing(registry, 'lift'), 'billing')).rejects.toThrow(
      'the client billing is enabled, but its new tokens may be refused for some minutes',
    );
    clock.now += 30;
    await enableClient(registry, 'billing');
    expect(await deployment.noted()).toEqual([noted(now + 1, now + 30)]);
  });

  test('a registration whose tokens would be refused is none', async () => {
    const { registry } = await withClient();
    await expect(create(failing(registry, 'lift'), 'other')).rejects.toBe(trouble);
    await expect(findClient(registry, 'other')).rejects.toThrow('there is no client other');
  });

  test('a registration that cannot be taken back is told', async () => {
    const { registry } = await withClient();
    const store = { ...registry.store, delete: () => Promise.reject(new Error('gone')) };
    const late = failing({ ...registry, store }, 'lift');
    await expect(create(late, 'other')).rejects.toThrow(
      'other is registered, but its tokens may be refused for some minutes',
    );
  });

  test('a client_id that is taken stays as it is, and so does what was revoked of it', async () => {
    const { registry, now, ...deployment } = await withClient();
    await disableClient(registry, 'billing');
    await expect(create(registry)).rejects.toThrow('the client billing is registered already');
    expect(await deployment.noted()).toEqual([noted(now + 331, now)]);
  });
});

describe('two administrators at once', () => {
  /** Before the revocation is lifted, somebody else does something. */
  const forestalled = (
    { registry }: Awaited<ReturnType<typeof withClient>>,
    act: (registry: Registry) => Promise<unknown>,
  ): Registry => ({
    ...registry,
    revocations: {
      ...registry.revocations,
      async lift(revocation) {
        await act(registry);
        return registry.revocations.lift(revocation);
      },
    },
  });

  test('one enables a client, which another disables meanwhile: none of its tokens counts', async () => {
    const deployment = await withClient();
    const { registry, now } = deployment;
    await disableClient(registry, 'billing');
    const late = forestalled(deployment, () => disableClient(registry, 'billing'));
    expect(await enableClient(late, 'billing')).toMatchObject({ disabled: true });
    expect(await deployment.noted()).toEqual([noted(now + 331, now)]);
  });

  test('one enables a client, whose tokens another revokes a second later: they are revoked', async () => {
    const deployment = await withClient();
    const { registry, clock, now } = deployment;
    await disableClient(registry, 'billing');
    const late = forestalled(deployment, async () => {
      clock.now += 1;
      await revokeTokens(registry, billing);
    });
    expect(await enableClient(late, 'billing')).toMatchObject({ tokens_not_before: now + 2 });
    expect(await deployment.noted()).toEqual([noted(now + 2, now + 1)]);
  });

  test('one enables a client, which another deletes meanwhile', async () => {
    const deployment = await withClient();
    const { registry, now } = deployment;
    await disableClient(registry, 'billing');
    const late = forestalled(deployment, () => deleteClientWithTokens(registry, 'billing'));
    await expect(enableClient(late, 'billing')).rejects.toThrow('there is no client billing');
    expect(await deployment.noted()).toEqual([noted(now + 331, now)]);
  });

  test('both revoke: the later one counts, and neither is lost', async () => {
    const { registry, clock, now, ...deployment } = await withClient();
    await Promise.all([revokeTokens(registry, billing), revokeTokens(registry, billing)]);
    clock.now += 1;
    await revokeTokens(registry, billing);
    expect(await deployment.noted()).toEqual([noted(now + 2, now + 1)]);
  });

  test('one changes a client, whose tokens another revokes: neither is lost', async () => {
    const { registry, now } = await withClient();
    await Promise.all([
      revokeTokens(registry, billing),
      updateClient(registry, 'billing', { client_name: 'A new name' }),
    ]);
    expect(await findClient(registry, 'billing')).toMatchObject({
      client_name: 'A new name',
      tokens_not_before: now + 1,
    });
  });
});
