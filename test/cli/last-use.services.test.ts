import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dynamodbUses } from '../../functions/aws/dynamodb-last-use.ts';
import { testAccount } from '../support/test-account.ts';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** What the command line says of when clients were used. */

const day = 86_400;
const made = Date.parse('2026-01-01T00:00:00Z') / 1000;
const usedAt = made + 100 * day;
const stopped = { now: made };
const now = () => stopped.now;
const { file } = await localDeployment(now);
const dynamodb = new DynamoDBClient({ ...testAccount, endpoint: file.dynamodbEndpoint });
afterAll(() => dynamodb.destroy());

const run = (...parameters: readonly string[]) =>
  inProcess(['client', ...parameters, '--local'], { now });

async function done(...parameters: readonly string[]) {
  const { exitCode, stdout } = await run(...parameters, '--json');
  expect(exitCode).toBe(0);
  return JSON.parse(stdout);
}

/** Notes a use, and waits until it is written. */
async function use(client_id: string, secret_id?: string): Promise<void> {
  const sent: Promise<unknown>[] = [];
  const send = (command: never) => {
    const answered = dynamodb.send(command);
    sent.push(answered as Promise<unknown>);
    return answered;
  };
  dynamodbUses({ send } as never, file.ephemeraTable, now)(client_id, secret_id);
  await Promise.all(sent);
}

let first = '';
beforeAll(async () => {
  await inProcess(['resource', 'create', 'urn:a', '--scope', 'read', '--local']);
  for (const id of ['used', 'unused', 'long-ago'])
    await done('create', '--client-id', id, '--name', id);
  stopped.now = made + day;
  await use('long-ago');
  await done('secret', 'add', 'used');
  stopped.now = usedAt;
  [{ secret_id: first }] = (await done('secret', 'list', 'used')).secrets;
  await use('used', first);
  await done('create', '--client-id', 'new', '--name', 'new');
});

describe('a use of a client', () => {
  test('is shown with the client and with its secret', async () => {
    const shown = await done('show', 'used');
    expect(shown).toMatchObject({ last_used_at: usedAt, secrets: [{ last_used_at: usedAt }, {}] });
    expect(shown.secrets[1]).not.toHaveProperty('last_used_at');
    expect((await run('show', 'used')).stdout).toMatch(/^last used +2026-04-11/m);
    expect(await done('show', 'unused')).not.toHaveProperty('last_used_at');
  });

  test('is shown in the list of its secrets', async () => {
    const { secrets } = await done('secret', 'list', 'used');
    expect(secrets[0]).toMatchObject({ secret_id: first, last_used_at: usedAt });
    const { stdout } = await run('secret', 'list', 'used');
    expect(stdout).toMatch(/LAST USED\n.*2026-04-11.*\n.*never/);
  });
});

describe('client list --unused-since', () => {
  const listed = async (...options: readonly string[]) =>
    (await done('list', '--unused-since', '90d', ...options)).clients.map(
      ({ client_id, last_used_at }: Record<string, unknown>) => [client_id, last_used_at],
    );

  test('shows whom nobody has used, and counts from the beginning who never was', async () => {
    expect(await listed()).toEqual([
      ['long-ago', made + day],
      ['unused', undefined],
    ]);
    expect((await run('list', '--unused-since', '90d')).stdout).toMatch(
      /LAST USED\n(.*\n)*.*never/,
    );
  });

  test('goes with other filters', async () => {
    await done('disable', 'unused');
    expect(await listed('--disabled')).toEqual([['unused', undefined]]);
  });

  test('takes a date', async () => {
    const { clients } = await done('list', '--unused-since', '2026-01-02');
    expect(clients.map(({ client_id }: { client_id: string }) => client_id)).toEqual(['unused']);
  });

  test('looks at all clients', async () => {
    expect(await run('list', '--unused-since', '90d', '--limit', '1')).toMatchObject({
      exitCode: 2,
      stderr: 'error: --unused-since looks at all clients: leave out --limit and --after\n',
    });
  });
});
