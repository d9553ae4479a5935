import type { CommandLine } from '../command/command-context.ts';
import { Interrupted } from '../command/interrupted.ts';
import { note } from '../io/terminal.ts';
import type { Finding } from './findings/finding.ts';

/** An examination, and how to delete again what it has registered. */
interface Steps {
  readonly examination: () => Promise<readonly Finding[]>;
  readonly remove: () => Promise<readonly Finding[]>;
}

/**
 * Makes an examination that a signal may end, and deletes what it has registered in any case.
 * @returns its findings, and one more if something could not be deleted
 * @throws Interrupted
 */
export async function interruptible(
  { terminal, interruption }: Pick<CommandLine, 'terminal' | 'interruption'>,
  { examination, remove }: Steps,
): Promise<readonly Finding[]> {
  const signal = interruption();
  const examined = await Promise.race([examination(), end(signal)]).catch(async (error) => {
    await remove();
    throw error;
  });
  const left = await remove();
  if (!signal.aborted) return [...examined, ...left];
  for (const { what, remedy } of left) note(terminal, `${what} ${remedy}`);
  throw new Interrupted();
}

function end(signal: AbortSignal): Promise<readonly Finding[]> {
  if (signal.aborted) return Promise.resolve([]);
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve([]), { once: true });
  });
}
