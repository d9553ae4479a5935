import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A program of this folder that runs in a process of its own. It answers each message with a number. */
export interface Child {
  /** @throws Error when it has ended, or answers with anything else */
  ask(message: object | string): Promise<number>;
  /** Ends it. */
  end(): void;
}

/** How a program is started. */
export interface ChildProgram {
  readonly program: URL;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a program. It ends by itself where this process ends, for whatever reason. */
export function startChild({ program, args = [], env = {} }: ChildProgram): Child {
  // The function's log goes nowhere.
  const child = fork(program, args, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  return {
    async ask(message) {
      child.send(message);
      const [answer] = await once(child, 'message', { signal: ended.signal });
      if (typeof answer !== 'number') throw new Error(`${program.pathname} answers ${answer}`);
      return answer;
    },
    end() {
      if (child.connected) child.disconnect();
    },
  };
}

/** Answers the messages of whoever has started this process, for as long as that one runs. */
export function answerMessages(answer: (message: unknown) => Promise<number>): void {
  process.on('disconnect', () => process.exit());
  process.on('message', async (message) => process.send?.(await answer(message)));
}
