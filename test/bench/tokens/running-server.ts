import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { ContestantName } from './contestants.ts';
import type { TokenWork } from './work.ts';

/** A contestant in a process of its own. */
export interface RunningServer {
  readonly name: ContestantName;
  /** Its token endpoint. */
  readonly tokenEndpoint: string;
  /** Microseconds of processor time that its process has used so far, on all threads. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts a contestant. It ends at the latest with this process.
 * @throws Error with its standard error when it ends before its time
 */
export async function startServer(name: ContestantName, work: TokenWork): Promise<RunningServer> {
  const child = fork(new URL('./server.ts', import.meta.url), [name, JSON.stringify(work)], {
    execArgv: [],
    env: { NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const stopped = once(child, 'exit');
  const failed = failure(child, stopped);
  const message = async () => (await Promise.race([once(child, 'message'), failed]))[0];
  const port = await message();
  return {
    name,
    tokenEndpoint: `http://127.0.0.1:${port}/token`,
    async cpu() {
      child.send('cpu');
      const { user, system } = await message();
      return user + system;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await stopped;
    },
  };
}

/** Rejects when the process has ended; where nobody waits for it, that is no unhandled rejection. */
function failure({ stderr }: ChildProcess, stopped: Promise<unknown>): Promise<never> {
  const said: Buffer[] = [];
  stderr?.on('data', (chunk: Buffer) => said.push(chunk));
  const failed = stopped.then(() => {
    throw new Error(`the server has ended: ${Buffer.concat(said)}`);
  });
  failed.catch(() => undefined);
  return failed;
}

/** Lets all contestants run while they are made use of, and stops them whatever happens. */
export async function withServers<Result>(
  names: readonly ContestantName[],
  work: TokenWork,
  use: (servers: readonly RunningServer[]) => Promise<Result>,
): Promise<Result> {
  const servers: RunningServer[] = [];
  try {
    for (const name of names) servers.push(await startServer(name, work));
    return await use(servers);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}
