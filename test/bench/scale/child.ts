import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { inTime, late } from '../../../local/io/time-limit.ts';

/** A process of the bench's own, which says that it is ready and then answers one question at a time. */
export interface Child extends AsyncDisposable {
  /** @throws AbortError when it ends instead of answering */
  ask<Answer>(question: object): Promise<Answer>;
  isAlive(): boolean;
}

/** What a child process is started with. */
export interface ChildOptions {
  readonly module: URL;
  readonly args: readonly string[];
  /** @default that of this process */
  readonly environment?: Readonly<Record<string, string>>;
  /** Options of Node. */
  readonly execArgv?: readonly string[];
}

/** Seconds that a child process may take to end. */
const patience = 20;

/**
 * Starts a child process. What it prints on standard output is lost. It has to end by itself when it is
 * disconnected, so that none outlives the bench.
 */
export function startChild({ module, args, environment, execArgv = [] }: ChildOptions): Child {
  const child = fork(fileURLToPath(module), args, {
    env: environment,
    execArgv: [...execArgv],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = new AbortController();
  child.once('exit', () => gone.abort());
  const next = async () => (await once(child, 'message', { signal: gone.signal }))[0];
  const ready = next();
  // `ask` throws this error; where nobody asks, it is no unhandled rejection.
  ready.catch(() => undefined);
  return {
    async ask(question) {
      await ready;
      const answer = next();
      child.send(question, () => undefined);
      return await answer;
    },
    isAlive: () => !gone.signal.aborted,
    [Symbol.asyncDispose]: () => end(child, gone.signal),
  };
}

async function end(child: ChildProcess, gone: AbortSignal): Promise<void> {
  if (gone.aborted) return;
  const exit = once(child, 'exit');
  if (child.connected) child.disconnect();
  if ((await inTime(patience, exit)) === late) child.kill('SIGKILL');
  await exit;
}

/**
 * Lets this process answer its parent's questions, until it is disconnected or cannot answer one.
 * @param close is called before it ends
 */
export function answerParent<Question>(
  answer: (question: Question) => Promise<object>,
  close: () => Promise<void>,
): void {
  const end = async (): Promise<void> => {
    await close();
    process.exit();
  };
  process.on('message', (question: Question) => {
    answer(question).then(
      (answered) => process.send?.(answered),
      (error) => {
        process.stderr.write(`${inspect(error)}\n`);
        void end();
      },
    );
  });
  process.once('disconnect', () => void end());
  // Ctrl-C reaches the parent, too: when that has ended, this process is disconnected, and closes.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
  process.send?.('ready');
}
