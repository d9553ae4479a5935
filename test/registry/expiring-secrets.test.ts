import { expect, test } from 'vitest';
import type { Client } from '../../functions/oauth/client.ts';
import { expiringSecrets, losesItsSecrets } from '../../registry/expiring-secrets.ts';
import { aClient, aSecret, stoppedAt } from '../support/a-client.ts';

const day = 86_400;
const time = { now: stoppedAt, within: 30 * day };

/** A client with secrets that end after so many days; undefined: never. */
const clientOf = (ends: readonly (number | undefined)[], special: Partial<Client> = {}) =>
  aClient({
    secrets: ends.map((days, index) =>
      aSecret(`secret ${index}`, {
        id: `in-${days}`,
        expires_at: days === undefined ? undefined : stoppedAt + days * day,
      }),
    ),
    ...special,
  });

test.for<[string, (number | undefined)[], string[], boolean]>([
  ['one that does not end', [undefined], [], false],
  ['one that ends later', [31], [], false],
  ['one that ends on the last day', [30], ['in-30'], true],
  ['one that has ended', [-1], [], false],
  ['one that ends at this moment', [0], [], false],
  ['two, of which the later one ends, too', [20, 10], ['in-10', 'in-20'], true],
  ['one that a rotation has replaced', [1, undefined], ['in-1'], false],
  ['one beside another that lives longer', [1, 31], ['in-1'], false],
  ['one beside another that has ended', [1, -1], ['in-1'], true],
  ['none', [], [], false],
])('a client with %s', ([, ends, expiring, loses]) => {
  const client = clientOf(ends);
  expect(expiringSecrets(client, time).map(({ id }) => id)).toEqual(expiring);
  expect(losesItsSecrets(client, time)).toBe(loses);
});

test('a disabled client loses nothing that it could use', () => {
  expect(losesItsSecrets(clientOf([1], { disabled: true }), time)).toBe(false);
});

test('secrets of before that the method does not use do not count', () => {
  const client = clientOf([1], { token_endpoint_auth_method: 'private_key_jwt' });
  expect(expiringSecrets(client, time)).toEqual([]);
});
