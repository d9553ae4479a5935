import { execFile } from 'node:child_process';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { environment } from './emulator.ts';

const project = join(import.meta.dirname, '../..');

/**
 * Runs one of the project's programs as a person would whose account the emulator's is, and gives
 * what it printed.
 * @param path from the project's folder
 * @throws Error with what it printed when it fails
 */
export async function runProgram(
  path: string,
  parameters: readonly string[],
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const options = { cwd: project, env: environment };
  try {
    return await promisify(execFile)(join(project, path), parameters, options);
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const command = [basename(path), ...parameters].join(' ');
    throw new Error(`${command} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
