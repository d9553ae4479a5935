import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';
import { environment } from '../../deploy/emulator.ts';
import type { Tool } from '../installation/tool.ts';

/** How a tool is run. */
export interface Running {
  readonly folder?: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** A folder whose programs come first. */
  readonly programs?: string;
}

/** Whether a tool cannot be had, which the command has said. */
export const isLeftOut = ({ title }: Tool): boolean =>
  (process.env.LEFT_OUT ?? '').split(',').includes(title);

const limit = 64 * 1024 * 1024;

/**
 * Runs a program whose account the emulator's is, and gives what it printed.
 * @throws Error with that when it fails
 */
export async function run(
  command: string,
  parameters: readonly string[],
  { folder, variables, programs }: Running = {},
): Promise<string> {
  const PATH = [programs, environment.PATH].filter(Boolean).join(delimiter);
  const env = { ...environment, AWS_DEFAULT_REGION: environment.AWS_REGION, ...variables, PATH };
  try {
    const options = { cwd: folder, env, maxBuffer: limit };
    const { stdout, stderr } = await promisify(execFile)(command, [...parameters], options);
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${[command, ...parameters].join(' ')} failed:\n${stdout}${stderr}`, {
      cause: error,
    });
  }
}
