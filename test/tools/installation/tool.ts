import { join } from 'node:path';
import type { Preparation } from '../../deploy/emulator-run.ts';
import { run } from '../../deploy/ministack/process-group.ts';

/** A tool that snippets are written for. */
export interface Tool {
  readonly title: string;
  /**
   * Fetches it, unless it is there.
   * @returns variables that its runs need
   * @throws Error when it cannot be had
   */
  install(preparation: Preparation): Promise<Readonly<Record<string, string>>>;
}

/** Where tools are kept; git ignores it. */
export const home = join(import.meta.dirname, '../../../.tools');

/** What is pinned of a tool. */
export const pinned = (name: string): string => join(import.meta.dirname, '../requirements', name);

/**
 * Runs a program that installs something.
 * @throws Error when it fails; it says why by itself
 */
export async function succeed(
  { environment, stop }: Preparation,
  command: string,
  parameters: readonly string[],
  cwd?: string,
): Promise<void> {
  const stdio = ['ignore', 'ignore', 'inherit'] as const;
  const code = await run(command, parameters, { env: environment, stop, cwd, stdio: [...stdio] });
  if (code !== 0) throw new Error(`${[command, ...parameters].join(' ')} failed`);
}
