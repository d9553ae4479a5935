import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { deadMansSwitch } from './dead-mans-switch.ts';

/** A process and all that it starts, which a Ctrl-C in the terminal does not reach. */
export interface ProcessGroup extends AsyncDisposable {
  /**
   * The exit code of the process, 1 when a signal ended it.
   * @throws what the process failed to start with, or the reason of the signal to stop
   */
  readonly ended: Promise<number>;
}

/** How a process is started, and what tells it that it is to stop. */
export interface ProcessGroupOptions extends Pick<SpawnOptions, 'cwd' | 'env' | 'stdio'> {
  readonly stop: AbortSignal;
}

/**
 * Starts a process in a group of its own. Closing ends whatever of the group still runs, and so
 * does the end of this process, however it ends.
 */
export function startGroup(
  command: string,
  parameters: readonly string[],
  { stop, ...options }: ProcessGroupOptions,
): ProcessGroup {
  stop.throwIfAborted();
  const child = spawn(command, parameters, { ...options, detached: true });
  const ended = Promise.race([exitCode(child), stopped(stop)]);
  // Who closes the group without waiting for its end does not care how it ended.
  ended.catch(() => undefined);
  if (child.pid === undefined) return { ended, [Symbol.asyncDispose]: () => Promise.resolve() };
  const [group, guard] = [child.pid, deadMansSwitch(child.pid)];
  const close = async () => {
    await endGroup(group);
    await guard[Symbol.asyncDispose]();
  };
  return { ended, [Symbol.asyncDispose]: close };
}

/** Runs a process to its end, and gives its exit code. */
export async function run(
  command: string,
  parameters: readonly string[],
  options: ProcessGroupOptions,
): Promise<number> {
  const group = startGroup(command, parameters, options);
  try {
    return await group.ended;
  } finally {
    await group[Symbol.asyncDispose]();
  }
}

async function exitCode(child: ChildProcess): Promise<number> {
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

async function stopped(stop: AbortSignal): Promise<never> {
  await once(stop, 'abort');
  throw stop.reason;
}

// Seconds between asking kindly and not, and how long the latter may take.
const steps = [
  ['SIGTERM', 5],
  ['SIGKILL', 2],
] as const;

async function endGroup(id: number): Promise<void> {
  for (const [signal, seconds] of steps) {
    if (!send(id, signal)) return;
    for (let tenth = 0; tenth < seconds * 10 && send(id, 0); tenth += 1) await delay(100);
  }
}

/** False when nobody is left in the group. */
function send(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}
