import { expect, test } from 'vitest';
import { expiry } from '../../functions/administration/expiry/expiry.ts';
import { expiryEvent } from '../../functions/administration/expiry/expiry-event.ts';
import { secretRotation } from '../../functions/administration/secret-rotation/secret-rotation.ts';
import type { AuditEntry } from '../../functions/oauth/audit.ts';
import type { Client } from '../../functions/oauth/client.ts';
import { newSecret, withSecret } from '../../registry/client-secrets.ts';
import { changeClient, createClient, setClientDisabled } from '../../registry/clients.ts';
import { aRegistry } from '../registry/a-registry.ts';
import { rotationEvents } from '../support/secrets-manager/rotation-operations.ts';
import { aRotation, arn } from './secret-rotation/a-rotation.ts';

const day = 86_400;

/** Registers a client whose secrets end after so many days. */
async function register(
  registry: Awaited<ReturnType<typeof aRegistry>>['registry'],
  client_id: string,
  days: readonly (number | undefined)[],
) {
  await createClient(registry, { client_id, client_name: client_id });
  const now = registry.now();
  const secrets = days.map((end) => newSecret(now, end && now + end * day));
  await changeClient(registry, client_id, (client) =>
    secrets.reduce<Client>(
      (before, { client_secret: _, ...secret }) => withSecret(before, secret, now),
      { ...client, secrets: [] },
    ),
  );
}

test('the schedule counts the clients that will be without a secret, and names them', async () => {
  const { registry } = await aRegistry();
  await register(registry, 'lasting', [undefined]);
  await register(registry, 'later', [31]);
  await register(registry, 'replaced', [1, undefined]);
  await register(registry, 'ending', [2, 10]);
  await register(registry, 'disabled', [1]);
  await setClientDisabled(registry, 'disabled', true);
  const [measured, audited]: [number[], AuditEntry[]] = [[], []];
  const task = expiry({
    registry,
    warning: 30 * day,
    measure: (count) => measured.push(count),
    audit: (entry) => audited.push(entry),
  });
  await task(expiryEvent);
  expect(measured).toEqual([1]);
  expect(audited).toEqual([
    {
      command: 'count-expiring',
      client_id: 'ending',
      last_secret_expires_at: registry.now() + 10 * day,
    },
  ]);
});

test('nothing is measured of a registry that cannot be read', async () => {
  const { registry } = await aRegistry();
  const measured: number[] = [];
  const audited: AuditEntry[] = [];
  const task = expiry({
    registry: { ...registry, store: { ...registry.store, page: () => Promise.reject(Error('x')) } },
    warning: day,
    measure: (count) => measured.push(count),
    audit: (entry) => audited.push(entry),
  });
  await expect(task(expiryEvent)).rejects.toThrow('x');
  expect(measured).toEqual([]);
  expect(audited).toEqual([{ command: 'count-expiring', outcome: 'failed', reason: 'Error: x' }]);
});

test('a rotation is audited step by step, without a secret', async () => {
  const { rotation, begin, keeper, secretIn, client_secret } = await aRotation();
  const audited: AuditEntry[] = [];
  const task = secretRotation(rotation, (entry) => audited.push(entry));
  const version = begin();
  for (const event of rotationEvents(arn, version)) await task(event);
  expect(keeper.at('AWSCURRENT')).toBe(version);
  const names = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
  const common = { keeper: arn, version, outcome: 'done', client_id: 'billing' };
  expect(audited).toEqual(names.map((command) => ({ command, ...common })));
  const [first] = rotationEvents(arn, 'unknown');
  await expect(task(first)).rejects.toThrow('the version unknown of');
  expect(audited.at(-1)).toMatchObject({ command: 'createSecret', outcome: 'failed' });
  const all = JSON.stringify(audited);
  for (const secret of [client_secret, secretIn(version)]) expect(all).not.toContain(secret);
});

test.for([null, 'createSecret', {}, { Step: 'createSecret' }, { command: 'tend' }, [expiryEvent]])(
  '%j is for somebody else',
  async (event) => {
    const { rotation } = await aRotation();
    const { registry } = await aRegistry();
    const none = { measure: () => {}, audit: () => {} };
    expect(secretRotation(rotation, () => {})(event)).toBeUndefined();
    expect(expiry({ registry, warning: day, ...none })(event)).toBeUndefined();
  },
);
