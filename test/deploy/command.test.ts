import { mkdtemp } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { endpoint } from './emulator.ts';
import { expectNothingLeft, startNestedRun } from './nested-run.ts';
import { runOwnFunction } from './own-function.ts';
import { descendants } from './processes.ts';

/** The command itself: what it leaves behind, and who can reach what it starts. */

describe('nothing is left behind', () => {
  test.for([
    ['that fails', undefined, 1],
    ['that SIGINT interrupts', 'SIGINT', 130],
    ['that SIGTERM interrupts', 'SIGTERM', 130],
    ['that SIGHUP interrupts', 'SIGHUP', 130],
  ] as const)('by a run %s', async ([, signal, exitCode]) => {
    const run = await startNestedRun('no-such-test');
    const started = await descendants(run.child.pid);
    if (signal) {
      expect(started).not.toEqual([]);
      run.child.kill(signal);
    }
    await expectNothingLeft(run, started, exitCode);
  });

  test('by a run that is interrupted while cdk and a function are running', async () => {
    const run = await startNestedRun('deploy.test');
    const lambda = await runOwnFunction(run.emulator, await mkdtemp(join(tmpdir(), 'own-')));
    const commands = async () =>
      (await descendants(run.child.pid)).map(({ command }) => command).join('\n');
    await expect.poll(commands, { timeout: 30_000 }).toMatch(/\/cdk (bootstrap|deploy) /);
    const started = await descendants(run.child.pid);
    expect(started.map(({ pid }) => pid)).toContain(lambda);
    run.child.kill('SIGINT');
    await expectNothingLeft(run, started, 130);
  });

  test('by a run whose output nobody reads on, and it does not complain', async () => {
    const run = await startNestedRun('deploy.test');
    const started = await descendants(run.child.pid);
    run.child.stdout?.destroy();
    await expectNothingLeft(run, started, 1);
    expect(await run.complaints).not.toContain('EPIPE');
  });
});

test('the emulator can be reached from this computer only', async () => {
  const { port } = new URL(endpoint);
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  const others = own.filter(({ internal, family }) => !internal && family === 'IPv4');
  // On Linux, whoever listens on all addresses answers on this one too.
  for (const address of ['127.0.0.2', ...others.map((one) => one.address)]) {
    await expect(fetch(`http://${address}:${port}/_ministack/health`)).rejects.toThrow();
  }
});
