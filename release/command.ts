import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Runs a program in a folder.
 * @returns what it has printed, without white space at the end
 * @throws Error, with what it has printed, when it fails
 */
export type Run = (program: string, ...args: readonly string[]) => Promise<string>;

/** Runs programs in this folder. */
export const runIn =
  (cwd: string): Run =>
  async (program, ...args) => {
    const { stdout } = await promisify(execFile)(program, args, { cwd, maxBuffer: 2 ** 26 });
    return stdout.trimEnd();
  };
