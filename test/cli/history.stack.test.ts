import { expect, test, vi } from 'vitest';
import { sharedStack } from '../support/shared-stack.ts';
import { inProcess } from './command.ts';

/** The history on the whole local stack: the table's stream, the function's bundle, the log, the command. */

test('who created, changed and deleted a client is told, and none of its secrets', {
  timeout: 120_000,
}, async () => {
  const { directory } = await sharedStack();
  vi.stubEnv('COUNTERSIGN_DIRECTORY', directory);
  const id = 'of-the-history';
  const run = async (...parameters: readonly string[]) => {
    const outcome = await inProcess([...parameters, '--local', '--json']);
    expect(outcome).toMatchObject({ exitCode: 0 });
    return JSON.parse(outcome.stdout);
  };
  const created = ['client', 'create', '--name', 'A', '--client-id', id, '--scope', 'read'];
  const { client_secret } = await run(...created);
  await run('client', 'update', id, '--name', 'B');
  await run('client', 'delete', id, '--yes');
  const history = async () => (await inProcess(['history', id, '--local', '--json'])).stdout;
  await expect.poll(history, { timeout: 60_000 }).toContain('"deleted"');
  const told = await history();
  const { changes } = JSON.parse(told);
  const by = (tool: string) => ({
    subject: 'client',
    id,
    identity: 'local',
    tool: `client ${tool}`,
  });
  expect(changes).toMatchObject([
    { action: 'deleted', ...by('delete') },
    {
      action: 'changed',
      ...by('update'),
      fields: [{ name: 'client_name', before: 'A', after: 'B' }],
      untold: [],
    },
    { action: 'created', ...by('create') },
  ]);
  expect(told).not.toContain(client_secret);
  expect(told).not.toMatch(/sha256:/);
});
