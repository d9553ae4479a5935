import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './program.ts';

/** Where `cdk` leaves its cloud assembly. */
export const assembly = mkdtempSync(join(tmpdir(), 'cdk.out-'));

/**
 * Runs the project's `cdk`, and gives what it printed.
 * @throws Error with that when it fails
 */
export async function cdk(...parameters: readonly string[]): Promise<string> {
  const all = [...parameters, '--output', assembly, '--no-notices', '--no-color'];
  const { stdout, stderr } = await runProgram('node_modules/.bin/cdk', all);
  return stdout + stderr;
}

/** Deploys stacks without a question. */
export const deploy = (...parameters: readonly string[]): Promise<string> =>
  cdk('deploy', '--require-approval', 'never', ...parameters);
