import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { close, type LocalService, listen } from '../../../local/io/http-server.ts';

import { ministackSettings } from './environment.ts';
import { type ProcessGroup, startGroup } from './process-group.ts';

/** How MiniStack is started. */
export interface MinistackOptions {
  /** A Python that has it installed. */
  readonly python: string;
  /** An empty folder for its log and its files. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: AbortSignal;
}

/** The emulator of AWS. */
export interface Ministack extends LocalService {
  /** The end of its log. */
  lastLines(): Promise<string>;
}

const patience = 60_000;

/**
 * Starts MiniStack on a free port of 127.0.0.1, and waits until it is ready.
 * @throws Error with the end of its log when it is not within a minute
 */
export async function startMinistack(options: MinistackOptions): Promise<Ministack> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const logFile = join(options.directory, 'ministack.log');
  const group = await startWithLog(options, port, logFile);
  const lastLines = async () =>
    (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-30).join('\n');
  try {
    await Promise.race([ready(endpoint, options.stop), early(group)]);
    return { endpoint, lastLines, [Symbol.asyncDispose]: group[Symbol.asyncDispose] };
  } catch (cause) {
    await group[Symbol.asyncDispose]();
    options.stop.throwIfAborted();
    throw new Error(`MiniStack did not start. The end of its log:\n${await lastLines()}`, {
      cause,
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await close(server);
  return port;
}

async function startWithLog(
  { python, directory, environment, stop }: MinistackOptions,
  port: number,
  path: string,
): Promise<ProcessGroup> {
  const log = await open(path, 'w');
  try {
    return startGroup(python, ['-m', 'ministack'], {
      cwd: directory,
      env: { ...environment, ...ministackSettings(port, directory) },
      stdio: ['ignore', log.fd, log.fd],
      stop,
    });
  } finally {
    await log.close();
  }
}

async function ready(endpoint: string, stop: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(patience)]);
  while (!(await isHealthy(endpoint, signal))) await delay(200, undefined, { signal });
}

async function isHealthy(endpoint: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await fetch(`${endpoint}/_ministack/health`, { signal })).ok;
  } catch {
    return false;
  }
}

async function early({ ended }: ProcessGroup): Promise<never> {
  throw new Error(`it ended with exit code ${await ended}`);
}
