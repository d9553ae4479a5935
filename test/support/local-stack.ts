import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalStack, LocalStackOptions } from '../../local/local-stack.ts';
import { startLocalStack } from '../../local/stack.ts';

/** A local stack of a test's own, with the environment of a child process that is to find it. */
export interface TestStack extends LocalStack {
  readonly environment: NodeJS.ProcessEnv;
}

/** The environment of a child process: this one's, and these variables. */
export const childEnvironment = (variables: Readonly<Record<string, string>>) => ({
  ...process.env,
  ...variables,
});

/**
 * Starts a local stack on free ports in a temporary directory; stopping it removes both.
 * @param special what differs from how `npm start` starts it
 */
export async function startTestStack(
  special: Pick<LocalStackOptions, 'issuer' | 'settings'> = {},
): Promise<TestStack> {
  const directory = await mkdtemp(join(tmpdir(), 'countersign-'));
  const remove = () => rm(directory, { recursive: true });
  try {
    const ports = { port: 0, apiPort: 0, tlsPort: 0, apiTlsPort: 0 };
    const stack = await startLocalStack({ directory, ...ports, ...special });
    const stop = () => stack.stop().then(remove);
    return { ...stack, stop, environment: childEnvironment({ COUNTERSIGN_DIRECTORY: directory }) };
  } catch (error) {
    await remove();
    throw error;
  }
}
