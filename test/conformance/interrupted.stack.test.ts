import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, expect, test, vi } from 'vitest';
import { inProcess } from '../cli/command.ts';
import { startTestStack } from '../support/local-stack.ts';

/** The real command, which must leave nothing registered, however it ends. */

const stack = await startTestStack();
vi.stubEnv('COUNTERSIGN_DIRECTORY', stack.directory);
afterAll(async () => {
  await stack.stop();
  vi.unstubAllEnvs();
});

async function listed(): Promise<string> {
  const lists = ['client', 'resource'].map((kind) => inProcess([kind, 'list', '--local']));
  return (await Promise.all(lists)).map(({ stdout }) => stdout).join('');
}

function start(only = 'A,E') {
  const suite = 'test/conformance/conformance.ts';
  const options = ['--issuer', stack.issuer, '--local', '--only', only];
  return spawn(process.execPath, [suite, ...options], { env: stack.environment });
}

const before = await listed();

test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s, even twice, while it registers: all of it is taken away, exit code 130',
  async (signal) => {
    const run = start();
    await once(run.stdout, 'data');
    run.kill(signal);
    run.kill(signal);
    expect(await once(run, 'exit')).toEqual([130, null]);
    expect(await listed()).toBe(before);
  },
);

test('nobody reads its output any more: all of it is taken away', async () => {
  // Half as many clients: it registers all of them before it finds out.
  const run = start('E');
  await once(run.stdout, 'data');
  run.stdout.destroy();
  expect(await once(run, 'exit')).toEqual([130, null]);
  expect(await listed()).toBe(before);
});

test('a registry that cannot be had is told once, before any case', async () => {
  const environment = { ...stack.environment, COUNTERSIGN_DIRECTORY: '/nowhere' };
  const suite = ['test/conformance/conformance.ts', '--issuer', stack.issuer, '--local'];
  const run = spawn(process.execPath, suite, { env: environment });
  const [error] = await once(run.stderr, 'data');
  expect(String(error)).toBe(
    'error: the local stack is not running; start it with npm start in a checkout of Countersign\n',
  );
  expect(await once(run, 'exit')).toEqual([1, null]);
});
