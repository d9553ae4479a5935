import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished } from 'vitest';
import { childEnvironment } from '../support/local-stack.ts';
import { type Process, processes } from './processes.ts';
import { python } from './tools.ts';

const command = join(import.meta.dirname, 'test-deploy.ts');

/** A run of the command within this run. */
export interface NestedRun {
  readonly child: ChildProcess;
  readonly exit: Promise<unknown>;
  /** What it says on stderr. */
  readonly complaints: Promise<string>;
  /** For its temporary files. */
  readonly directory: string;
  /** Its emulator, which answers. */
  readonly emulator: string;
}

/** Starts the command, for the test files whose names have this in them. */
export async function startNestedRun(filter: string): Promise<NestedRun> {
  const directory = await mkdtemp(join(tmpdir(), 'nested-'));
  const child = spawn(process.execPath, [command, filter], {
    env: childEnvironment({ PYTHON: python, TMPDIR: directory }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill());
  const [exit, complaints] = [once(child, 'exit'), text(child.stderr)];
  for await (const line of createInterface({ input: child.stdout })) {
    const [emulator] = line.match(/http:\S+/) ?? [];
    if (emulator) return { child, exit, complaints, directory, emulator };
  }
  throw new Error(`it ended:\n${await complaints}`);
}

/** Waits for the end of a run, of which nothing is to be left. */
export async function expectNothingLeft(
  { exit, emulator, directory }: NestedRun,
  started: readonly Process[],
  exitCode: number,
): Promise<void> {
  expect(await exit).toEqual([exitCode, null]);
  await expect(fetch(emulator)).rejects.toThrow('fetch failed');
  const running = new Set((await processes()).map(({ pid }) => pid));
  expect(started.filter(({ pid }) => running.has(pid))).toEqual([]);
  expect(await readdir(directory)).toEqual([]);
}
