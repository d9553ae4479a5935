import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { childEnvironment } from '../support/local-stack.ts';
import { endpoint } from './emulator.ts';
import { python } from './tools.ts';

/** The command itself: what it leaves behind, and who can reach what it starts. */

const command = join(import.meta.dirname, 'test-deploy.ts');

describe('nothing is left behind', () => {
  test.for([
    ['that fails', undefined, 1],
    ['that SIGINT interrupts', 'SIGINT', 130],
    ['that SIGTERM interrupts', 'SIGTERM', 130],
    ['that SIGHUP interrupts', 'SIGHUP', 130],
  ] as const)('by a run %s', async ([, signal, exitCode]) => {
    const directory = await mkdtemp(join(tmpdir(), 'nested-'));
    const run = start(directory);
    const exit = once(run, 'exit');
    const url = await emulatorOf(run);
    const started = await descendants(run.pid);
    if (signal) {
      expect(started).not.toEqual([]);
      run.kill(signal);
    }
    expect(await exit).toEqual([exitCode, null]);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    const running = new Set((await processes()).map(({ pid }) => pid));
    expect(started.filter((pid) => running.has(pid))).toEqual([]);
    expect(await readdir(directory)).toEqual([]);
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

/** A run within this run, whose tests are none. */
function start(directory: string): ChildProcess {
  const run = spawn(process.execPath, [command, 'no-such-test'], {
    env: childEnvironment({ PYTHON: python, TMPDIR: directory }),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void run.kill());
  return run;
}

async function emulatorOf({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('no output');
  for await (const line of createInterface({ input: stdout })) {
    const [url] = line.match(/http:\S+/) ?? [];
    if (url) return url;
  }
  throw new Error('it ended');
}

/** The processes that a process has started, and those that they have started. */
async function descendants(ancestor: number | undefined): Promise<readonly number[]> {
  const all = await processes();
  const childrenOf = (parent: number | undefined): number[] =>
    all.filter(({ ppid }) => ppid === parent).flatMap(({ pid }) => [pid, ...childrenOf(pid)]);
  return childrenOf(ancestor);
}

/** Every process that runs, rather than wait for its parent to take notice of its end. */
async function processes() {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,state=']);
  const lines = stdout.trim().split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => !state?.startsWith('Z'))
    .map(([pid, ppid]) => ({ pid: Number(pid), ppid: Number(ppid) }));
}
