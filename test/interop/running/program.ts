import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { listen } from '../../../local/io/http-server.ts';
import { childEnvironment } from '../../support/local-stack.ts';

/** How a program is started. */
export interface Program {
  readonly command: string;
  readonly parameters: readonly string[];
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** How a program has ended. */
export interface Ended {
  readonly succeeded: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill();
});

/** Runs a program to its end, or for a quarter of an hour: Rust is slow to build for the first time. */
export async function run(program: Program, input = ''): Promise<Ended> {
  const child = start(program, 900_000);
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  child.stdin.once('error', () => undefined).end(input);
  const output = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const [stdout, stderr, [code]] = await Promise.race([output, failed]);
  return { succeeded: code === 0, stdout, stderr };
}

/**
 * Runs a program that has to succeed.
 * @throws Error with the end of what it said
 */
export async function runWell(program: Program): Promise<string> {
  const { succeeded, stdout, stderr } = await run(program);
  if (succeeded) return stdout;
  throw new Error(`${program.command} failed:\n${`${stdout}\n${stderr}`.trim().slice(-2000)}`);
}

/**
 * Runs a server, told its port by PORT, for as long as it is used.
 * @throws Error with what it said when it ends before it answers
 */
export async function withServer<Result>(
  program: Program,
  use: (url: string) => Promise<Result>,
): Promise<Result> {
  const port = await freePort();
  const environment = { ...program.environment, PORT: String(port) };
  const child = start({ ...program, environment });
  const ended = once(child, 'close');
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const url = `http://127.0.0.1:${port}`;
  try {
    const answers = await Promise.race([answered(url), ended.then(() => false)]);
    if (!answers) throw new Error((await said).join('\n').trim().slice(-2000));
    return await use(url);
  } finally {
    child.kill();
    await ended;
  }
}

function start({ command, parameters, folder, environment = {} }: Program, limit?: number) {
  const env = childEnvironment(environment);
  // The `timeout` of spawn would hold this process for as long where the program is not there.
  const signal = limit === undefined ? undefined : AbortSignal.timeout(limit);
  const child = spawn(command, parameters, { cwd: folder, env, signal, killSignal: 'SIGKILL' });
  running.add(child);
  for (const end of ['close', 'error']) child.once(end, () => running.delete(child));
  return child;
}

/** A port of loopback on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether a server answers within five minutes; what asks while it starts may be left without an answer. */
async function answered(url: string): Promise<boolean> {
  const latest = Date.now() + 300_000;
  while (Date.now() < latest) {
    if (
      await fetch(url, { signal: AbortSignal.timeout(30_000) }).then(
        () => true,
        () => false,
      )
    )
      return true;
    await setTimeout(100);
  }
  return false;
}
