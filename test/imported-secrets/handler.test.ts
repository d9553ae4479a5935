import { describe, expect, test } from 'vitest';
import { hashClientSecret } from '../../functions/oauth/client-secret.ts';
import type { RegistryStore, StoredItem } from '../../registry/registry-store.ts';
import { aClient, aSecret, stoppedAt } from '../support/a-client.ts';
import { foreignHash, importedSecretsFunction } from '../support/imported-secrets.ts';

const secret = 'moved in with this';
const foreign = aSecret(secret, { id: 'moved', hash: foreignHash(secret) });
const question = { client_id: 'billing', secret_id: 'moved', client_secret: secret };

async function aFunction(secrets = [aSecret('another'), foreign]) {
  const lambda = importedSecretsFunction();
  await lambda.register(aClient({ client_id: 'billing', secrets }));
  return lambda;
}

type Change = RegistryStore['change'];

/** Has somebody else write, once, between the reading and the writing of the function. */
const meanwhile =
  (write: (store: RegistryStore, before: StoredItem) => Promise<unknown>) =>
  (store: RegistryStore): RegistryStore => {
    let isFirst = true;
    const change: Change = async (before, after) => {
      if (isFirst) await write(store, before);
      isFirst = false;
      return store.change(before, after);
    };
    return { ...store, change };
  };

describe('the function of imported secrets', () => {
  test('replaces the hash of a right secret, and nothing else of the client', async () => {
    const { invoke, client } = await aFunction();
    const before = await client('billing');
    expect(await invoke(question)).toEqual({ matches: true, replaced: 'pbkdf2-sha256' });
    expect(await client('billing')).toEqual({
      ...before,
      secrets: [aSecret('another'), { ...foreign, hash: hashClientSecret(secret) }],
      updated_at: stoppedAt + 60,
    });
  });

  test.each([
    ['a wrong secret', { client_secret: 'wrong' }],
    ['a secret of another client', { client_id: 'nobody' }],
    ['a secret that is not there', { secret_id: 'revoked' }],
  ])('says no to %s, and writes nothing', async (_, special) => {
    const { invoke, client, audited } = await aFunction();
    const before = await client('billing');
    expect(await invoke({ ...question, ...special })).toEqual({ matches: false });
    expect(await client('billing')).toEqual(before);
    expect(audited).toEqual([]);
  });

  test('compares by our hash where that is there by now', async () => {
    const { invoke } = await aFunction([{ ...foreign, hash: hashClientSecret(secret) }]);
    expect(await invoke(question)).toEqual({ matches: true });
    expect(await invoke({ ...question, client_secret: 'wrong' })).toEqual({ matches: false });
  });

  test('loses no change that somebody makes meanwhile', async () => {
    const { invoke, client, held } = await aFunction();
    held.between = meanwhile((store, before) =>
      store.change(before, { ...before, client_name: 'Renamed' }),
    );
    expect(await invoke(question)).toEqual({ matches: true, replaced: 'pbkdf2-sha256' });
    expect(await client('billing')).toMatchObject({
      client_name: 'Renamed',
      secrets: [{}, { hash: hashClientSecret(secret) }],
    });
  });

  test('says no to a secret that is revoked meanwhile, and does not bring it back', async () => {
    const { invoke, client, held } = await aFunction();
    held.between = meanwhile((store, before) =>
      store.change(before, { ...before, secrets: [aSecret('another')] }),
    );
    expect(await invoke(question)).toEqual({ matches: false });
    expect((await client('billing')).secrets).toEqual([aSecret('another')]);
  });

  test('says no where the client is deleted meanwhile, and does not bring it back', async () => {
    const { invoke, client, held } = await aFunction();
    held.between = meanwhile((store) => store.delete({ pk: 'client#billing' }));
    expect(await invoke(question)).toEqual({ matches: false });
    await expect(client('billing')).rejects.toThrow('there is no client billing');
  });

  test('reads again where another instance replaces the hash meanwhile', async () => {
    const { invoke, held } = await aFunction();
    const secrets = [{ ...foreign, hash: hashClientSecret(secret) }];
    held.between = meanwhile((store, before) => store.change(before, { ...before, secrets }));
    expect(await invoke(question)).toEqual({ matches: true });
  });

  test('gives up where the secret is changed again and again', async () => {
    const { invoke, held } = await aFunction();
    let salt = 0;
    held.between = (store) => ({
      ...store,
      change: async (before) => {
        const hash = foreignHash(secret, Buffer.from(`salt ${++salt}`));
        await store.change(before, { ...before, secrets: [{ ...foreign, hash }] });
        return false;
      },
    });
    await expect(invoke(question)).rejects.toThrow('is being changed again and again');
  });

  test('fails where the registry does not answer, or the hash is none that it reads', async () => {
    const lambda = await aFunction([{ ...foreign, hash: 'imported:$scrypt$ln=15$x$y' }]);
    await expect(lambda.invoke(question)).rejects.toThrow(
      'the secret moved of the client billing: a hash begins with one of',
    );
    lambda.held.between = (store) => ({ ...store, read: () => Promise.reject(new Error('away')) });
    await expect(lambda.invoke(question)).rejects.toThrow('away');
  });

  test('says nothing of a secret, neither in its log nor in an error', async () => {
    const { invoke, audited } = await aFunction();
    await invoke(question);
    expect(audited).toEqual([
      {
        client_id: 'billing',
        secret_id: 'moved',
        format: 'pbkdf2-sha256',
        outcome: 'replaced',
      },
    ]);
    const error = await invoke({ ...question, client_secret: { of: secret } }).catch(String);
    expect(error).toBe('Error: the event is not one of an endpoint');
  });
});
