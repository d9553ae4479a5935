import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LocalStack, LocalStackOptions } from '../../local/local-stack.ts';

/** What is known of a stack by those who may not stop it. */
export type RunningStack = Omit<LocalStack, 'stop'>;

/** A local stack of a test's own, with the environment of a child process that is to find it. */
export interface TestStack extends LocalStack {
  readonly environment: NodeJS.ProcessEnv;
}

/** What may differ from how `npm start` starts a stack. */
export type SpecialStack = Pick<LocalStackOptions, 'issuer' | 'settings'>;

/** What the process of a stack sends. */
type Sent = { readonly stack: LocalStack } | { readonly failed: string };

/** The environment of a child process: this one's, and these variables. */
export const childEnvironment = (variables: Readonly<Record<string, string>>) => ({
  ...process.env,
  ...variables,
});

/** A stack as it is found by child processes. */
export const withEnvironment = <Stack extends Pick<LocalStack, 'directory'>>(stack: Stack) => ({
  ...stack,
  environment: childEnvironment({ COUNTERSIGN_DIRECTORY: stack.directory }),
});

/**
 * Starts a local stack in a process of its own, on free ports in a temporary directory; stopping it
 * removes all three. A stack that a test neither disturbs nor looks through as a whole can be shared:
 * `sharedStack`.
 * @throws Error when it does not start
 */
export async function startTestStack(special: SpecialStack = {}): Promise<TestStack> {
  const program = fileURLToPath(new URL('./stack-process.ts', import.meta.url));
  const child = fork(program, [JSON.stringify(special)], { execArgv: [] });
  const exited = once(child, 'exit');
  const stop = async () => {
    if (child.connected) child.disconnect();
    await exited;
  };
  const sent = await Promise.race([once(child, 'message'), exited]);
  const [message] = sent as [Sent | number | null];
  if (typeof message === 'object' && message && 'stack' in message) {
    return withEnvironment({ ...message.stack, stop });
  }
  await stop();
  throw new Error(`the local stack did not start: ${JSON.stringify(message)}`);
}
