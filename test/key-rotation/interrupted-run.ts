import type { KMSClient } from '@aws-sdk/client-kms';
import type { TestRotation } from '../support/key-rotation.ts';

/**
 * A run that is killed when it makes a key: before KMS has made it, or before the ring has it.
 * @returns the id of the key, if KMS has made one
 */
export async function interruptedRun(
  { command }: Pick<TestRotation, 'command'>,
  { middlewareStack }: KMSClient,
  { at = 'after', event = { command: 'tend' } }: { at?: 'before' | 'after'; event?: object } = {},
): Promise<string> {
  const made: string[] = [];
  const name = 'killed';
  middlewareStack.add(
    (next, { commandName }) =>
      async (input) => {
        if (commandName !== 'CreateKeyCommand') return next(input);
        if (at === 'before') throw new Error('killed');
        const { output } = await next(input);
        made.push(String('KeyMetadata' in output && output.KeyMetadata?.KeyId));
        throw new Error('killed');
      },
    { step: 'initialize', name },
  );
  await command(event).catch(() => undefined);
  middlewareStack.remove(name);
  return made.join();
}
