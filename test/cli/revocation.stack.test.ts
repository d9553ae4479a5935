import { beforeAll, describe, expect, test, vi } from 'vitest';
import { sharedStack } from '../support/shared-stack.ts';
import { inProcess } from './command.ts';

/** What is taken back on the command line is refused by an API that was told to do so. */

const { api, directory } = await sharedStack();
const read = ['--scope', 'read'];

/** Runs a command that must succeed, and gives its JSON answer. */
async function done(...parameters: readonly string[]) {
  const { exitCode, stdout, stderr } = await inProcess([...parameters, '--local', '--json']);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout);
}

const call = async (token: string): Promise<number> =>
  (await fetch(api, { headers: { authorization: `Bearer ${token}` } })).status;

/** The demo API promises ten seconds. Whoever waits longer here is a computer that is busy. */
const refused = (token: string) =>
  vi.waitFor(async () => expect(await call(token)).toBe(401), { timeout: 30_000, interval: 250 });

const allowed = async (client_id: string, client_secret: string): Promise<string> => {
  const secret = ['--client-id', client_id, '--client-secret', client_secret];
  const { access_token } = await done('token', ...secret, ...read);
  expect(await call(access_token)).toBe(200);
  return access_token;
};

beforeAll(() => {
  vi.stubEnv('COUNTERSIGN_DIRECTORY', directory);
});

describe('J05 the demo API comes to refuse', () => {
  const create = async (id: string) => {
    const client = await done('client', 'create', '--name', id, '--client-id', id, ...read);
    return [id, client.client_secret] as const;
  };

  test('one token, by itself, while another of the same client goes on', {
    timeout: 60_000,
  }, async () => {
    const client = await create('stolen-from');
    const [stolen, other] = [await allowed(...client), await allowed(...client)];
    const { stdout } = await inProcess(['token', 'revoke', '--token-file', '-', '--local'], {
      input: stolen,
    });
    expect(stdout).toMatch(/^Revoked the token /);
    await refused(stolen);
    expect(await call(other)).toBe(200);
  });

  test('all tokens of a client, and takes those that it gets then', {
    timeout: 60_000,
  }, async () => {
    const client = await create('taken-back');
    const token = await allowed(...client);
    const { not_before } = await done('client', 'revoke-tokens', 'taken-back', '--yes');
    await refused(token);
    // Of another second than the one in which they were taken back.
    await vi.waitFor(() => expect(Date.now() / 1000).toBeGreaterThan(not_before), {
      timeout: 5000,
    });
    await allowed(...client);
  });

  test('those of a client that is disabled, and takes new ones once it is enabled', {
    timeout: 60_000,
  }, async () => {
    const client = await create('switched');
    const token = await allowed(...client);
    await done('client', 'disable', 'switched');
    await refused(token);
    const { tokens_not_before } = await done('client', 'enable', 'switched');
    await vi.waitFor(() => expect(Date.now() / 1000).toBeGreaterThan(tokens_not_before), {
      timeout: 5000,
    });
    const secret = ['--client-id', client[0], '--client-secret', client[1]];
    const renewed = await vi.waitFor(() => done('token', ...secret, ...read), {
      timeout: 40_000,
      interval: 500,
    });
    await vi.waitFor(async () => expect(await call(renewed.access_token)).toBe(200), {
      timeout: 30_000,
      interval: 250,
    });
    expect(await call(token)).toBe(401);
  });
});
