import { type ExecFileOptions, execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What a process printed. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end.
 * @throws Error with all that it printed when it fails
 */
export async function run(
  program: string,
  parameters: readonly string[],
  { env = {}, ...options }: ExecFileOptions = {},
): Promise<Output> {
  const all = { ...options, env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer } as const;
  return promisify(execFile)(program, parameters, all).catch((error) => {
    // Compilers say on standard output what is wrong.
    error.message += error.stdout;
    throw error;
  });
}

const maxBuffer = 64 * 1024 * 1024;

/** What a program prints on standard error that is to fail. */
export async function failureOf(
  program: string,
  parameters: readonly string[],
  options: ExecFileOptions = {},
): Promise<string> {
  const outcome = await run(program, parameters, options).catch((error: Output) => error);
  if (!(outcome instanceof Error)) throw new Error(`it did not fail: ${outcome.stdout}`);
  return outcome.stderr;
}
